import type { Condition, Value } from '../../../facts.ts';
import {
  isAcceptedSecret,
  isDescriptivePath,
  judgeFallback,
  judgeHeader,
  judgeNamed,
  judgeShape,
  judgeUse,
  type SecretLiteral,
  type SecretUse,
} from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import type { Place } from '../../../types.ts';
import { Configuration } from '../configuration.ts';
import { isDevelopmentFile, isDevelopmentOnly } from '../development.ts';
import { alternativesOf, type CallSite, type Emit, type ProgramView, type Recogniser, textOf } from '../recogniser.ts';
import { placeAt } from '../value-shapes.ts';

/** Arguments that libraries take as secrets. */
export const sinks: Readonly<Record<string, readonly [number, SecretUse]>> = {
  'jwt.Token.SignedString': [0, 'signing'],
  'gorilla/sessions.NewCookieStore': [0, 'signing'],
  'gorilla/sessions.NewFilesystemStore': [1, 'signing'],
  'gin/sessions/cookie.NewStore': [0, 'signing'],
  'gin/sessions/memstore.NewStore': [0, 'signing'],
  'echo/middleware.JWT': [0, 'signing'],
  'crypto/hmac.New': [1, 'signing'],
  'github.com/gorilla/csrf.Protect': [0, 'signing'],
  'net/smtp.PlainAuth': [2, 'password'],
};
/** What a struct of a library takes as a secret. */
const fields: readonly (readonly [string, string, SecretUse])[] = [
  ['redis.Options', 'Password', 'password'],
  ['github.com/go-sql-driver/mysql.Config', 'Passwd', 'password'],
  ['github.com/minio/minio-go/pkg/credentials.Value', 'SecretAccessKey', 'key'],
];

/** Words between slashes or dots: a route, a module, a template, the name of a setting. */
const isPath = (text: string): boolean =>
  /^[a-z][a-z0-9_]{0,30}(?:\.[a-z][a-z0-9_]{0,30}){1,10}$/.test(text) ||
  (text.includes('/') &&
    text.split('/').every((part) => /^(?:[a-z][a-z0-9]{0,20}(?:[_.-][a-z0-9]{1,20})*|[a-z]{1,20}(?:[A-Z][a-z]{1,20})+)$/.test(part)));
/** `e.g. redis://user:password@host`, a statement of SQL, a line of a log, `***`: no value that anything takes as it is. */
const isShown = (text: string): boolean =>
  /^[^:]*\s.*:\/\//s.test(text) ||
  /^[*•.x]+$/i.test(text) ||
  (/\S\s+\S/.test(text) && /\$\d|\?|%[a-z]|^(?:select|insert|update|delete|create|alter)\s/i.test(text));
/** Functions that fill a program with things to try it. */
const forTrial = /(?:^(?:demo|example|sample|mock|fake|seed|test)|(?:Demo|Example|Sample|Mock|Fake|Seed|Test))(?![a-z])/;

interface Standing {
  readonly when?: readonly Condition[];
  readonly within?: string;
  /** Something may replace it that is no variable: a flag, a setting. */
  readonly isDefault?: true;
}

class SecretReader {
  readonly #seen = new Set<string>();
  readonly #texts = new Map<string, string>();
  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {}

  /** What somebody wrote down, and what stands in for a variable. */
  judge(value: Value | undefined, at: Standing, judge: (text: string) => SecretLiteral | undefined): void {
    for (const one of alternativesOf(value, at.when ?? [])) {
      const text = textOf(one.value) ?? leadingText(one.value);
      if (text === undefined || isPath(text) || isShown(text)) continue;
      // What the machine of a developer runs.
      if ((one.env !== undefined || at.isDefault) && isLocal(text)) continue;
      const found = one.env === undefined ? judge(text) : judgeFallback(one.env, text);
      if (found) this.#write(one.value.place, at, one.when, { ...found, digest: this.#numberOf(text) }, one.env);
    }
  }

  /** What tells this text from others, and nothing about it. */
  #numberOf(text: string): string {
    const known = this.#texts.get(text) ?? String(this.#texts.size + 1);
    this.#texts.set(text, known);
    return known;
  }

  #isTrial(within: string | undefined): boolean {
    return within !== undefined && forTrial.test(this.program.evaluator.functionOf(within)?.name ?? '');
  }

  /** A text that stands in for a variable, wherever the program reads it. */
  judgeFallbacks(value: Value | undefined, at: Standing): void {
    this.judge(value, at, () => undefined);
  }

  #write(place: Place, at: Standing, when: readonly Condition[], found: SecretLiteral & { digest: string }, env: string | undefined): void {
    const key = keyOf(place);
    const { root } = this.program;
    if (this.#seen.has(key) || this.#isTrial(at.within)) return;
    if (isDevelopmentFile(place.path, root) || isDevelopmentOnly(when) || isDescriptivePath(place.path, root)) return;
    this.#seen.add(key);
    if (isAcceptedSecret((this.program.text(place.path) ?? '').split('\n'), place.line)) return;
    this.emit(
      'secret',
      { place, when, ...(at.within === undefined ? {} : { within: at.within }) },
      {
        what: found.what,
        origin: env === undefined && at.isDefault !== true ? 'literal' : 'fallback',
        ...(env === undefined ? { digest: found.digest } : { env }),
        ...(found.provider ? { provider: found.provider } : {}),
      },
    );
  }
}

const keyOf = ({ path, line, column }: Place): string => `${path}:${line}:${column}`;

/** Where texts stand that stand in for variables. */
const fallbacksOf = (value: Value | undefined): ReadonlySet<string> =>
  new Set(alternativesOf(value).flatMap(({ env, value: one }) => (env === undefined ? [] : [keyOf(one.place)])));

