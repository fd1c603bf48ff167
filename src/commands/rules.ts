/** `cloudworthy rules`. */
import { type Language, localeOf, localiseRules } from '../locales/index.ts';
import { listRules } from '../opening.ts';
import { makeTell, type Tell } from '../reporters/terms.ts';
import type { Rule } from '../types.ts';
import { printOut } from './streams.ts';

const describe = ({ id, category, summary, level, factors, effort, securitySeverity, docs }: Rule) => ({
  id,
  category,
  summary,
  level,
  factors,
  effort,
  ...(securitySeverity ? { securitySeverity } : {}),
  docs,
});

function renderText(rules: readonly Rule[]): string {
  const wide = Math.max(0, ...rules.map(({ id }) => id.length));
  const categories = [...new Set(rules.map(({ category }) => category))].sort();
  return categories
    .map((category) => {
      const lines = rules
        .filter((rule) => rule.category === category)
        .map(({ id, level, summary }) => `  ${id.padEnd(wide)}  ${level.padEnd(7)}  ${summary}`);
      return [category, ...lines].join('\n');
    })
    .join('\n\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const renderMarkdown = (rules: readonly Rule[], tell: Tell): string =>
  [
    `| ${(['rules', 'category', 'finds', 'factors', 'level', 'effort'] as const).map((column) => tell(`column.${column}`)).join(' | ')} |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...rules.map(
      ({ id, category, summary, factors, level, effort }) =>
        `| \`${id}\` | ${category} | ${cell(summary)} | ${factors.join(', ')} | ${level} | ${effort} |`,
    ),
  ].join('\n');

export function renderRules(format: 'text' | 'json' | 'markdown', rules: readonly Rule[] = listRules(), lang: Language = 'en'): string {
  if (format === 'json') return JSON.stringify({ rules: rules.map(describe) }, null, 2);
  return format === 'markdown' ? renderMarkdown(rules, makeTell(lang)) : renderText(rules);
}

export interface RulesFlags {
  readonly format: 'text' | 'json' | 'markdown';
  readonly lang: Language;
}

export function printRules({ format, lang }: RulesFlags): number {
  printOut(renderRules(format, localiseRules(listRules(), localeOf(lang)), lang));
  return 0;
}
