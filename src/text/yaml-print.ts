/** New parts of a YAML text in the way of the rest. */
import { isNode, Scalar, stringify, YAMLSeq } from 'yaml';

export type YamlData = string | number | boolean | null | readonly YamlData[] | { readonly [key: string]: YamlData };

export interface PrintStyle {
  /** Columns that one level is indented by. */
  readonly step: number;
  /** Lists of block mappings are indented below their key. */
  readonly indentsLists: boolean;
  /** `{ a: 1 }`, `[ 1 ]`. */
  readonly padsMaps: boolean;
  readonly padsLists: boolean;
}

/** How a text pads what stands in one line: as most write it when it has nothing of the kind. */
export const measurePadding = (text: string): Pick<PrintStyle, 'padsMaps' | 'padsLists'> => ({
  padsMaps: /[:,[-] *\{ +[\w"']/.test(text) || !/[:,[-] *\{[\w"']/.test(text),
  padsLists: /[:,-] *\[ +[\w"'{]/.test(text) && !/[:,-] *\[[\w"'{]/.test(text),
});

/** A list in one line, its words in double quotes. */
export function flowWords(words: readonly string[]): YamlData {
  const list = new YAMLSeq();
  list.flow = true;
  for (const word of words) list.add(Object.assign(new Scalar(word), { type: Scalar.QUOTE_DOUBLE }));
  return list as unknown as YamlData;
}

export const printBlock = ({ step, indentsLists, padsLists }: PrintStyle, data: YamlData): string =>
  stringify(data, {
    indent: step,
    indentSeq: indentsLists,
    lineWidth: 0,
    aliasDuplicateObjects: false,
    flowCollectionPadding: padsLists,
  }).trimEnd();

/** Everything in one line. */
export function printInline(style: PrintStyle, data: YamlData): string {
  if (isNode(data))
    return pad(
      '[',
      (data.toJSON() as string[]).map((word) => JSON.stringify(word)),
      ']',
      style.padsLists,
    );
  if (Array.isArray(data))
    return pad(
      '[',
      data.map((item: YamlData) => printInline(style, item)),
      ']',
      style.padsLists,
    );
  if (typeof data === 'object' && data !== null)
    return pad('{', printEntries(style, data as Record<string, YamlData>), '}', style.padsMaps);
  return printWord(data as string);
}
const pad = (open: string, parts: readonly string[], close: string, isPadded: boolean): string => {
  const gap = isPadded && parts.length > 0 ? ' ' : '';
  return open + gap + parts.join(', ') + gap + close;
};
/** A scalar as it can stand between braces. */
const printWord = (word: string | number | boolean | null): string =>
  stringify([word], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim().slice(1, -1);

export const printEntries = (style: PrintStyle, data: Readonly<Record<string, YamlData>>): readonly string[] =>
  Object.entries(data).map(([key, value]) => `${printWord(key)}: ${printInline(style, value)}`);
