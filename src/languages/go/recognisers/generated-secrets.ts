/** Keys to sign with that every copy makes for itself. */
import type { Value } from '../../../facts.ts';
import { alternativesOf, type CallSite, type Emit, type ProgramView, type Recogniser } from '../recogniser.ts';
import { targetOf } from '../value-shapes.ts';
import { sinks } from './secrets.ts';

/** What gives a key by chance. */
const generators =
  /^(?:(?:github\.com\/)?gorilla\/securecookie\.GenerateRandomKey|crypto\/(?:rsa|ecdsa|ed25519|ecdh)\.GenerateKey|crypto\/rand\.Text|(?:github\.com\/google\/)?uuid\.(?:New|NewString|NewRandom|Must)\b.*)$/;
const more: Readonly<Record<string, number>> = { 'github.com/gorilla/securecookie.New': 0 };
/** A key that is kept outlives the process. */
const keeps = /^(?:os|io\/ioutil)\.(?:WriteFile|Create|OpenFile)$/;
const keepsByName = /^(?:Save|Store|Put|Insert|Create|Exec|Set|Write)\w*(?:Key|Secret|Config|Setting|Option)?s?$/;

const keyOf = ({ place: { path, line, column } }: Pick<Value, 'place'>): string => `${path}:${line}:${column}`;

/** `key := make([]byte, 32); rand.Read(key)`: where the bytes are that a random number generator fills when the program starts. */
function filledAtStart(program: ProgramView): ReadonlyMap<string, CallSite> {
  const calls = [...program.called('crypto/rand.Read'), ...program.called('io.ReadFull')];
  return new Map(calls.flatMap((call) => call.args.map((argument) => [keyOf(argument), call] as const)));
}

const isAtStart = (program: ProgramView, { within }: Pick<CallSite, 'within'>): boolean =>
  program.runsAtStart(within) && !program.servesRequest(within);
/** What makes it keeps it, or whoever asks for one does: `settings.Save(Settings{Key: newKey()})`. */
function isKept(program: ProgramView, { within }: Pick<CallSite, 'within'>, depth = 0): boolean {
  if (within === undefined) return false;
  if (program.callsWithin(within).some(({ target, name }) => keeps.test(target ?? '') || keepsByName.test(name))) return true;
  const callers = depth < 3 ? program.evaluator.callers(within) : [];
  const idOf = (caller: (typeof callers)[number]) => (caller.within === undefined ? {} : { within: `${caller.path}#${caller.within}` });
  return callers.length > 0 && callers.every((caller) => isKept(program, idOf(caller), depth + 1));
}

class Finder {
  readonly #filled: ReadonlyMap<string, CallSite>;
  readonly #made: ReadonlyMap<string, CallSite>;
  constructor(readonly program: ProgramView) {
    this.#filled = filledAtStart(program);
    this.#made = new Map(program.calls.filter(({ target }) => generators.test(target ?? '')).map((call) => [keyOf(call), call]));
  }

  /** The call that made a value by chance, when the program started. */
  origin(value: Value, depth = 0): CallSite | undefined {
    const found = this.#filled.get(keyOf(value)) ?? this.#made.get(keyOf(value));
    if (found) return isAtStart(this.program, found) && !isKept(this.program, found) ? found : undefined;
    // `key.Public()`, `[]byte(uuid.NewString())`, `hex.EncodeToString(key)`.
    if (value.is !== 'made' || depth > 3) return undefined;
    const inner = value.callee.is === 'member' ? [value.callee.of, ...value.args] : value.args;
    const passes = /^(?:encoding\/|string$|\[\]byte$|byte$)/.test(targetOf(value.callee) ?? '') || value.callee.is === 'member';
    return passes ? inner.map((one) => this.origin(one, depth + 1)).find(Boolean) : undefined;
  }
}

/** `key := …`, `rand.Read(key)`. */
function nameOf(program: ProgramView, { path, place, name }: CallSite): string {
  const line = (program.text(path) ?? '').split('\n')[place.line - 1]?.slice(0, 300) ?? '';
  const found =
    name === 'Read' || name === 'ReadFull' ? /Read(?:Full)?\([^)]{0,60}?([\w.]{1,60})\)/ : /^\s*(?:var\s+)?([\w.]{1,60})[^=]{0,60}=/;
  return found.exec(line)?.[1] ?? 'key';
}

function readSink(finder: Finder, call: CallSite, index: number, seen: Set<string>, emit: Emit): void {
  const argument = call.args[index];
  for (const { value, when } of alternativesOf(argument, call.when)) {
    const made = finder.origin(value);
    if (!made || seen.has(keyOf(made))) continue;
    seen.add(keyOf(made));
    const env = when.find(({ test }) => test === 'unset')?.env;
    emit(
      'secret',
      { place: made.place, when, ...(made.within === undefined ? {} : { within: made.within }) },
      { what: nameOf(finder.program, made), origin: 'generated', ...(env === undefined ? {} : { env }) },
      'likely',
    );
  }
}

export const generatedSecrets: Recogniser = {
  id: 'generated-secrets',
  recognise(program, emit) {
    const signing = Object.entries(sinks).flatMap(([target, [index, use]]) => (use === 'signing' ? [[target, index] as const] : []));
    const calls = [...signing, ...Object.entries(more)].flatMap(([target, index]) =>
      program.called(target).map((call) => ({ call, index })),
    );
    if (calls.length === 0) return;
    const finder = new Finder(program);
    const seen = new Set<string>();
    for (const { call, index } of calls) readSink(finder, call, index, seen, emit);
  },
};
