/** The languages of the product, by their BCP 47 tag. English stands where things are said. */
import { english, type Say, sayIn } from '../assessment/phrases.ts';

export type { PhraseId } from '../assessment/phrases.ts';

import { ko } from './ko/index.ts';
import type { Locale } from './locale.ts';

export { localise, localiseRules } from './localise.ts';

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

const locales: Readonly<Record<Language, Locale | undefined>> = { en: undefined, ko };

/** `undefined`: English, in which everything is said already. */
export const localeOf = (language: Language): Locale | undefined => locales[language];

/** Says the phrases of an assessment. */
export const sayOf = (language: Language): Say => {
  const locale = locales[language];
  return locale ? sayIn(locale.phrases) : english;
};
