/** The language of what commands say themselves; results have their own way (`localise`). */
import type { Language } from '../locales/index.ts';

let translate = (text: string): string => text;

/** A line in the language that was asked for. */
export const said = (text: string): string => text.split('\n').map(translate).join('\n');

/** Help and errors come before the options are parsed, so the words are looked at. */
export const findLanguage = (words: readonly string[]): Language =>
  words.some((word, index) => word === '--lang=ko' || (word === '--lang' && words[index + 1] === 'ko')) ? 'ko' : 'en';

export async function speak(language: Language): Promise<void> {
  translate = language === 'en' ? (text) => text : (await import('../locales/command-line.ts')).makeCommandTranslate(language);
}