const isLocal = (text: string): boolean => /(?:@|@tcp\(|\bhost=)(?:localhost|127\.0\.0\.1)(?![\w.])/.test(text);

/** A connection string that goes on with something unknown is judged by what is written. */
const leadingText = (value: Value): string | undefined => {
  if (value.is !== 'text') return undefined;
  const end = value.parts.findIndex((part) => textOf(part) === undefined);
  const start = value.parts
    .slice(0, end < 0 ? undefined : end)
    .map(textOf)
    .join('');
  return /:\/\/[^/]*@/.test(start) ? start : undefined;
};

/** Names of texts for people, of fields and of headers. */
const isFormat = (name: string): boolean =>
  /(?:help|usage|label|message|msg|error|err|url|path|header|field|name|prefix|suffix|regex|pattern|format|model|type|class|view|template|title|desc(?:ription)?|query|sql|column|table|param|flag|env|option|kind|id|event|reason|scope|cookie)s?$/i.test(
    name,
  );

function readAssignments(program: ProgramView, reader: SecretReader): void {
  const { evaluator } = program;
  for (const { own, path } of program.assignments) {
    const name = own.key?.is === 'literal' ? String(own.key.value) : own.target.at(-1);
    if (name === undefined || (own.how !== 'declare' && own.how !== 'set') || isFormat(name) || own.result !== undefined) continue;
    if (!/^(?:literal|call|text)$/.test(own.value.is) || evaluator.graph.isDead(path, own.within)) continue;
    const at: Standing = {
      ...(own.within === undefined ? {} : { within: `${path}#${own.within}` }),
      ...(/^default/i.test(name) ? { isDefault: true } : {}),
    };
    // `if secret == "" { secret = "…" }`, and a text that a variable replaces further down.
    const text = own.how === 'declare' && own.value.is === 'literal' ? own.value.value : undefined;
    const isReplaced = typeof text === 'string' && judgeNamed(name, text) !== undefined;
    const isFilled = (own.how === 'set' && own.when !== undefined) || isReplaced;
    const value = isFilled && own.target.length === 1 && !own.key ? evaluator.name(name, path, own.within) : undefined;
    reader.judgeFallbacks(value, at);
    if (fallbacksOf(value).has(keyOf(placeAt(path, own.value.at)))) continue;
    if (own.value.is !== 'literal' && !secretKindOf(name)) continue;
    reader.judge(evaluator.value(own.value, path, own.within), at, (text) => judgeNamed(name, text));
  }
}

/** `flag.String("dsn", "…", "…")`, `viper.SetDefault("dsn", "…")`. */
const isSetting = ({ target = '', name }: CallSite): boolean =>
  /^(?:viper\.(?:Viper\.)?SetDefault|flag\.\w*String(?:Var)?|.*\bpflag\.(?:FlagSet\.)?String(?:Var)?P?)$/.test(target) ||
  /^StringVarP?$/.test(name);

function readCall(call: CallSite, program: ProgramView, reader: SecretReader): void {
  const { target = '', args } = call;
  const sink = Object.hasOwn(sinks, target) ? sinks[target] : undefined;
  if (sink) reader.judge(args[sink[0]], call, (text) => judgeUse(sink[1], text));
  const header = /^(?:Set|Add|SetHeader)$/.test(call.name) && args.length === 2 ? textOf(args[0]) : undefined;
  if (header !== undefined) reader.judge(args[1], call, (text) => judgeHeader(header, text));
  if (/^(?:log|fmt|testing|os|regexp|strings|errors)\b/.test(target)) return;
  const at: Standing = { when: call.when, ...(call.within === undefined ? {} : { within: call.within }) };
  const isOwn = call.callee.is === 'function' && args.length > 1;
  const result = isOwn ? program.evaluator.value(call.written.call, call.path, call.written.within) : undefined;
  reader.judgeFallbacks(result, at);
  const fallbacks = fallbacksOf(result);
  const isDefault = isSetting(call) ? { isDefault: true as const } : {};
  for (const [index, argument] of call.written.call.args.entries()) {
    if (argument.is !== 'literal' || typeof argument.value !== 'string') continue;
    const value = args[index];
    if (value && !fallbacks.has(keyOf(value.place))) reader.judge(value, { ...at, ...isDefault }, judgeShape);
  }
}

/** What stands in for variables that a library puts into fields. */
function readTags(program: ProgramView, reader: SecretReader): void {
  const { settings } = program.evaluator;
  if (!(settings instanceof Configuration)) return;
  for (const { name, fallback, place } of settings.tagged())
    if (fallback !== undefined) reader.judgeFallbacks({ is: 'env', name, fallback: { is: 'literal', value: fallback, place }, place }, {});
}

/** Passwords and keys in code: where libraries take them, by their format, by the name that they stand under. */
export const secrets: Recogniser = {
  id: 'secrets',
  recognise(program, emit) {
    const reader = new SecretReader(program, emit);
    for (const call of program.calls) readCall(call, program, reader);
    readTags(program, reader);
    for (const [type, field, use] of fields)
      for (const one of program.literalsOf(type)) reader.judge(one.field(field), one, (text) => judgeUse(use, text));
    for (const one of program.literals) {
      for (const { key, value } of one.own.literal.fields) {
        if (value.is !== 'literal' || isFormat(key) || !secretKindOf(key) || program.evaluator.graph.isDead(one.path, one.own.within))
          continue;
        reader.judge({ is: 'literal', value: value.value, place: placeAt(one.path, value.at) }, one, (text) => judgeNamed(key, text));
      }
    }
    readAssignments(program, reader);
  },
};
