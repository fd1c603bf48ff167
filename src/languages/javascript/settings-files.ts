import { posix } from 'node:path';
import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import { choice, own } from './values.ts';

const extensions = ['json', 'yaml', 'yml', 'js', 'ts', 'cjs', 'mjs'];
const deepest = 6;
/** What the package gives beside settings: `config.get('db')`, `config.db`. */
const methods = /^(?:get|has|util|default|then)$/;

/**
 * The settings of node-config: `config/default.*`, what `config/production.*` has in its place, and the variables that replace both
 * (`config/custom-environment-variables.*`). Other files, which only a deployment has, may replace what stands in the first.
 */
export class SettingsFiles {
  /** The folder of the settings by that of a module. */
  readonly #folders = new Map<string, string | undefined>();

  constructor(readonly evaluator: Evaluator) {}

  /** `config.get('db.host')`, seen from a module. */
  get(key: string, place: Place): Value | undefined {
    const folder = this.#folderOf(posix.dirname(place.path));
    if (folder === undefined) return undefined;
    const [usual, production, variables] = ['default', 'production', 'custom-environment-variables'].map((name) =>
      this.#at(this.#file(folder, name, place), key, place),
    );
    return merge(usual, production, variables, place);
  }

  /** `config.db`. */
  member(name: string, place: Place): Value | undefined {
    return methods.test(name) ? undefined : this.get(name, place);
  }

  #folderOf(folder: string): string | undefined {
    if (this.#folders.has(folder)) return this.#folders.get(folder);
    const own = posix.join(folder, 'config');
    const parent = posix.dirname(folder);
    const found = this.#path(own, 'default') ? own : parent === folder ? undefined : this.#folderOf(parent);
    this.#folders.set(folder, found);
    return found;
  }

  #path(folder: string, name: string): string | undefined {
    return extensions.map((extension) => posix.join(folder, `${name}.${extension}`)).find((path) => this.evaluator.graph.files.has(path));
  }

  #file(folder: string, name: string, place: Place): Value | undefined {
    const path = this.#path(folder, name);
    if (path === undefined) return undefined;
    const value = this.evaluator.exported(path, '=', place);
    return value.is === 'object' ? value : this.evaluator.exported(path, 'default', place);
  }

  #at(file: Value | undefined, key: string, place: Place): Value | undefined {
    let value = file;
    for (const part of key.split('.')) value = value?.is === 'object' ? this.evaluator.memberOf(value, part, place) : undefined;
    return value?.is === 'literal' && value.value === null ? undefined : value;
  }
}

function merge(
  usual: Value | undefined,
  production: Value | undefined,
  variables: Value | undefined,
  place: Place,
  depth = 0,
): Value | undefined {
  const name = variableOf(variables);
  const table = production?.is === 'object' ? production : usual;
  if (name === undefined && table?.is === 'object') {
    if (depth > deepest) return undefined;
    const sides = [usual, production, variables].map((side) => (side?.is === 'object' ? side.properties : undefined));
    const keys = new Set(sides.flatMap((side) => Object.keys(side ?? {})));
    const properties: Record<string, Value> = Object.create(null);
    for (const key of keys) {
      const [first, second, third] = sides.map((side) => own(side, key));
      properties[key] = merge(first, second, third, place, depth + 1) ?? { is: 'unknown', place };
    }
    return { is: 'object', properties, open: false, place: table.place };
  }
  const value = production ?? usual;
  if (name !== undefined) return { is: 'env', name, ...(value ? { fallback: value } : {}), place };
  // What production itself says is what runs; a default waits for files of the deployment.
  return value && !production ? choice([{ value }, { value: { is: 'unknown', place } }], place) : value;
}

/** `"DB_HOST"`, `{ "__name": "DB_PORT", "__format": "json" }`. */
function variableOf(value: Value | undefined): string | undefined {
  const named = value?.is === 'object' ? own(value.properties, '__name') : value;
  return named?.is === 'literal' && typeof named.value === 'string' && /^[A-Za-z_]\w*$/.test(named.value) ? named.value : undefined;
}
