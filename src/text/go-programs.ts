/** Programs of a Go module, told by the text of files alone. */

/** What is asked of the repository's files. */
interface GoFiles {
  under(folder: string): readonly string[];
  text(path: string): string | undefined;
}
export interface GoMain {
  readonly folder: string;
  /** The file that holds `func main`. */
  readonly path: string;
}

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
const mostFiles = 5000;
/** Folders of programs that are no part of what is deployed. */
const aside =
  /(?:^|\/)(?:vendor|testdata|tests?|e2e|examples?|samples?|_?tools?|scripts?|hack|build|docs?|ci|benchmarks?|generate|gen|codegen|mocks?|fixtures|integration[\w-]*|magefiles)\/|(?:^|\/)internal\/(?!(?:cmd|apps?|services?)\/)/i;

export const isGoMain = (text: string | undefined): boolean =>
  text !== undefined &&
  /^package main\s*(?:\/\/.*)?$/m.test(text) &&
  /^func main\(\)/m.test(text) &&
  !/^\/\/go:build ignore|^\/\/ \+build ignore/m.test(text);

/** `nested`: folders of other modules below this one. */
export function findGoMains(root: string, nested: readonly string[], files: GoFiles): readonly GoMain[] {
  const found = new Map<string, GoMain>();
  const goFiles = files.under(root).filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
  for (const path of goFiles.slice(0, mostFiles)) {
    const folder = folderOf(path);
    const inside = `${folder.slice(root === '' ? 0 : root.length + 1)}/`;
    if (found.has(folder) || aside.test(inside) || nested.some((one) => folder === one || folder.startsWith(`${one}/`))) continue;
    if (isGoMain(files.text(path))) found.set(folder, { folder, path });
  }
  return [...found.values()];
}

/** The program in one folder. */
export const goMainIn = (folder: string, files: GoFiles): string | undefined =>
  files
    .under(folder)
    .filter((path) => folderOf(path) === folder && path.endsWith('.go') && !path.endsWith('_test.go'))
    .find((path) => isGoMain(files.text(path)));

/** `go build -o /app ./cmd/shop`: what is built, and where it is put. */
export interface GoBuild {
  readonly output?: string;
  readonly packages: readonly string[];
}
const withValue =
  /^--?(?:ldflags|tags|gcflags|asmflags|gccgoflags|mod|modfile|p|buildmode|installsuffix|pkgdir|overlay|toolexec|compiler|exec|coverpkg|pgo)$/;

/** Reads the words of one command; `undefined` for commands that build nothing. */
export function readGoBuild(words: readonly string[]): GoBuild | undefined {
  const at = words.findIndex((word, index) => /(?:^|\/)(?:go|xx-go)$/.test(word) && /^(?:build|install)$/.test(words[index + 1] ?? ''));
  if (at < 0) return undefined;
  const packages: string[] = [];
  let output: string | undefined;
  for (let index = at + 2; index < words.length; index++) {
    const word = words[index]!;
    if (word === '-o') output = words[++index];
    else if (word.startsWith('-o=')) output = word.slice(3);
    else if (withValue.test(word)) index++;
    else if (!word.startsWith('-')) packages.push(word);
  }
  const isOther = packages.some((path) => path.includes('@'));
  if (isOther) return undefined;
  return {
    ...(output === undefined ? {} : { output }),
    packages: packages.length > 0 ? packages : ['.'],
  };
}
