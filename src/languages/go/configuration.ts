/** Settings that libraries take from the environment: keys of viper, tagged fields of structs. */
import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator, SettingSource } from './evaluate.ts';
import { FilledTypes } from './filled-types.ts';
import { libraryOf } from './libraries.ts';
import type { PackageGraph } from './package-graph.ts';
import type { Call, Expression, StructField } from './summary.ts';
import { placeAt, splitId, unknownAt } from './value-shapes.ts';

export interface TaggedField {
  readonly name: string;
  readonly fallback?: string;
  readonly required: boolean;
  readonly place: Place;
}

const structLibraries = [
  'envconfig',
  'caarlos0/env',
  'cleanenv',
  'sethvargo/envconfig',
  'github.com/codingconcepts/env',
  'github.com/Netflix/go-env',
  'github.com/jessevdk/go-flags',
];
/** The value of one key of a struct tag. */
const tagOf = (tag: string, key: string): string | undefined => new RegExp(`(?:^|\\s)${key}:"((?:[^"\\\\]|\\\\.){0,300})"`).exec(tag)?.[1];

/** What a field's tag says of a variable. */
export function taggedField(field: StructField, path: string, prefix: string): TaggedField | undefined {
  const { tag = '' } = field;
  const written = tagOf(tag, 'env') ?? tagOf(tag, 'envconfig');
  if (written === undefined) return undefined;
  const [first = '', ...options] = written.split(',').map((part) => part.trim());
  const name = prefix + first;
  if (!/^[A-Za-z_]\w{0,100}$/.test(name)) return undefined;
  const inline = options.find((option) => option.startsWith('default='))?.slice('default='.length);
  const fallback = inline ?? ['envDefault', 'env-default', 'default'].map((key) => tagOf(tag, key)).find((one) => one !== undefined);
  // cleanenv reads a file first: what stands there is not asked of the environment.
  const isInFile = ['yaml', 'json', 'toml', 'edn'].some((format) => (tagOf(tag, format) ?? '-') !== '-');
  const required =
    options.includes('required') || (tagOf(tag, 'env-required') === 'true' && !isInFile) || tagOf(tag, 'required') === 'true';
  return { name, ...(fallback === undefined ? {} : { fallback }), required, place: placeAt(path, field.at) };
}

export class Configuration implements SettingSource {
  readonly #evaluator: Evaluator;
  readonly #usesStructs: boolean;
  readonly #prefixes: ReadonlyMap<string, string>;
  readonly viper: Viper | undefined;
  readonly #filled: FilledTypes;

  constructor(graph: PackageGraph, evaluator: Evaluator) {
    this.#evaluator = evaluator;
    this.#filled = new FilledTypes(graph, evaluator);
    const libraries = new Set(graph.reached.flatMap((path) => (graph.summary(path)?.imports ?? []).map((one) => libraryOf(one.path))));
    this.#usesStructs = structLibraries.some((name) => libraries.has(name));
    this.#prefixes = this.#usesStructs ? collectPrefixes(graph, evaluator) : new Map();
    this.viper = libraries.has('viper') ? new Viper(graph, evaluator) : undefined;
  }

