/**
 * A result in another language: made again from ids and data, so that saved results can be read in any. Nothing before this step
 * knows that there are languages; rules, places, names and code stay as they are.
 */
import { phrases as english } from '../assessment/phrases.ts';
import { renderAddition } from '../findings/addition-messages.ts';
import type { Evidence, Finding, Fix, KnownFinding, NotAssessed, Related, Result, Rule, ServiceResult } from '../types.ts';
import type { Locale } from './locale.ts';
import { fill, makeTranslate, namesInCode, type Translate } from './templates.ts';

/** Phrases that a result holds already said: answers, and what they are made of. Any two words with an `and` would be the last one. */
const isInResults = (id: string): boolean => /^(?:answer|count|kind|unsure)\./.test(id) && id !== 'answer.errors-and-warnings';

const makeFragments = ({ phrases, fragments }: Locale): Translate => {
  const said = Object.entries(english).flatMap(([id, text]) =>
    isInResults(id) ? [[text, phrases[id as keyof typeof english]] as const] : [],
  );
  return makeTranslate({ ...Object.fromEntries(said), ...fragments });
};

class Localiser {
  readonly #locale: Locale;
  readonly #translate: Translate;
  readonly #messages = new Map<string, Translate>();

  constructor(locale: Locale) {
    this.#locale = locale;
    this.#translate = makeFragments(locale);
  }

  readonly rule = (rule: Rule): Rule => {
    const text = this.#locale.rules[rule.id];
    return text ? { ...rule, summary: text.summary, docs: { ...rule.docs, ...text.docs }, messages: text.messages } : rule;
  };

  /** Values are half sentences in one place and code in another. */
  #fill(template: string, data: Finding['data']): string {
    const code = namesInCode(template);
    const told = Object.entries(data).map(
      ([name, value]) => [name, typeof value === 'string' && !code.has(name) ? this.#translate(value) : value] as const,
    );
    const text = fill(template, Object.fromEntries(told));
    return this.#locale.polish?.(text) ?? text;
  }

  readonly #related = (related: Related): Related => ({ ...related, message: this.#translate(related.message) });

  readonly finding = (finding: Finding): Finding => {
    const message = this.#locale.rules[finding.rule]?.messages[finding.messageId];
    const related = finding.related.map(this.#related);
    if (!message) return { ...finding, related };
    const added = (finding.additions ?? []).map((one) => renderAddition(one, this.#locale.additions));
    return {
      ...finding,
      text: [this.#fill(message.text, finding.data), ...added].join(' '),
      consequence: this.#fill(message.consequence, finding.data),
      next: this.#fill(message.next, finding.data),
      related,
    };
  };

  /** Only the rendered text of an earlier finding is kept: the template that it was made by is looked for. */
  readonly known = (finding: KnownFinding, rules: readonly Rule[]): KnownFinding => {
    const texts = this.#locale.rules[finding.rule]?.messages ?? {};
    const rule = rules.find(({ id }) => id === finding.rule);
    const translate =
      this.#messages.get(finding.rule) ??
      makeTranslate(Object.fromEntries(Object.entries(rule?.messages ?? {}).map(([id, { text }]) => [text, texts[id]?.text ?? text])));
    this.#messages.set(finding.rule, translate);
    return { ...finding, message: translate(finding.message) };
  };

  readonly #evidence = (evidence: Evidence): Evidence => {
    const template = Object.hasOwn(this.#locale.evidence, evidence.id)
      ? this.#locale.evidence[evidence.id as keyof Locale['evidence']]
      : undefined;
    return template === undefined ? evidence : { ...evidence, text: this.#fill(template, evidence.data) };
  };

  readonly #because = <T extends { readonly because: string }>(one: T): T => ({ ...one, because: this.#translate(one.because) });

  readonly service = (service: ServiceResult): ServiceResult => ({
    ...service,
    answer: this.#translate(service.answer),
    evidence: service.evidence.map(this.#evidence),
    links: service.links.map(this.#because),
    uses: service.uses.map(this.#because),
    notAssessed: service.notAssessed.map(this.#translate),
  });

  readonly gap = (gap: NotAssessed): NotAssessed => ({ ...gap, message: this.#translate(gap.message) });
  readonly fix = (fix: Fix): Fix => ({ ...fix, title: this.#translate(fix.title) });
}

/** The same result as readers of a language see it; its `rules` too. */
export function localise(result: Result, locale: Locale | undefined): Result {
  if (!locale) return result;
  const to = new Localiser(locale);
  const { comparison, allFindings } = result;
  const all = [...result.findings, ...(allFindings ?? []), ...result.suppressed.map(({ finding }) => finding)];
  const originals = new Map(all.map((finding) => [finding.fingerprint, finding]));
  return {
    ...result,
    services: result.services.map(to.service),
    findings: result.findings.map(to.finding),
    suppressed: result.suppressed.map((one) => ({ ...one, finding: to.finding(one.finding) })),
    notAssessed: result.notAssessed.map(to.gap),
    rules: result.rules.map(to.rule),
    ...(allFindings ? { allFindings: allFindings.map(to.finding) } : {}),
    ...(comparison ? { comparison: { ...comparison, solved: comparison.solved.map((one) => to.known(one, result.rules)) } } : {}),
    fixes: (finding) => result.fixes(originals.get(finding.fingerprint) ?? finding).map(to.fix),
  };
}

/** Rules as readers of a language see them. */
export const localiseRules = (rules: readonly Rule[], locale: Locale | undefined): readonly Rule[] =>
  locale ? rules.map(new Localiser(locale).rule) : rules;
