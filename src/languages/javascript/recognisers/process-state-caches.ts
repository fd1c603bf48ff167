import type { FactValues, Value } from '../../../facts.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { keepsCodes, readsShared } from './caches.ts';
import { callsBy } from './effects.ts';
import type { Holder, Use } from './process-state-holders.ts';
import { isKeeper, wordsOf } from './process-state-names.ts';

type Holds = NonNullable<FactValues['cache']['holds']>;
type PlacedUse = Use & { readonly path: string };

/** Own credentials, what is the same in each copy, and what is about the copy itself: nobody misses a change of it. */
const same = new Set(
  'token jwt jwk credential cert certificate secret config configuration setting schema locale i18n translation template asset manifest file icon font regex module compiled render geo country currency currencie timezone metric stat health client connection instance promise pending flight request dedupe'.split(
    ' ',
  ),
);
/** Keys of the program itself; those that it gives to others are data. */
const isSame = (name: string): boolean => {
  const words = wordsOf(name);
  return words.some((word) => same.has(word)) || (words.includes('key') && !words.includes('api'));
};
const keeps = /^(?:set|put|add|save|store|write|remember)(?![a-z])/;

/** A database that only its name tells: `this.usersRepository.findOne(id)` of an injected interface. */
const repositories = /(?:repo(?:sitory)?|dao|prisma|db|database|data_?source)$/i;
const reading = /^(?:find|get|list|query|select|count|load|fetch)/;
const readsByName = ({ on, name, package: library }: CallSite): boolean =>
  library === undefined && on?.is === 'member' && repositories.test(on.name) && reading.test(name);

const readsData = (program: ProgramView, id: string): boolean =>
  callsBy(program, [id]).some((call) => readsShared(call) || readsByName(call));

/** Calls of a method that puts what it is given under a key that it is given: `cache.set(key, value)`. */
function callersOf(program: ProgramView, writes: readonly PlacedUse[]): readonly CallSite[] {
  const methods = new Set(writes.flatMap(({ path, within }) => (within === undefined ? [] : [`${path}#${within}`])));
  return program.calls.filter(({ callee, within }) => within !== undefined && callee.is === 'function' && methods.has(callee.id));
}

/**
 * What a cache of the program's own making holds: copies of what is kept elsewhere, which grow stale in every other copy,
 * or what nothing else holds.
 */
export function cachedBy(
  program: ProgramView,
  { holder, path, uses }: { readonly holder: Holder; readonly path: string; readonly uses: readonly PlacedUse[] },
  live: ReadonlySet<string>,
): Holds | undefined {
  if (holder.type !== 'map' && holder.type !== 'object') return undefined;
  const adding = uses.filter(({ does, within }) => does === 'add' && within !== undefined);
  if (adding.length === 0) return undefined;
  const names = [holder.name, holder.className ?? '', path.slice(path.lastIndexOf('/') + 1)];
  if (names.some(isSame)) return undefined;
  const isNamed = wordsOf(holder.name).some((word) => word === 'cache' || word === 'cached') || isKeeper(holder.className);
  const isDated = adding.every(({ dated }) => dated);
  // Whoever takes entries out or replaces them knows that they change.
  const isDropped = uses.some(({ does }) => does === 'remove') || new Set(adding.map(({ within }) => within)).size > 1;
  if (isDated || isNamed || isDropped) if (adding.some((write) => readsData(program, `${write.path}#${write.within}`))) return 'data';
  return isTool(program, holder, path, adding) ? heldByCallers(program, adding, live) : undefined;
}

/** `class CacheProvider { set(key, value) { this.data[key] = value } }`. */
function isTool(program: ProgramView, { class: index, className }: Holder, path: string, adding: readonly PlacedUse[]): boolean {
  if (index === undefined || !wordsOf(className ?? '').includes('cache')) return false;
  const methods = Object.entries(program.classOf(`${path}#${index}`)?.methods ?? {});
  return adding.every((write) => methods.some(([name, at]) => at === write.within && keeps.test(name)));
}

/** `{ count: count + 1 }`: how often somebody tried. */
const counts = (value: Value | undefined): boolean =>
  value?.is === 'object' && Object.keys(value.properties).some((name) => /^(?:count|attempts|tries|hits)$/.test(name));

function heldByCallers(program: ProgramView, adding: readonly PlacedUse[], live: ReadonlySet<string>): Holds | undefined {
  const calls = callersOf(program, adding).filter(({ within }) => live.has(within!));
  if (calls.some(({ args: [key, value] }) => keepsCodes(key) || counts(value))) return 'state';
  return calls.some(({ within }) => readsData(program, within!)) ? 'data' : undefined;
}
