/** What stands behind a diagnostic: the rule, the chain of evidence, what follows, what to do. */
import { type Hover, MarkupKind, type Position } from 'vscode-languageserver/node';
import type { Finding, Rule } from '../types.ts';
import { namePlace } from './diagnostics.ts';
import { toRange } from './uris.ts';

export interface HoverContext {
  readonly markdown: boolean;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly uriOf: (path: string) => string;
}

export function isAt({ place }: Finding, { line, character }: Position): boolean {
  const { start, end } = toRange(place);
  const after = line > start.line || (line === start.line && character >= start.character);
  return after && (line < end.line || (line === end.line && character <= end.character));
}

/** Texts may hold names from the analysed repository: no links, images or markup from there. Code in backticks stays. */
const escapeMarkdown = (text: string): string =>
  text
    .split('`')
    .map((part, index, parts) => (index % 2 === 1 && index < parts.length - 1 ? part : part.replace(/[\\*_{}[\]()#+!|<>~&]/g, '\\$&')))
    .join('`');

function describe(finding: Finding, { rules, uriOf, markdown }: HoverContext): string {
  const say = markdown ? escapeMarkdown : (text: string) => text;
  const rule = rules.get(finding.rule);
  const service = finding.service ? ` · service ${say(finding.service)}` : '';
  const title = markdown ? `**${finding.rule}** · ${finding.level}${service}` : `${finding.rule} (${finding.level})${service}`;
  const link = (place: Finding['place']): string =>
    markdown ? `[${say(namePlace(place))}](${uriOf(place.path)}#L${place.line})` : namePlace(place);
  const evidence = [{ place: finding.place, message: 'found here' }, ...finding.related].map(
    ({ place, message }, index) => `${index + 1}. ${link(place)}: ${say(message)}`,
  );
  return [
    title,
    say(finding.text),
    say(finding.consequence),
    `${markdown ? '**Next:**' : 'Next:'} ${say(finding.next)}`,
    evidence.join('\n'),
    ...(rule ? [`${markdown ? '**Why:**' : 'Why:'} ${rule.docs.why}`] : []),
    ...(rule?.docs.references[0] ? [markdown ? `<${rule.docs.references[0]}>` : rule.docs.references[0]] : []),
  ].join('\n\n');
}

export function makeHover(findings: readonly Finding[], position: Position, context: HoverContext): Hover | null {
  const here = findings.filter((finding) => isAt(finding, position));
  if (!here.length) return null;
  return {
    contents: {
      kind: context.markdown ? MarkupKind.Markdown : MarkupKind.PlainText,
      value: here.map((finding) => describe(finding, context)).join(context.markdown ? '\n\n---\n\n' : '\n\n'),
    },
    range: toRange(here[0]!.place),
  };
}
