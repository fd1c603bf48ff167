/** `kubectl create secret … --from-literal=password=…`: what a script hands to the cluster, written down in the script. */
import type { LineMap } from '../../text/positions.ts';
import { purposeOf } from '../../text/purpose.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import type { SimpleCommand } from '../../text/shell-words.ts';
import type { AnyFact } from '../../types.ts';

const clients = /(?:^|\/)(?:kubectl|oc)$/;
const literal = /^--from-literal=["']?([\w.-]{1,100})=(.{1,500}?)["']?$/s;

/** The value of a flag that may stand in the next word. */
const literalsOf = (words: readonly string[]): readonly string[] =>
  words.flatMap((word, index) => (word === '--from-literal' ? [`--from-literal=${words[index + 1] ?? ''}`] : [word]));

function factOf(word: string, command: SimpleCommand, lines: LineMap): AnyFact | undefined {
  const match = literal.exec(word);
  const [, name = '', value = ''] = match ?? [];
  // `$DB_PASSWORD` and `$(openssl rand …)` come from elsewhere.
  const secret = match && !/[$`<]/.test(value) ? secretOf(name, value) : undefined;
  if (!secret) return undefined;
  const at = lines.text.indexOf(`${name}=`, command.start);
  const start = at < 0 || at > command.end ? command.start : at;
  const newline = lines.text.indexOf('\n', start);
  const place = lines.place(start, Math.min(newline < 0 ? command.end : newline, command.end));
  const held = { origin: 'literal', holder: 'manifest', provisions: true, purpose: purposeOf(lines.path) } as const;
  return { kind: 'secret', place, confidence: 'certain', value: { ...secret, ...held } };
}

export const secretsOf = (commands: readonly SimpleCommand[], lines: LineMap): readonly AnyFact[] =>
  commands
    .filter(({ words }) => clients.test(words[0] ?? '') && words.includes('create') && words.includes('secret'))
    .flatMap((command) => literalsOf(command.words).flatMap((word) => factOf(word, command, lines) ?? []));
