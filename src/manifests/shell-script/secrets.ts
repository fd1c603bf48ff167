/** Passwords and keys that a script writes down: what it hands to a cluster, a vault or a platform, and what it sets for a program. */
import type { FactValues } from '../../facts.ts';
import type { LineMap } from '../../text/positions.ts';
import { purposeOf } from '../../text/purpose.ts';
import { judgeFallback } from '../../text/secret-literals.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import type { SimpleCommand } from '../../text/shell-words.ts';
import type { AnyFact, Fact } from '../../types.ts';

interface Given {
  readonly name: string;
  readonly value: string;
  /** Where to look for it in the command. */
  readonly written: string;
}
type Reader = (words: readonly string[]) => readonly Given[];

const pair = (word: string): readonly Given[] => {
  const [, name, value] = /^["']?([\w.-]{1,100})=(.{1,500}?)["']?$/s.exec(word) ?? [];
  return name === undefined ? [] : [{ name, value: value!, written: `${name}=` }];
};
const pairs: Reader = (words) => words.filter((word) => !word.startsWith('-')).flatMap(pair);
/** The values of a flag that may stand in the next word. */
const valuesOf = (flag: RegExp, words: readonly string[]): readonly string[] =>
  words.flatMap((word, index) =>
    flag.test(word) ? (word.includes('=') ? [word.slice(word.indexOf('=') + 1)] : [words[index + 1] ?? '']) : [],
  );
const named = (name: string, value: string | undefined): readonly Given[] => (value ? [{ name, value, written: value }] : []);

/** Commands by their first words, with what they take. */
const provisioning: readonly (readonly [RegExp, Reader])[] = [
  [/^(?:kubectl|oc) .*\bcreate .*\bsecret\b/, (words) => valuesOf(/^--from-literal(?:=|$)/, words).flatMap(pair)],
  // A key that opens the vault has a fixed form: nothing else stands there.
  [
    /^vault operator unseal /,
    (words) =>
      named(
        'unseal_key',
        words.slice(3).find((word) => /^[\w+/=]{30,}$/.test(word)),
      ),
  ],
  [/^vault (?:kv put|write) /, pairs],
  [
    /^mc (?:alias set|config host add) /,
    (words) => named('password', words.filter((word) => !word.startsWith('-'))[words[1] === 'alias' ? 6 : 7]),
  ],
  [/^mc admin user add /, (words) => named('password', words[6])],
  [/^heroku config:(?:set|add) |^fly(?:ctl)? secrets (?:set|import) /, pairs],
  [/^az (?:webapp|functionapp|containerapp) .*\bset\b/, pairs],
  [
    /^gcloud (?:run|functions) /,
    (words) => valuesOf(/^--(?:set|update)-env-vars(?:=|$)/, words).flatMap((list) => list.split(',').flatMap(pair)),
  ],
];

type Secret = FactValues['secret'];
function factOf(written: string, value: Omit<Secret, 'purpose'>, command: SimpleCommand, lines: LineMap): Fact<'secret'> {
  const at = lines.text.indexOf(written, command.start);
  const start = at < 0 || at > command.end ? command.start : at;
  const newline = lines.text.indexOf('\n', start);
  const place = lines.place(start, Math.min(newline < 0 ? command.end : newline, command.end));
  return { kind: 'secret', place, confidence: 'certain', value: { ...value, purpose: purposeOf(lines.path) } };
}

const base = (word: string): string => word.slice(word.lastIndexOf('/') + 1);
/** `$DB_PASSWORD` and `$(openssl rand …)` come from elsewhere. */
const isOpen = (value: string): boolean => /[$`<]/.test(value);

function provisioned(command: SimpleCommand, lines: LineMap): readonly Fact<'secret'>[] {
  const words = [base(command.words[0] ?? ''), ...command.words.slice(1)];
  const line = words.join(' ').slice(0, 2000);
  const read = provisioning.find(([pattern]) => pattern.test(line))?.[1];
  return (read?.(words) ?? []).flatMap(({ name, value, written }) => {
    const secret = isOpen(value) ? undefined : name === 'unseal_key' ? { what: 'key', env: name } : secretOf(name, value);
    return secret ? [factOf(written, { ...secret, origin: 'literal', holder: 'manifest', provisions: true }, command, lines)] : [];
  });
}

/** What is needed to build, and thrown away: `SECRET_KEY=x python manage.py collectstatic`. */
const building = /\b(?:collectstatic|compilemessages|assets:precompile|build|compress|test)\b/;

/** `export DB_PASSWORD=kitten42`, `PGPASSWORD=kitten42 psql`, `DB_PASSWORD=${DB_PASSWORD:-kitten42}`. */
function set(command: SimpleCommand, lines: LineMap): readonly Fact<'secret'>[] {
  const { words, assignments } = command;
  const isDeclaring = /^(?:export|declare|readonly|local|:)$/.test(words[0] ?? '');
  if (words.length > 0 && !isDeclaring && building.test(words.join(' ').slice(0, 2000))) return [];
  const declared = isDeclaring ? words.slice(1).flatMap((word) => pair(word).concat(filled(word))) : [];
  return [...assignments.map(({ name, value }) => ({ name, value, written: `${name}=` })), ...declared].flatMap(
    ({ name, value, written }) => {
      const [, variable, fallback] = /^\$\{(\w{1,100}):?[-=]([^${}`]{1,300})\}$/.exec(value) ?? [];
      if (variable !== undefined) {
        const secret = judgeFallback(name, fallback!);
        return secret ? [factOf(written, { ...secret, env: variable, origin: 'fallback', holder: 'script' }, command, lines)] : [];
      }
      const secret = isOpen(value) ? undefined : secretOf(name, value);
      return secret ? [factOf(written, { ...secret, origin: 'literal', holder: 'script' }, command, lines)] : [];
    },
  );
}
/** `: ${ADMIN_PASSWORD:=welcome}`. */
function filled(word: string): readonly Given[] {
  const name = /^\$\{(\w{1,100}):=/.exec(word)?.[1];
  return name === undefined ? [] : [{ name, value: word, written: word.slice(0, name.length + 4) }];
}

/** Of one name the first: what a script repeats for the next store or key is the same matter. */
export function secretsOf(commands: readonly SimpleCommand[], lines: LineMap): readonly AnyFact[] {
  const seen = new Set<string | undefined>();
  return commands
    .flatMap((command) => [...provisioned(command, lines), ...set(command, lines)])
    .filter(({ value: { env } }) => !seen.has(env) && seen.add(env) !== undefined);
}
