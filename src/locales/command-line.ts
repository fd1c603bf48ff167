/** What command lines say, in other languages; loaded only where one is asked for. */
import type { Language } from './index.ts';
import { commandLine as ko } from './ko/command-line.ts';
import { fragments } from './ko/fragments.ts';
import { chooseParticles } from './ko/particles.ts';
import { makeTranslate, type Translate } from './templates.ts';

export function makeCommandTranslate(language: Language): Translate {
  if (language === 'en') return (text) => text;
  const translate = makeTranslate({ ...fragments, ...ko });
  return (text) => chooseParticles(translate(text));
}
