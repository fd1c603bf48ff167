/** Texts of one language, filled with data. */
import { catalogues, en, type StringId, type Strings } from './strings.ts';

type Data = Readonly<Record<string, string | number>>;
type PluralStem<Id> = Id extends `count.${infer Stem}.other` ? Stem : never;
export type Counted = PluralStem<StringId>;

export interface Say {
  readonly lang: string;
  (id: StringId, data?: Data): string;
  /** `3 services`. */
  count(noun: Counted, n: number): string;
  number(n: number): string;
}

/** Unknown languages get English; the page then says so by its `lang`. */
export function makeSay(wanted: string): Say {
  const lang = wanted in catalogues ? wanted : 'en';
  const strings: Strings = catalogues[lang] ?? en;
  const plural = new Intl.PluralRules(lang);
  const number = (n: number): string => n.toLocaleString(lang);
  const fill = (text: string, data: Data): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = data[name];
      return value === undefined ? whole : typeof value === 'number' ? number(value) : value;
    });
  const say = (id: StringId, data: Data = {}): string => fill(strings[id], data);
  const count = (noun: Counted, n: number): string => say(`count.${noun}.${plural.select(n) === 'one' ? 'one' : 'other'}`, { n });
  return Object.assign(say, { lang, count, number });
}
