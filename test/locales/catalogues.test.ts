/** Everything that is said around rules is said in Korean, with the same data and the same code. */
import { describe, expect, it } from 'vitest';
import { phrases } from '../../src/assessment/phrases.ts';
import { additionMessages } from '../../src/findings/addition-messages.ts';
import { evidenceMessages } from '../../src/findings/evidence-messages.ts';
import { ko } from '../../src/locales/ko/index.ts';
import { chooseParticles } from '../../src/locales/ko/particles.ts';
import { catalogues as termCatalogues, terms } from '../../src/reporters/terms.ts';
import { catalogues, en } from '../../src/reports/html/strings.ts';

type Texts = Readonly<Record<string, string>>;

const placeholdersOf = (text: string): readonly string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const codeOf = (text: string): readonly string[] => (text.match(/`[^`]+`/g) ?? []).sort();
/** Names of products, standards and examples are the same in every language. */
const sameInBoth =
  /^(?:Kubernetes|Cloud Foundry|Cloud Run|(?:Amazon )?ECS|Compose|Heroku|HTTP|\/home\/you\/project|Service|[\d\s{}a-z×√=*:`]+)$/;

describe.each<[string, Texts, Texts]>([
  ['evidence', evidenceMessages, ko.evidence],
  ['additions', additionMessages, ko.additions],
  ['phrases', phrases, ko.phrases],
  ['texts of the pages', en, catalogues['ko'] ?? {}],
  ['terms of reporters', terms, termCatalogues['ko'] ?? {}],
  ['fragments', Object.fromEntries(Object.keys(ko.fragments).map((text) => [text, text])), ko.fragments],
])('Korean %s', (_, english, korean) => {
  it('are all there, and no others', () => expect(Object.keys(korean).sort()).toEqual(Object.keys(english).sort()));
  it('keep placeholders and code', () => {
    const lost = Object.entries(english).filter(
      ([id, text]) =>
        String(placeholdersOf(korean[id] ?? '')) !== String(placeholdersOf(text)) ||
        String(codeOf(korean[id] ?? '')) !== String(codeOf(text)),
    );
    expect(lost.map(([id]) => id)).toEqual([]);
  });
  it('are Korean', () => {
    const left = Object.entries(korean).filter(([, text]) => !/[가-힣]/.test(text) && !sameInBoth.test(text));
    expect(left).toEqual([]);
  });
});

describe('particles', () => {
  it.each([
    ['키이(가) 있습니다', '키가 있습니다'],
    ['작업이(가) 있습니다', '작업이 있습니다'],
    ['프로브을(를) 봅니다', '프로브를 봅니다'],
    ['설정은(는) 그대로', '설정은 그대로'],
    ['express이(가) 있습니다', 'express이(가) 있습니다'],
  ])('after Hangul are decided: %s', (text, expected) => expect(chooseParticles(text)).toBe(expected));
});
