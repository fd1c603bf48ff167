/** Findings as diagnostics. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Finding, Level, NotAssessed, Place, Rule } from '../types.ts';
import type { WorkspaceResult } from '../workspace.ts';
import type { Client } from './client.ts';
import { toRange } from './uris.ts';

export const source = 'cloudworthy';
const severities: Readonly<Record<Level, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
};
/** Gaps that somebody who edits the file wants to know of; the rest is said by the reports. */
const shownNotes: ReadonlySet<string> = new Set(['unused-suppression', 'invalid-suppression', 'expired-suppression']);
const isShown = ({ reason, failed }: NotAssessed): boolean => failed || shownNotes.has(reason);

export const namePlace = ({ path, line }: Place): string => `${path}:${line}`;

/** Many clients show no related places, so the text names those that it does not name yet. */
function messageOf({ text, related, place }: Finding): string {
  const missing = [...new Set(related.map((one) => namePlace(one.place)))].filter(
    (name) => name !== namePlace(place) && !text.includes(name),
  );
  const shown = missing.slice(0, 3);
  if (!shown.length) return text;
  const more = missing.length > shown.length ? `, and ${missing.length - shown.length} more` : '';
  return `${text} (See ${shown.join(', ')}${more}.)`;
}

export interface DiagnosticContext {
  readonly client: Client;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly uriOf: (path: string) => string;
}

function describeFinding(finding: Finding, { client, rules, uriOf }: DiagnosticContext): Diagnostic {
  const href = rules.get(finding.rule)?.docs.references[0];
  return {
    range: toRange(finding.place),
    severity: severities[finding.level],
    code: finding.rule,
    ...(href ? { codeDescription: { href } } : {}),
    source,
    message: messageOf(finding),
    ...(client.relatedInformation && finding.related.length
      ? {
          relatedInformation: finding.related.map(({ place, message }) => ({
            location: { uri: uriOf(place.path), range: toRange(place) },
            message,
          })),
        }
      : {}),
    data: { fingerprint: finding.fingerprint },
  };
}

/** All diagnostics of a workspace by path. Those of configuration files are errors: nothing they say is honoured. */
export function collectDiagnostics(
  { result, problems }: WorkspaceResult,
  context: DiagnosticContext,
): ReadonlyMap<string, readonly Diagnostic[]> {
  const byPath = new Map<string, Diagnostic[]>();
  const add = (path: string, diagnostic: Diagnostic): void => {
    const list = byPath.get(path);
    if (list) list.push(diagnostic);
    else byPath.set(path, [diagnostic]);
  };
  for (const finding of result.findings) add(finding.place.path, describeFinding(finding, context));
  for (const note of result.notAssessed) {
    if (!note.place || !isShown(note)) continue;
    add(note.place.path, {
      range: toRange(note.place),
      severity: DiagnosticSeverity.Information,
      code: note.reason,
      source,
      message: note.failed ? `Not assessed: ${note.message}` : note.message,
    });
  }
  for (const { place, message } of problems) {
    add(place.path, {
      range: toRange(place),
      severity: DiagnosticSeverity.Error,
      code: 'configuration',
      source,
      message: `${message} (The last settings that were right stay in force.)`,
    });
  }
  return byPath;
}
