/** Which files belong to a program that is built for Linux without tags of its own. */

const systems = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(' '),
);
const processors = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
);
const holding = /^(?:linux|amd64|unix|gc|cgo|go1\.\d{1,3})$/;
const longest = 500;

/** `name_GOOS_GOARCH.go` (go help buildconstraint). */
export function isNamedForOthers(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.endsWith('.go') || name.endsWith('_test.go') || /^[_.]/.test(name)) return true;
  const parts = name.slice(0, -3).split('_').slice(1).slice(-2);
  const [system, processor] = parts.length === 2 ? parts : [undefined, undefined];
  const last = parts.at(-1);
  if (system !== undefined && systems.has(system) && processors.has(processor!)) return system !== 'linux' || processor !== 'amd64';
  if (last === undefined) return false;
  return (systems.has(last) && last !== 'linux') || (processors.has(last) && last !== 'amd64');
}

/** True when the lines before the package clause keep the file out. */
export function isConstrained(text: string): boolean {
  const head = text.slice(0, 20_000);
  const end = head.search(/^package\s/m);
  const lines = (end < 0 ? head : head.slice(0, end)).split('\n');
  const modern = lines.find((line) => line.startsWith('//go:build '));
  if (modern) return !new Constraint(modern.slice('//go:build '.length, longest)).holds();
  // The older form: lines are joined by `and`, words by `or`, commas by `and`.
  return lines
    .filter((line) => /^\/\/\s*\+build\s/.test(line))
    .some(
      (line) =>
        !line
          .replace(/^\/\/\s*\+build/, '')
          .slice(0, longest)
          .split(/\s+/)
          .filter(Boolean)
          .some(isTerm),
    );
}

const isTerm = (term: string): boolean =>
  term.split(',').every((tag) => (tag.startsWith('!') ? !holding.test(tag.slice(1)) : holding.test(tag)));

/** `linux && (amd64 || !cgo)`. */
class Constraint {
  readonly #tokens: readonly string[];
  #at = 0;
  constructor(text: string) {
    this.#tokens = text.match(/&&|\|\||[!()]|[\w.]+/g) ?? [];
  }
  holds(): boolean {
    const value = this.#or();
    return value;
  }
  #or(): boolean {
    let value = this.#and();
    while (this.#tokens[this.#at] === '||') {
      this.#at++;
      const right = this.#and();
      value = value || right;
    }
    return value;
  }
  #and(): boolean {
    let value = this.#not();
    while (this.#tokens[this.#at] === '&&') {
      this.#at++;
      const right = this.#not();
      value = value && right;
    }
    return value;
  }
  #not(): boolean {
    const token = this.#tokens[this.#at++];
    if (token === '!') return !this.#not();
    if (token !== '(') return token !== undefined && holding.test(token);
    const value = this.#or();
    if (this.#tokens[this.#at] === ')') this.#at++;
    return value;
  }
}
