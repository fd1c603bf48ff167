/** Semantic versions and constraints as Masterminds/semver reads them. */
import { Callable, type Cell, cell, compareText, GoStruct, mapOf, TemplateError } from '../values.ts';
import { at, type Functions, plain, string } from './arguments.ts';

interface Version {
  readonly numbers: readonly [number, number, number];
  readonly pre: string;
  readonly original: string;
}

const versionShape = /^v?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]{1,200}))?(?:\+[0-9A-Za-z.-]{1,200})?$/;
function parseVersion(text: string): Version {
  const match = versionShape.exec(text.slice(0, 300));
  if (!match) throw new TemplateError('Invalid Semantic Version');
  return { numbers: [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)], pre: match[4] ?? '', original: text };
}

function comparePre(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [x, y] = [left[index], right[index]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const [isX, isY] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (isX && isY) return Number(x) - Number(y);
    return isX !== isY ? (isX ? -1 : 1) : compareText(x, y);
  }
  return 0;
}
function compareVersions(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) if (a.numbers[index] !== b.numbers[index]) return a.numbers[index] - b.numbers[index];
  return comparePre(a.pre, b.pre);
}

const constraintShape =
  /^(=|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*v?(\d{1,15}|[xX*])(?:\.(\d{1,15}|[xX*]))?(?:\.(\d{1,15}|[xX*]))?(?:-([0-9A-Za-z.-]{1,200}))?(?:\+[0-9A-Za-z.-]{1,200})?$/;
type Bound = readonly [number, number, number];

/** One constraint: the range that it allows, half open, or a version that it forbids. */
function meets(text: string, version: Version): boolean {
  const match = constraintShape.exec(text.trim().slice(0, 300));
  if (!match) throw new TemplateError('improper constraint');
  const [, sign = '', ...parts] = match;
  const written = parts.slice(0, 3).filter((part) => part !== undefined && !/[xX*]/.test(part)).length;
  const low: Bound = [Number(written > 0 ? parts[0] : 0), Number(written > 1 ? parts[1] : 0), Number(written > 2 ? parts[2] : 0)];
  const pre = parts[3] ?? '';
  if (version.pre !== '' && pre === '') return false;
  const given: Version = { numbers: low, pre, original: text };
  const order = compareVersions(version, given);
  const below = (bound: Bound): boolean => compareVersions(version, { numbers: bound, pre: '', original: '' }) < 0;
  const next = (index: number): Bound => low.map((number, at) => (at === index ? number + 1 : at > index ? 0 : number)) as unknown as Bound;
  const inWritten = (): boolean => written === 0 || (order >= 0 && below(next(written - 1)));
  switch (sign) {
    case '!=':
      return written < 3 ? !inWritten() : order !== 0;
    case '>':
      return written < 3 && written > 0 ? !below(next(written - 1)) : order > 0;
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return written < 3 && written > 0 ? below(next(written - 1)) : order <= 0;
    case '^': {
      const lead = low.findIndex((number) => number > 0);
      const fixed = lead < 0 ? Math.max(0, written - 1) : Math.min(lead, Math.max(0, written - 1));
      return order >= 0 && (written === 0 || below(next(fixed)));
    }
    case '~':
    case '~>':
      return order >= 0 && (written === 0 || below(next(Math.min(1, written - 1))));
    default:
      return written < 3 ? inWritten() : order === 0;
  }
}

/** Alternatives by `||`, each a list by comma or space; `1.2 - 1.4` is a range. */
export function satisfies(constraint: string, version: string): boolean {
  const parsed = parseVersion(version);
  if (constraint.length > 2000) throw new TemplateError('improper constraint');
  return constraint.split('||').some((alternative) => {
    const ranges = alternative.replace(/(\S+)\s+-\s+(\S+)/g, '>=$1 <=$2').trim();
    const parts = ranges
      .replace(/([<>=!~^]+)\s+/g, '$1')
      .split(/[\s,]+/)
      .filter(Boolean);
    return parts.every((part) => meets(part, parsed));
  });
}

function describe(text: string): Cell {
  const version = parseVersion(text);
  const { numbers, pre } = version;
  const method = (name: string, value: string | bigint): Cell => cell(new Callable(name, () => cell(value)));
  const fields = mapOf({
    Major: method('Major', BigInt(numbers[0])),
    Minor: method('Minor', BigInt(numbers[1])),
    Patch: method('Patch', BigInt(numbers[2])),
    Prerelease: method('Prerelease', pre),
    Metadata: method('Metadata', ''),
    Original: method('Original', text),
    String: method('String', `${numbers.join('.')}${pre && `-${pre}`}`),
    Compare: cell(
      new Callable('Compare', (args) => {
        const other = at(args, 0).value;
        return cell(BigInt(Math.sign(compareVersions(version, parseVersion(other instanceof GoStruct ? other.text : string(other))))));
      }),
    ),
  });
  return cell(new GoStruct(`${numbers.join('.')}${pre && `-${pre}`}`, fields));
}

export const versionFunctions: Functions = {
  semver: (args) => describe(string(at(args, 0).value)),
  semverCompare: plain(2, ([constraint, version]) => satisfies(string(constraint), string(version))),
};
