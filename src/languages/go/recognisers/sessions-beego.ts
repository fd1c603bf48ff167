/** Sessions of Beego: fields of its settings object, or keys of `conf/app.conf`, turn them on and choose where they are kept. */
import type { StoreChoice, StoreKind } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { type Emit, type ProgramView, textOf } from '../recogniser.ts';
import { placeAt } from '../value-shapes.ts';
import { settingOf } from './config-files.ts';

/** Providers by their registered names (Beego's documentation, "Session"); the others are servers of their own. */
const local: Readonly<Record<string, StoreKind>> = { memory: 'memory', file: 'file', ledis: 'file', cookie: 'cookie' };
const kindOf = (provider: string | undefined): StoreKind => (provider === undefined ? 'unknown' : (local[provider] ?? 'external'));

const libraries = ['github.com/beego/beego', 'github.com/astaxie/beego', 'github.com/beego/beego/server/web'];
/** Where Beego looks for its settings without being told. */
const settingsFile = 'conf/app.conf';
const mostLines = 2000;

interface Found {
  on?: Place;
  readonly stores: StoreChoice[];
}

/** `web.BConfig.WebConfig.Session.SessionProvider = "file"`; versions before 1.6 had the fields in the package itself. */
function readCode(program: ProgramView, found: Found): void {
  const { evaluator } = program;
  const isOfBeego = (target: readonly string[]): boolean => target.length === 2 || target.slice(-3, -1).join('.') === 'WebConfig.Session';
  const assigned = (field: string) =>
    evaluator.index
      .fields(field)
      .filter(({ own }) => isOfBeego(own.target))
      .map((one) => ({ ...evaluator.assignedOption(one), place: placeAt(one.path, one.own.at) }));
  for (const { value, place } of assigned('SessionOn')) if (value.is !== 'literal' || value.value !== false) found.on ??= place;
  for (const { value, when, place } of assigned('SessionProvider'))
    found.stores.push({ kind: kindOf(textOf(value)), place, ...(when.length > 0 ? { when } : {}) });
}

/** Keys stand in any case; what stands in a section holds in its run mode alone. */
function readSettings(program: ProgramView, found: Found): void {
  const path = program.root === '' ? settingsFile : `${program.root}/${settingsFile}`;
  for (const [index, line] of (program.text(path) ?? '').split('\n').slice(0, mostLines).entries()) {
    if (/^\s*\[(?:dev|test)\]/.test(line)) break;
    const setting = settingOf(line);
    const place: Place = { path, line: index + 1, column: 1, endLine: index + 1, endColumn: line.trimEnd().length + 1 };
    if (/^sessionon$/i.test(setting?.name ?? '') && setting!.value === 'true') found.on ??= place;
    if (/^sessionprovider$/i.test(setting?.name ?? '')) {
      // `${SESSION||memory}` is decided elsewhere.
      const provider = setting!.value.includes('$') ? undefined : setting!.value;
      found.stores.push({ kind: kindOf(provider), place });
    }
  }
}

/** In memory until a provider is named. */
export function emitBeego(program: ProgramView, emit: Emit): void {
  if (!program.imported(...libraries)) return;
  const found: Found = { stores: [] };
  readCode(program, found);
  readSettings(program, found);
  const { on, stores } = found;
  if (!on) return;
  const chosen: readonly StoreChoice[] = stores.length > 0 ? stores : [{ kind: 'memory', place: on }];
  const first = chosen.find(({ kind }) => kind === 'memory' || kind === 'file') ?? chosen[0]!;
  emit('session', { place: first.place }, { library: 'beego', stores: chosen });
}