  /** Fields of structs that a library fills from variables. */
  tagged(): readonly TaggedField[] {
    if (!this.#usesStructs) return [];
    const { graph } = this.#evaluator;
    return graph.reached.flatMap((path) =>
      (graph.summary(path)?.types ?? []).flatMap(({ fields }, index) =>
        fields.flatMap((field) => taggedField(field, path, this.#prefixes.get(`${path}#${index}`) ?? '') ?? []),
      ),
    );
  }

  field(typeId: string, name: string): Value | undefined {
    if (!this.#usesStructs) return undefined;
    const [path] = splitId(typeId);
    const field = this.#evaluator.types.typeOf(typeId)?.fields.find((one) => one.name === name);
    const tagged = field && taggedField(field, path, this.#prefixes.get(typeId) ?? '');
    if (!tagged) return undefined;
    const { place } = tagged;
    const fallback: Value = tagged.fallback === undefined ? unknownAt(place) : { is: 'literal', value: tagged.fallback, place };
    return { is: 'env', name: tagged.name, ...(tagged.required ? {} : { fallback }), place };
  }

  isDefault(place: Place): boolean {
    return this.#filled.isDefault(place);
  }

  call(target: string, args: readonly Value[], place: Place): Value | undefined {
    return this.viper?.call(target, args, place);
  }
}

export const readSettings = (graph: PackageGraph, evaluator: Evaluator): Configuration => new Configuration(graph, evaluator);

/** Prefixes that fields give to the structs that they hold: `envPrefix:"DB_"`, `env-namespace:"DB"`; one of several says nothing. */
function collectPrefixes(graph: PackageGraph, evaluator: Evaluator): ReadonlyMap<string, string> {
  const given = new Map<string, { readonly prefix: string; readonly holder: string }[]>();
  for (const path of graph.reached)
    for (const [index, { fields }] of (graph.summary(path)?.types ?? []).entries())
      for (const { tag = '', type } of fields) {
        const prefix = prefixOf(tag);
        const id = prefix === undefined ? undefined : evaluator.types.idOf(type, path);
        if (prefix !== undefined && id !== undefined) given.set(id, [...(given.get(id) ?? []), { prefix, holder: `${path}#${index}` }]);
      }
  const whole = (id: string, depth = 0): string => {
    const [only, ...others] = given.get(id) ?? [];
    return only && others.length === 0 && depth < 6 ? whole(only.holder, depth + 1) + only.prefix : '';
  };
  return new Map([...given].flatMap(([id, all]) => (all.length === 1 ? [[id, whole(id)] as const] : [])));
}
function prefixOf(tag: string): string | undefined {
  const namespace = tagOf(tag, 'env-namespace');
  if (namespace) return `${namespace}_`;
  return tagOf(tag, 'envPrefix') ?? tagOf(tag, 'env-prefix') ?? /prefix=([A-Z0-9_]{1,60})/.exec(tagOf(tag, 'env') ?? '')?.[1];
}

const listened = /^(?:AutomaticEnv|SetEnvPrefix|SetDefault|BindEnv|MustBindEnv|SetEnvKeyReplacer)$/;

/** Keys that viper takes from variables (its README, "Working with Environment Variables"). */
class Viper {
  readonly #evaluator: Evaluator;
  #automatic = false;
  #replaces = false;
  #prefix = '';
  readonly #bound = new Map<string, readonly string[]>();
  readonly #defaults = new Map<string, { readonly value: Expression; readonly path: string; readonly within?: number }>();
  readonly reads: { readonly name: string; readonly place: Place }[] = [];

  constructor(graph: PackageGraph, evaluator: Evaluator) {
    this.#evaluator = evaluator;
    for (const path of graph.reached) {
      const summary = graph.summary(path);
      if (!summary?.imports.some((one) => libraryOf(one.path) === 'viper')) continue;
      for (const call of summary.calls) this.#note(call, path);
    }
  }

  get automatic(): boolean {
    return this.#automatic;
  }

  #note(call: Call, path: string): void {
    const { callee, args } = call.call;
    if (callee.is !== 'selector' || !listened.test(callee.name)) return;
    const texts = args
      .map((argument) => this.#evaluator.value(argument, path, call.within))
      .map((value) => (value.is === 'literal' ? String(value.value) : ''));
    const [key = ''] = texts;
    if (callee.name === 'AutomaticEnv') this.#automatic = true;
    else if (callee.name === 'SetEnvKeyReplacer') this.#replaces = true;
    else if (callee.name === 'SetEnvPrefix') this.#prefix = key;
    else if (callee.name === 'SetDefault' && key !== '' && args[1])
      this.#defaults.set(key.toLowerCase(), { value: args[1], path, ...(call.within === undefined ? {} : { within: call.within }) });
    else if (key !== '') {
      const names = texts.slice(1).filter(Boolean);
      const found = names.length > 0 ? names : [this.#variable(key)];
      this.#bound.set(key.toLowerCase(), found);
      for (const name of found) this.reads.push({ name, place: placeAt(path, call.call.at) });
    }
  }

  #variable(key: string): string {
    const name = (this.#replaces ? key.replace(/[.-]/g, '_') : key).toUpperCase();
    return this.#prefix === '' ? name : `${this.#prefix.toUpperCase()}_${name}`;
  }

  call(target: string, [key]: readonly Value[], place: Place): Value | undefined {
    if (!/^viper\.(?:Viper\.)?Get\w*$/.test(target)) return undefined;
    if (key?.is !== 'literal') return unknownAt(place);
    const text = String(key.value).toLowerCase();
    const given = this.#defaults.get(text);
    const fallback = given ? this.#evaluator.value(given.value, given.path, given.within) : unknownAt(place);
    const name = this.#bound.get(text)?.[0] ?? (this.#automatic ? this.#variable(text) : undefined);
    // A file of settings may give it as well.
    return name === undefined || !/^\w+$/.test(name) ? unknownAt(place) : { is: 'env', name, fallback, place };
  }
}
