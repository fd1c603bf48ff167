/** `cloudworthy lsp --stdio`: the language server. Nothing but the protocol goes to the standard output. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { Server } from './server.ts';

export function serve(): void {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new Server(connection).listen();
}
