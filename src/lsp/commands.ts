/** What lenses and code actions run in the server. */
import { type Connection, type ExecuteCommandParams, MessageType, type Range, ShowMessageNotification } from 'vscode-languageserver/node';
import { listRules } from '../session.ts';
import type { Client } from './client.ts';
import { commands } from './code-actions.ts';
import { describeService } from './code-lenses.ts';
import type { Folder } from './folder.ts';

export interface CommandContext {
  readonly connection: Connection;
  readonly client: Client;
  readonly folder: (root: string) => Folder | undefined;
}

function explain(id: unknown): string | undefined {
  const rule = listRules().find((one) => one.id === id);
  if (!rule) return undefined;
  const { what, why, how, references } = rule.docs;
  return [`${rule.id}: ${what}`, `Why: ${why}`, `What to do: ${how}`, ...references.slice(0, 1)].join('\n\n');
}

/** Answers `null`, as commands without a result do; an unknown one, too. */
export async function runCommand({ command, arguments: words }: ExecuteCommandParams, context: CommandContext): Promise<null> {
  const asked = (words?.[0] ?? {}) as { rule?: unknown; root?: unknown; service?: unknown; uri?: unknown; range?: Range };
  const { connection, client, folder } = context;
  if (command === commands.open && client.showsDocuments && typeof asked.uri === 'string' && asked.uri.startsWith('file:')) {
    await connection.window.showDocument({ uri: asked.uri, selection: asked.range, takeFocus: true });
    return null;
  }
  const result = folder(String(asked.root))?.last?.result;
  const text =
    command === commands.explain
      ? explain(asked.rule)
      : command === commands.service && result
        ? describeService(result, String(asked.service))
        : undefined;
  if (text !== undefined) await connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Info, message: text });
  return null;
}
