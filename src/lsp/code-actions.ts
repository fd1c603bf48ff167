/** Fixes, suppressions, explanations and the other place of a finding. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Command,
  type CreateFile,
  type Diagnostic,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { Edit, Finding } from '../types.ts';
import type { Client } from './client.ts';
import { namePlace } from './diagnostics.ts';
import type { ReadyFixes } from './ready-fixes.ts';
import { toRange } from './uris.ts';

export const commands = { explain: 'cloudworthy.explain', open: 'cloudworthy.open', service: 'cloudworthy.service' } as const;
export const fixAllKind = `${CodeActionKind.SourceFixAll}.cloudworthy`;

export interface ActionContext {
  readonly client: Client;
  readonly path: string;
  /** Of the last analysis. */
  readonly ready: ReadyFixes;
  /** The buffers are those of that analysis: edits of an older text would land in wrong places. */
  readonly isCurrent: boolean;
  readonly uriOf: (path: string) => string;
  /** Version of an open document. */
  readonly versionOf: (path: string) => number | null;
  readonly diagnosticOf: (finding: Finding) => Diagnostic | undefined;
}

/** `undefined` when the client cannot do it. */
function toWorkspaceEdit(edits: readonly Edit[], { client, uriOf, versionOf }: ActionContext): WorkspaceEdit | undefined {
  const byPath = new Map<string, Edit[]>();
  for (const edit of edits) byPath.set(edit.place.path, [...(byPath.get(edit.place.path) ?? []), edit]);
  const toTextEdit = ({ place, text }: Edit): TextEdit => ({ range: toRange(place), newText: text });
  if (!client.documentChanges) {
    if (edits.some(({ creates }) => creates)) return undefined;
    return { changes: Object.fromEntries([...byPath].map(([path, own]) => [uriOf(path), own.map(toTextEdit)])) };
  }
  const documentChanges: (CreateFile | TextDocumentEdit)[] = [];
  for (const [path, own] of byPath) {
    if (own.some(({ creates }) => creates)) {
      if (!client.createsFiles) return undefined;
      documentChanges.push({ kind: 'create', uri: uriOf(path) });
    }
    documentChanges.push({ textDocument: { uri: uriOf(path), version: versionOf(path) }, edits: own.map(toTextEdit) });
  }
  return { documentChanges };
}

const linesOf = ({ start, end }: Range) => ({ from: start.line + 1, to: end.line + 1 });

function findingsIn({ ready, path }: ActionContext, range: Range): readonly Finding[] {
  const { from, to } = linesOf(range);
  return ready.findings(path).filter(({ place }) => place.line <= to && place.endLine >= from);
}

/** What a client sends back to get the edit of a fix that takes longer to make than a menu may. */
interface LaterEdit {
  readonly uri: string;
  readonly fingerprint: string;
  readonly index: number;
}
function fixActions(finding: Finding, context: ActionContext): CodeAction[] {
  return context.ready.fixes(finding).flatMap((fix, index) => {
    const edit = toWorkspaceEdit(fix.edits, context);
    if (!edit) return [];
    const title = fix.safe ? fix.title : `${fix.title} (needs a look)`;
    const later: LaterEdit = { uri: context.uriOf(context.path), fingerprint: finding.fingerprint, index };
    const how = fix.complete && context.client.resolvesEdits ? { data: later } : { edit };
    return [{ title, kind: CodeActionKind.QuickFix, ...how, diagnostics: own(finding, context), isPreferred: fix.safe && index === 0 }];
  });
}

