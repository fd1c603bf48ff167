/** Sentences of a localised result in which English was left. Code, addresses, paths and names of products are the same in every language. */
import type { Result } from '../../src/types.ts';

/** What parsers and other programs answer is theirs. */
const isQuoted = /(?<=(?:읽을 수 없습니다|구문 분석할 수 없습니다|못했습니다|실패했습니다): ).*/;

/** Two words in small letters beside each other are no name; a text without Hangul says nothing to its reader. */
const isEnglish = (text: string): boolean => {
  const bare = text
    .replace(isQuoted, '')
    .replaceAll(/`[^`]*`/g, '')
    .replaceAll(/https?:\/\/\S+/g, '')
    .replaceAll(/\S*\/\S*/g, '');
  return (/[A-Za-z]{2}/.test(bare) && !/[가-힣]/.test(bare)) || /(?<![\w.@-])[a-z][a-z']+ [a-z][a-z']+(?![\w.-])/.test(bare);
};

function listTexts({ findings, services, notAssessed, fixes }: Result): readonly string[] {
  return [
    ...findings.flatMap((finding) => [
      finding.text,
      finding.consequence,
      finding.next,
      ...finding.related.map(({ message }) => message),
      ...fixes(finding).map(({ title }) => title),
    ]),
    ...services.flatMap(({ answer, evidence, links, uses, notAssessed: parts }) => [
      answer,
      ...evidence.map(({ text }) => text),
      ...[...links, ...uses].map(({ because }) => because),
      ...parts,
    ]),
    ...notAssessed.map(({ message }) => message),
  ];
}

export const findEnglish = (result: Result): readonly string[] => [...new Set(listTexts(result).filter(isEnglish))];
