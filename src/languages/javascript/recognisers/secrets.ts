import type { Condition, FactValues, Value } from '../../../facts.ts';
import { isAcceptedSecret, isDescriptivePath, judgeFallback, judgeShape, judgeUse, type SecretUse } from '../../../text/secret-literals.ts';
import { isPlaceholder } from '../../../text/secret-shapes.ts';
import type { Place } from '../../../types.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import type { At } from '../summary.ts';
import { own } from '../values.ts';
import { configLiterals, type LiteralSighting } from './config-literals.ts';
import { configLiteralText } from './config-literals-text.ts';
import { isDevelopmentFile, isDevelopmentOnly, type Leaf, leavesOf, optionsNamed } from './config-values.ts';
import { objectsOf } from './databases-options.ts';
import { type SecretSink, sinkPackages, sinksOf } from './secrets-sinks.ts';

export const placeAt = (path: string, at: At): Place => ({ path, line: at[0], column: at[1], endLine: at[2], endColumn: at[3] });

/** `get('SESSION_SECRET', 'for-developers', requiredInProduction)`: the helper takes no fallback there. */
const refusedInProduction = /['"`]\s{0,4},[^'"`]{0,60}\b(?:is)?_?required?_?In_?Prod(?:uction)?\b/i;

/** Emits each literal once, whoever finds it first, and leaves out what somebody accepted for other scanners. */
class SecretWriter {
  readonly #seen = new Set<string>();
  /** Texts by number: the same one in several calls is one secret. */
  readonly #texts = new Map<string, string>();

  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {}

  /** What tells this text from others, and nothing about it. */
  numberOf(text: string): string {
    const known = this.#texts.get(text) ?? String(this.#texts.size + 1);
    this.#texts.set(text, known);
    return known;
  }

  write(at: { place: Place; within?: string; when?: readonly Condition[] }, value: FactValues['secret']): void {
    const { place } = at;
    const key = `${place.path}:${place.line}:${place.column}`;
    if (
      this.#seen.has(key) ||
      isDevelopmentOnly(at.when ?? []) ||
      isDevelopmentFile(place.path) ||
      isDescriptivePath(place.path, this.program.root)
    )
      return;
    this.#seen.add(key);
    const lines = this.program.lines(place.path);
    if (!isAcceptedSecret(lines, place.line) && !refusedInProduction.test(lines[place.line - 1] ?? '')) this.emit('secret', at, value);
  }
}

/** Globals that are given addresses. */
const connecting = /^(?:fetch|URL|WebSocket|EventSource|Request)$/;
const plugins = /^(?:register|use)$/;

/** SQLite asks for no password: Sequelize takes a dummy. */
const isFileDatabase = (call: CallSite): boolean =>
  call.args.some((argument) =>
    optionsNamed(argument, /^(?:dialect|type|client)$/).some(({ value }) => value.is === 'literal' && /sqlite/i.test(String(value.value))),
  );

/** Options of a plugin that is handed over: `app.register(jwt, { secret })`. */
function pluginOptions(call: CallSite): { package: string; options: readonly Value[] } | undefined {
  // Arguments are resolved when they are read: the name comes first.
  if (!plugins.test(call.name)) return undefined;
  const [plugin, options] = call.args;
  if (plugin?.is !== 'package' || !options) return undefined;
  return { package: plugin.package, options: [options] };
}

/** `pkg.name` is noted where it is used. */
const isPackageFile = (path: string): boolean => /(?:^|\/)package\.json$/.test(path);

class SinkReader {
  constructor(
    readonly writer: SecretWriter,
    /** Variables without which the program does not start: their fallback never counts. */
    readonly refused: ReadonlySet<string>,
  ) {}

  read(call: CallSite): void {
    // Decorators describe; what they configure stands in calls inside of them.
    if (call.how === 'decorator') return;
    const handed = pluginOptions(call);
    for (const sink of handed ? sinksOf(handed.package) : []) {
      if (sink.options) this.#options(call, handed!.options, sink.options, sink.use);
    }
    if (call.package === undefined) return;
    for (const sink of sinksOf(call.package)) if (!sink.path || sink.path.test(call.path)) this.#sink(call, sink);
    // A connection string is one wherever it is handed over, but `Object.keys` and `JSON.parse` connect nothing.
    if (call.package === '' && !connecting.test(call.name)) return;
    for (const argument of call.args) this.#connection(call, argument);
  }

  #sink(call: CallSite, sink: SecretSink): void {
    if (sink.use === 'password' && isFileDatabase(call)) return;
    for (const index of sink.arguments ?? []) this.#value(call, call.args[index], sink.use);
    if (sink.options) this.#options(call, [...call.args, ...this.#ofClass(call)], sink.options, sink.use);
    if (sink.tables) this.#tables(call, sink.tables, sink.use);
  }

  /** Options that a class makes: `JwtModule.registerAsync({ useClass: JwtSettings })`. */
  #ofClass(call: CallSite): readonly Value[] {
    const named = call.args.filter((argument) => argument.is === 'object' && own(argument.properties, 'useClass') !== undefined);
    return named.flatMap((argument) => objectsOf(argument, this.writer.program).map(({ object }) => object));
  }

  #options(call: CallSite, holders: readonly Value[], names: RegExp, use: SecretUse): void {
    for (const holder of holders) for (const { value } of optionsNamed(holder, names)) this.#value(call, value, use);
  }

  #tables(call: CallSite, names: RegExp, use: SecretUse): void {
    const tables = call.args.flatMap((argument) => optionsNamed(argument, names));
    for (const { value } of tables)
      if (value.is === 'object') for (const inner of Object.values(value.properties)) this.#value(call, inner, use);
  }

  #value(call: CallSite, value: Value | undefined, use: SecretUse): void {
    for (const leaf of leavesOf(value)) {
      if (leaf.env !== undefined && this.refused.has(leaf.env)) continue;
      if (leaf.partial || isPackageFile(leaf.place.path) || (leaf.replaceable && isPlaceholder(leaf.text))) continue;
      const secret =
        leaf.env === undefined
          ? judgeUse(use, leaf.text)
          : use === 'signing'
            ? judgeUse(use, leaf.text)
            : judgeFallback(leaf.env, leaf.text);
      if (!secret) continue;
      this.writer.write(this.#anchor(call, leaf), {
        ...secret,
        origin: leaf.env === undefined && !leaf.replaceable ? 'literal' : 'fallback',
        ...(leaf.env === undefined ? { digest: this.writer.numberOf(leaf.text) } : { env: leaf.env }),
      });
    }
  }

  #connection(call: CallSite, argument: Value): void {
    const named = optionsNamed(argument, /^(?:connectionString|url|uri|connection|mongoUrl|conString)$/).map(({ value }) => value);
    for (const leaf of [argument, ...named].flatMap((value) => leavesOf(value))) {
      if (leaf.env !== undefined || !leaf.text.includes('://')) continue;
      const secret = judgeShape(leaf.text);
      if (secret?.what === 'connection string')
        this.writer.write(this.#anchor(call, leaf), {
          ...secret,
          origin: leaf.replaceable ? 'fallback' : 'literal',
          digest: this.writer.numberOf(leaf.text),
        });
    }
  }

  #anchor(call: CallSite, leaf: Leaf): { place: Place; within?: string; when: Leaf['when'] } {
    return {
      place: leaf.place,
      when: [...call.when, ...leaf.when, ...(leaf.env === undefined ? [] : [{ env: leaf.env, test: 'unset' as const }])],
      ...(call.within === undefined ? {} : { within: call.within }),
    };
  }
}