export const uriOfAction = ({ data }: CodeAction): string | undefined => {
  const uri: unknown = (data as Partial<LaterEdit> | undefined)?.uri;
  return typeof uri === 'string' ? uri : undefined;
};
/** The action with its edit; without one when the finding is gone. */
export function resolveAction(action: CodeAction, context: ActionContext): CodeAction {
  const { fingerprint, index } = action.data as LaterEdit;
  const finding = context.ready.findings(context.path).find((each) => each.fingerprint === fingerprint);
  const fix = finding && context.ready.fixes(finding)[index];
  if (!fix || !action.title.startsWith(fix.title)) return action;
  const edit = toWorkspaceEdit(fix.complete?.() ?? fix.edits, context);
  return edit ? { ...action, edit } : action;
}

const own = (finding: Finding, context: ActionContext): Diagnostic[] => {
  const diagnostic = context.diagnosticOf(finding);
  return diagnostic ? [diagnostic] : [];
};

function suppressAction(finding: Finding, context: ActionContext): CodeAction[] {
  const edit = context.ready.suppression(finding);
  const made = edit && toWorkspaceEdit([edit], context);
  if (!made) return [];
  return [
    { title: `Accept ${finding.rule} here, with a reason`, kind: CodeActionKind.QuickFix, edit: made, diagnostics: own(finding, context) },
  ];
}

const commandAction = (title: string, command: Command, finding: Finding, context: ActionContext): CodeAction => ({
  title,
  kind: CodeActionKind.QuickFix,
  command,
  diagnostics: own(finding, context),
});

function lookActions(finding: Finding, context: ActionContext): CodeAction[] {
  const explain = `Explain ${finding.rule}`;
  const actions = [
    commandAction(explain, { title: explain, command: commands.explain, arguments: [{ rule: finding.rule }] }, finding, context),
  ];
  const other = finding.related.find(({ place }) => place.path !== finding.place.path) ?? finding.related[0];
  if (other && context.client.showsDocuments) {
    const title = `Open ${namePlace(other.place)}: ${other.message}`;
    const argument = { uri: context.uriOf(other.place.path), range: toRange(other.place) };
    actions.push(commandAction(title, { title, command: commands.open, arguments: [argument] }, finding, context));
  }
  return actions;
}

const overlaps = (a: Edit, b: Edit): boolean => {
  const before = (x: Edit, y: Edit) =>
    x.place.endLine < y.place.line || (x.place.endLine === y.place.line && x.place.endColumn < y.place.column);
  return a.place.path === b.place.path && !before(a, b) && !before(b, a);
};

/** The safe fixes of one file that touch no other and do not touch each other; a later save takes the rest. */
function fixAllAction(context: ActionContext): CodeAction[] {
  const edits: Edit[] = [];
  for (const finding of context.ready.findings(context.path)) {
    const fix = context.ready.fixes(finding).find((one) => one.safe && one.edits.every(({ place }) => place.path === context.path));
    if (fix && !fix.edits.some((edit) => edits.some((taken) => overlaps(edit, taken)))) edits.push(...fix.edits);
  }
  const edit = edits.length ? toWorkspaceEdit(edits, context) : undefined;
  return edit ? [{ title: 'Apply all safe fixes of cloudworthy', kind: fixAllKind, edit }] : [];
}

const isWanted = (kind: string, only: readonly string[] | undefined): boolean =>
  !only || only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));

export function makeActions({ range, context: asked }: CodeActionParams, context: ActionContext): CodeAction[] {
  const findings = isWanted(CodeActionKind.QuickFix, asked.only) ? findingsIn(context, range) : [];
  const edits = (make: typeof fixActions): readonly CodeAction[] =>
    context.isCurrent ? findings.flatMap((finding) => make(finding, context)) : [];
  const actions = [...edits(fixActions), ...edits(suppressAction), ...findings.flatMap((finding) => lookActions(finding, context))];
  const unique = [
    ...new Map(
      actions.map((action) => [`${action.title}\0${JSON.stringify(action.edit ?? action.data ?? action.command)}`, action]),
    ).values(),
  ];
  return context.isCurrent && asked.only && isWanted(fixAllKind, asked.only) ? [...unique, ...fixAllAction(context)] : unique;
}
