/** Every rule speaks Korean: nothing is missing, nothing is left over, and no placeholder or code is lost on the way. */
import { describe, expect, it } from 'vitest';
import { categories } from '../../src/locales/ko/rules/index.ts';
import type { RuleText } from '../../src/locales/locale.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { RuleDefinition } from '../../src/types.ts';

const rules = loadRules();

/** Every text under its name: `summary`, `docs.what`, `messages.one.next`. Code of the docs is not translated. */
function textsOf({ summary, docs, messages }: RuleText | RuleDefinition): Record<string, string> {
  const texts: Record<string, string> = { summary, 'docs.what': docs.what, 'docs.why': docs.why, 'docs.how': docs.how };
  for (const [id, { text, consequence, next }] of Object.entries(messages))
    Object.assign(texts, { [`${id}.text`]: text, [`${id}.consequence`]: consequence, [`${id}.next`]: next });
  return texts;
}

/** `{article}` is `a` or `an`: grammar of English, which Korean has no use for. */
const placeholdersOf = (text: string): string[] => (text.match(/\{[\w-]+\}/g) ?? []).filter((name) => name !== '{article}').sort();
const codeOf = (text: string): string[] => (text.match(/`[^`]+`/g) ?? []).sort();
/** A particle whose form depends on the last letter of something that only the run knows. */
const boundParticle = /\}`?(?:이(?!\(|며|고|지|므|라)|가(?![가-힣])|은(?!\()|는|을(?!\()|를|과(?!\()|와|으로|로(?![가-힣]))/;

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s in Korean', (id, rule) => {
  const english = textsOf(rule);
  const korean = textsOf(categories[rule.category]?.[id] ?? { summary: '', docs: { what: '', why: '', how: '' }, messages: {} });

  it('has every text of the English and no other', () => {
    expect(Object.keys(korean).sort()).toEqual(Object.keys(english).sort());
  });
  it.each(Object.keys(english))('says %s with the same placeholders and code', (name) => {
    const text = korean[name] ?? '';
    expect(text).toMatch(/[가-힣]|^\{\w+\}$/);
    expect(placeholdersOf(text)).toEqual(placeholdersOf(english[name]!));
    expect(codeOf(text)).toEqual(codeOf(english[name]!));
    expect(text).not.toMatch(boundParticle);
    expect(text.endsWith('.')).toBe(english[name]!.endsWith('.'));
  });
});

describe('Korean texts of rules', () => {
  it('hold no rule that does not exist', () => {
    const ids = Object.entries(categories).flatMap(([category, texts]) => Object.keys(texts).map((id) => `${category}/${id}`));
    expect(ids.sort()).toEqual(rules.map(({ category, id }) => `${category}/${id}`).sort());
  });
});