function writeSighting(program: ProgramView, writer: SecretWriter, path: string, sighting: LiteralSighting): void {
  if (sighting.topic !== 'secret' && sighting.topic !== 'public-name') return;
  const at = {
    place: placeAt(path, sighting.at),
    when: sighting.when ? program.evaluator.conditions(sighting.when, path) : [],
    ...(sighting.within === undefined ? {} : { within: `${path}#${sighting.within}` }),
  };
  if (sighting.topic === 'public-name') return writer.write(at, { what: 'signing secret', origin: 'literal' });
  const { secret, env, replaceable } = sighting;
  writer.write(at, {
    ...secret,
    origin: env === undefined && !replaceable ? 'literal' : 'fallback',
    ...(env === undefined ? {} : { env }),
  });
}

/** Secrets written in code: by the library that takes them, by their format, by the name that they stand under. */
export const secrets: Recogniser = {
  id: 'secrets',
  packages: sinkPackages,
  methods: ['register'],
  text: configLiteralText,
  passes: [configLiterals],
  recognise(program, emit) {
    const writer = new SecretWriter(program, emit);
    const sightings = program.pass<LiteralSighting>(configLiterals.id);
    const refused = new Set(sightings.flatMap(({ item }) => (item.topic === 'refused' ? [item.name] : [])));
    const reader = new SinkReader(writer, refused);
    for (const call of program.calls) reader.read(call);
    for (const { path, item } of sightings) writeSighting(program, writer, path, item);
  },
};
