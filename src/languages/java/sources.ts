/** The Java files of a program: those that can matter are parsed, others only when a name leads to them. */

import type { NotAssessed, SourceFile } from '../../types.ts';
import type { FileAccess } from '../language.ts';
import type { Module } from './build.ts';
import { gate, gateVersion } from './gate.ts';
import type { TypeView } from './names.ts';
import { placeAt } from './recogniser.ts';
import { summariseJava } from './summarise.ts';
import { summariseKotlin } from './summarise-kotlin.ts';
import type { JavaFile } from './summary.ts';

const summarise = (file: SourceFile): JavaFile => (file.path.endsWith('.kt') ? summariseKotlin(file) : summariseJava(file));

interface ReadFile {
  readonly path: string;
  readonly file: JavaFile;
}

/** A package of Kotlin with more files is not searched for constants. */
const mostFiles = 100;
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const isTestPath = /(?:^|\/)(?:src\/(?:\w*[tT]est\w*|it|integration-test|jmh)|tests?|target|build|generated|generated-sources)\//;
const isJava = (path: string): boolean =>
  /\.(?:java|kt)$/.test(path) && !path.endsWith('package-info.java') && !path.endsWith('module-info.java');

/** Sources of a module: `src/main`, else whatever is no test. */
function sourcesOf({ root }: Module, files: FileAccess, packageRoots: readonly string[]): readonly string[] {
  const prefix = root === '' ? '' : `${root}/`;
  const inMain = files.under(`${prefix}src/main`).filter(isJava);
  if (inMain.length > 0) return inMain;
  const src = files.under(`${prefix}src`).filter(isJava);
  const candidates = src.length > 0 ? src : files.under(root).filter(isJava);
  if (candidates.length === 0) return [];
  const others = packageRoots.filter((other) => other !== root && other.startsWith(prefix));
  return candidates.filter((path) => !isTestPath.test(path.slice(prefix.length)) && !others.some((other) => path.startsWith(`${other}/`)));
}

export class JavaSources {
  readonly read: readonly ReadFile[];
  readonly errors: NotAssessed[] = [];
  readonly #files: FileAccess;
  /** Paths by the end of the type's full name: `com/acme/Cart`. */
  readonly #paths = new Map<string, string>();
  readonly #topLevel = new Map<string, readonly TypeView[]>();
  readonly #loaded = new Map<string, TypeView | undefined>();

  constructor(modules: readonly Module[], files: FileAccess, packageRoots: readonly string[]) {
    this.#files = files;
    const paths = [...new Set(modules.flatMap((module) => sourcesOf(module, files, packageRoots)))];
    for (const path of paths) this.#paths.set(typePath(path), path);
    this.read = paths.flatMap((path) => {
      const file = files.derive(path, `java:gated:${gateVersion}`, (source) => (gate(source.text) ? summarise(source) : null));
      if (file?.error) this.#note(path, file);
      return file ? [{ path, file }] : [];
    });
  }

  #note(path: string, { error }: JavaFile): void {
    this.errors.push({
      reason: 'syntax-error',
      message: `A part of the ${path.endsWith('.kt') ? 'Kotlin' : 'Java'} code cannot be parsed.`,
      place: placeAt(path, error!),
      failed: true,
    });
  }

  /** A type by its full name, from a file that the gate left out. */
  load(name: string): TypeView | undefined {
    if (!this.#loaded.has(name)) this.#loaded.set(name, this.#find(name));
    return this.#loaded.get(name);
  }

  #find(name: string): TypeView | undefined {
    const path = this.#paths.get(name.replaceAll('.', '/'));
    const file = path === undefined ? undefined : this.#summary(path);
    const type = file?.types.find((one) => one.name === name.slice(name.lastIndexOf('.') + 1));
    return path !== undefined && file && type ? { path, file, type, name } : undefined;
  }

  #summary(path: string): JavaFile | undefined {
    return this.#files.derive(path, 'java:full:9', summarise);
  }

  /** What Kotlin files of a package declare outside of types, as far as they lie in its folder. */
  topLevel(packageName: string): readonly TypeView[] {
    let known = this.#topLevel.get(packageName);
    if (!known) {
      const folder = packageName.replaceAll('.', '/');
      const paths = [...this.#paths].filter(([type, path]) => path.endsWith('.kt') && folderOf(type) === folder).map(([, path]) => path);
      known = paths.slice(0, mostFiles).flatMap((path) => {
        const file = this.#files.text(path)?.match(/^(?:\w+\s+)*val\s/m) ? this.#summary(path) : undefined;
        return (file?.types ?? [])
          .filter(({ name }) => path.endsWith(`/${name.replace(/Kt$/, '')}.kt`) && name.endsWith('Kt'))
          .map((type) => ({ path, file: file!, type, name: `${packageName}.${type.name}` }));
      });
      this.#topLevel.set(packageName, known);
    }
    return known;
  }
}

/** `a/src/main/java/com/acme/Cart.java` → `com/acme/Cart`. Builds of Ant and of WebSphere have names of their own for the folder. */
const sourceFolder =
  /^(?:.*?(?:src\/main\/java|src\/main\/kotlin|src\/main|src\/java|src)|(?:.*?\/)?(?:JavaSource|ejbModule|appClientModule|source|java))\//;
const typePath = (path: string): string => path.replace(sourceFolder, '').replace(/\.(?:java|kt)$/, '');
