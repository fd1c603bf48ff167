/** `cloudworthy explain RULE`. */
import wrapAnsi from 'wrap-ansi';
import { type Language, localeOf, localiseRules, type PhraseId, sayOf } from '../locales/index.ts';
import { listRules, UsageError } from '../opening.ts';
import { makeTell } from '../reporters/terms.ts';
import { findNearest } from '../text/nearest.ts';
import type { Rule } from '../types.ts';
import { outputWidth, printOut } from './streams.ts';

const indent = (text: string): string => text.replace(/^(?=.)/gm, '    ');
const factorNames: Readonly<Record<number, string>> = {
  1: 'codebase',
  2: 'dependencies',
  3: 'config',
  4: 'backing services',
  5: 'build, release, run',
  6: 'processes',
  7: 'port binding',
  8: 'concurrency',
  9: 'disposability',
  10: 'dev/prod parity',
  11: 'logs',
  12: 'admin processes',
  13: 'API first',
  14: 'telemetry',
  15: 'security',
};
export const nameFactor = (factor: number): string => `${factor} (${factorNames[factor] ?? 'other'})`;

export function renderRule(rule: Rule, width: number, lang: Language = 'en'): string {
  const tell = makeTell(lang);
  const factorTitle = (factor: number): string =>
    lang === 'en' ? nameFactor(factor) : `${factor} (${sayOf(lang)(`factor.${factor}` as PhraseId)})`;
  const { docs } = rule;
  const wrap = (text: string): string => wrapAnsi(text, Math.min(width, 100), { trim: false });
  const section = (title: string, body: string): string => `${title}\n${body}`;
  const facts = [
    tell('rule.level', { level: tell(`level.${rule.level}`) }),
    tell('rule.effort', { n: rule.effort }),
    ...(rule.factors.length ? [tell('rule.factors', { factors: rule.factors.map(factorTitle).join(', ') })] : []),
  ];
  return [
    `${rule.id}: ${rule.summary}`,
    wrap(`${rule.category} · ${facts.join(' · ')}`),
    section(tell('rule.what'), wrap(docs.what)),
    section(tell('rule.why'), wrap(docs.why)),
    section(tell('rule.how'), wrap(docs.how)),
    section(tell('rule.bad'), indent(docs.bad.trimEnd())),
    section(tell('rule.good'), indent(docs.good.trimEnd())),
    section(tell('rule.accept'), indent(tell('rule.accept.how', { rule: rule.id }))),
    section(tell('rule.more'), docs.references.map((reference) => `    ${reference}`).join('\n')),
  ].join('\n\n');
}

export interface ExplainFlags {
  readonly width?: number;
  readonly lang: Language;
}

export function explain(id: string, { width, lang }: ExplainFlags): number {
  const rules = localiseRules(listRules(), localeOf(lang));
  const rule = rules.find((candidate) => candidate.id === id);
  if (!rule) {
    const near = findNearest(
      id,
      rules.map((candidate) => candidate.id),
    );
    throw new UsageError(`There is no rule "${id}".${near ? ` Did you mean "${near}"?` : ''} "cloudworthy rules" lists all.`);
  }
  printOut(renderRule(rule, outputWidth(width), lang));
  return 0;
}
