import { groupBy } from '../text/group-by.ts';
import type { Finding, Level, Reporter } from '../types.ts';
import { countLevels, levels, sortBySeverity } from './order.ts';
import { countOf, cutText, makeVisible } from './visible-text.ts';

/** GitHub keeps 10 annotations of each kind a step and drops the others without a word. */
const annotationsPerKind = 10;
/** GitHub cuts an annotation's message at 4,096 characters. */
const messageLimit = 4000;
const commands: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** Workflow commands that become annotations on the changed files (GitHub Actions, "Workflow commands"). */
export const github: Reporter = {
  id: 'github',
  render(result) {
    const byLevel = groupBy(sortBySeverity(result.findings), ({ level }) => level);
    const annotations = levels.flatMap((level) => annotateLevel(level, byLevel.get(level) ?? []));
    const { error, warning, note } = countLevels(result.findings);
    const total = `cloudworthy: ${countOf(error, 'error')}, ${countOf(warning, 'warning')}, ${countOf(note, 'note')}`;
    return [...annotations, total, ''].join('\n');
  },
};

/** The last of ten says how many there are more, because an eleventh would not be shown. */
function annotateLevel(level: Level, findings: readonly Finding[]): readonly string[] {
  const shown = findings.length > annotationsPerKind ? mixRules(findings).slice(0, annotationsPerKind - 1) : findings;
  const rest = findings.length - shown.length;
  const lines = shown.map((finding) => annotate(level, finding));
  return rest > 0
    ? [...lines, `::${commands[level]} title=cloudworthy::${countOf(rest, `more ${level}`, `more ${level}s`)} in the summary`]
    : lines;
}

/** The first finding of every rule, then the second of each…: one rule's many places must not hide the other rules. */
function mixRules(findings: readonly Finding[]): readonly Finding[] {
  const groups = [...groupBy(findings, ({ rule }) => rule).values()];
  const longest = Math.max(...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => groups.flatMap((group) => group.slice(turn, turn + 1))).flat();
}

function annotate(level: Level, finding: Finding): string {
  const { place, rule, service } = finding;
  const properties = {
    file: makeVisible(place.path),
    line: String(place.line),
    ...(place.endLine === place.line && place.endColumn > place.column
      ? { endLine: String(place.endLine), col: String(place.column), endColumn: String(place.endColumn) }
      : {}),
    title: service === undefined ? rule : `${rule} (${makeVisible(service)})`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${commands[level]} ${list.join(',')}::${escapeData(cutText(describe(finding), messageLimit))}`;
}

function describe({ text, consequence, next, related }: Finding): string {
  const places = related.slice(0, 10).map(({ place, message }) => makeVisible(`${place.path}:${place.line}: ${message}`));
  return [makeVisible(text), makeVisible(consequence), `Next: ${makeVisible(next)}`, ...places].join('\n');
}

/** As the runner undoes it (actions/toolkit, command.ts). */
const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
