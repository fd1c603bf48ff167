/** Packages that a pyproject.toml lists, and those of them without a fixed version. */
import type { PackageManifest } from '../../facts.ts';
import { entriesOf, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { Place } from '../../types.ts';

type Node = Parameters<typeof textOf>[0];
interface Listed {
  readonly name: string;
  readonly place: Place;
  readonly isOpen: boolean;
}

/** `fastapi>=0.115`, `uvicorn[standard]==0.34.0` (PEP 508); an address gives its own version. */
function readLine(node: NonNullable<Node>): readonly Listed[] {
  const match = /^\s*([A-Za-z0-9][\w.-]{0,100})\s*(?:\[[^\]]{0,200}\])?([^;@]{0,300})(@)?/.exec(textOf(node) ?? '');
  if (!match || match[3]) return [];
  return [{ name: match[1]!, place: node.place, isOpen: !/===?/.test(match[2]!) || match[2]!.includes('*') }];
}

/** `fastapi = "^0.115"`: a bare version is an exact one for Poetry. */
function readEntry(name: string, value: NonNullable<Node>): readonly Listed[] {
  const version = textOf(value) ?? textOf(nodeAt(value, 'version'));
  if (name === 'python' || version === undefined) return [];
  return [{ name, place: value.place, isOpen: !/^\s*(?:==)?\s*\d+(?:\.\d+)+\s*$/.test(version) }];
}

const servers = new Set(['gunicorn', 'waitress', 'uwsgi', 'hypercorn', 'granian', 'mod-wsgi', 'bjoern']);
/** The server among what is listed that is there to run the program in production. */
export function serverAmong(names: readonly string[]): { readonly server?: string } {
  const server = names.map((name) => name.toLowerCase().replaceAll('_', '-')).find((name) => servers.has(name));
  return server === undefined ? {} : { server };
}

export function readProjectRequirements(root: Node): PackageManifest['requirements'] {
  const lines = itemsOf(nodeAt(root, 'project', 'dependencies')).flatMap(readLine);
  const listed =
    lines.length > 0
      ? lines
      : entriesOf(nodeAt(root, 'tool', 'poetry', 'dependencies')).flatMap(({ key, value }) => (value ? readEntry(key, value) : []));
  if (listed.length === 0) return undefined;
  const server = serverAmong(listed.map(({ name }) => name));
  return { count: listed.length, ...server, open: listed.filter(({ isOpen }) => isOpen).map(({ name, place }) => ({ name, place })) };
}
