import { posix } from 'node:path';
import type { PackageManifest } from '../../../facts.ts';
import { type BuildCommand, readBuildCommand } from '../../../text/build-commands.ts';
import { splitCommands } from '../../../text/shell-words.ts';
import type { PackagesByRoot } from '../../language.ts';
import type { ModuleResolver } from '../resolve-modules.ts';
import { compilerBuilds } from './compiler.ts';
import { type Build, buildsOf, defaultNames, entryOf, inFolders, stem } from './config-builds.ts';
import { type ConfigData, readConfigData } from './config-data.ts';
import { nestBuilds, nxBuilds } from './projects.ts';

const configKind = 'javascript-build-config-1';
const configNames: Readonly<Record<string, string>> = { unbuild: 'build.config', esbuild: '' };
const endings = ['js', 'ts', 'mjs', 'cjs', 'mts', 'cts', 'babel.js', 'json'];
/** What a script that bundles or compiles names. */
const bundlers = /\b(?:esbuild|webpack|rollup|rolldown|rspack|ncc|tsup|tsdown|parcel|swc|babel|vite|unbuild|typescript|Bun\.build)\b/;
/** Scripts that build for developers and tests. */
const otherwise = /(?:^|[:_.-])(?:dev|develop|watch|test|tests|lint|debug|storybook|docs?|example|e2e|client|web|ui|browser)(?:$|[:_.-])/;

/** What the builds of a package make, read from its scripts and those of the packages above it, and from the settings of the tools. */
export class Builds {
  readonly #resolver: ModuleResolver;
  #known: readonly Build[] | undefined;

  constructor(
    readonly root: string,
    readonly manifest: PackageManifest | undefined,
    readonly above: PackagesByRoot | undefined,
    resolver: ModuleResolver,
  ) {
    this.#resolver = resolver;
  }

  /** The source of a program that some build writes to just this place; `undefined` where none or several do. */
  sourceOf(path: string): string | undefined {
    const asked = stem(path);
    const exact = this.#all().filter(({ output, folder }) => output === asked && !folder);
    return this.#one(exact) ?? (exact.length > 0 ? undefined : this.#below(asked));
  }

  /** The one source that the package builds to a place which is not known for sure. */
  onlySource(): string | undefined {
    return this.#one(this.#all().filter(({ output, ownScript }) => output === undefined || ownScript));
  }

  #below(asked: string): string | undefined {
    const found = this.#all().flatMap(({ output, sources, folder }) =>
      folder && output !== undefined && asked.startsWith(`${output}/`)
        ? this.#first(sources.map((source) => posix.join(source, asked.slice(output.length + 1))))
        : [],
    );
    return new Set(found).size === 1 ? found[0] : undefined;
  }

  #one(builds: readonly Build[]): string | undefined {
    const found = new Set(builds.flatMap(({ sources }) => this.#first(sources)));
    return found.size === 1 ? [...found][0] : undefined;
  }

  #first(sources: readonly string[]): readonly string[] {
    for (const source of sources) {
      const path = this.#resolver.file(stem(source));
      if (path !== undefined && !path.endsWith('.json')) return [path];
    }
    return [];
  }

  #all(): readonly Build[] {
    this.#known ??= [
      ...nestBuilds(this.root, this.#resolver.files),
      ...nxBuilds(this.#resolver.files),
      ...this.#manifests().flatMap((manifest) => this.#ofScripts(manifest)),
    ];
    return this.#known;
  }

  #manifests(): readonly PackageManifest[] {
    const found = this.manifest ? [this.manifest] : [];
    for (let at = this.root; at !== '' && at !== '.'; ) {
      at = posix.dirname(at) === '.' ? '' : posix.dirname(at);
      const manifest = this.above?.get(at);
      if (manifest) found.push(manifest);
    }
    return found;
  }

  /** Builds for production alone, where there are any; of those that a script calls first, its own replace what they wrote. */
  #ofScripts({ root, scripts }: PackageManifest): readonly Build[] {
    const read = Object.entries(scripts).map(([name, { command }]) => ({ name, command, builds: this.#ofLine(command, root) }));
    const calls = (command: string, name: string): boolean =>
      new RegExp(`\\b(?:rushx|(?:npm|yarn|pnpm|bun)(?: run)?) ${name.replace(/[^\w:-]/g, '.')}(?:\\s|$)`).test(command);
    const kept = read.flatMap(({ name, builds }) => {
      const callers = builds.length === 0 ? [] : read.filter((other) => other.name !== name && calls(other.command, name));
      return builds
        .filter((build) => !callers.some((caller) => caller.builds.some((own) => own.tool === build.tool && own.output === build.output)))
        .map((build) => ({ name, build }));
    });
    const forProduction = kept.filter(({ name }) => !otherwise.test(name));
    return (forProduction.length > 0 ? forProduction : kept).map(({ build }) => build);
  }

  #ofLine(line: string, root: string): readonly Build[] {
    let cwd = root;
    const builds: Build[] = [];
    for (const { words } of splitCommands(line)) {
      if (words[0] === 'cd' && words[1] !== undefined) cwd = posix.join(cwd, words[1]);
      const command = readBuildCommand(words);
      if (command) builds.push(...this.#ofCommand(command, cwd));
    }
    // Of two builds to one place the later one stays.
    return builds.filter(
      ({ tool, output }, index) => !builds.slice(index + 1).some((next) => next.tool === tool && next.output === output),
    );
  }

  #ofCommand(command: BuildCommand, cwd: string): readonly Build[] {
    if (command.script) return this.#ofScript(command, cwd);
    const { tool } = command;
    if (tool === 'tsc') return this.#ofCompiler(command, cwd);
    if (tool === 'swc' || tool === 'babel') return compiled(command, cwd);
    const told = command.sources.map(({ path, name }) => ({ ...entryOf(path), ...(name !== undefined && { name }) }));
    const settings = this.#settings(command, cwd);
    if (told.length === 0) return settings;
    const folder = command.outFolder ?? (tool === 'esbuild' || tool === 'bun' || tool === 'rollup' ? undefined : 'dist');
    return told.map(({ source, name }) => {
      const file = command.outFile ?? (folder === undefined ? undefined : `${folder}/${defaultNames[tool] ?? name}`);
      return { tool, sources: [posix.join(cwd, source)], ...(file !== undefined && { output: stem(posix.join(cwd, file)) }) };
    });
  }

  #ofCompiler({ config, outFolder, root }: BuildCommand, cwd: string): readonly Build[] {
    const named = posix.join(cwd, config ?? 'tsconfig.json');
    const path = named.endsWith('.json') ? named : posix.join(named, 'tsconfig.json');
    const given = {
      ...(outFolder !== undefined && { outDir: posix.join(cwd, outFolder) }),
      ...(root !== undefined && { rootDir: posix.join(cwd, root) }),
    };
    return compilerBuilds(path, given, this.#resolver);
  }

  /** A tool's own configuration; the command's folder goes before the one in it. */
  #settings({ tool, config, outFolder }: BuildCommand, cwd: string): readonly Build[] {
    const { files } = this.#resolver;
    const base = configNames[tool] ?? `${tool}.config`;
    const path = config
      ? posix.join(cwd, config)
      : endings.map((ending) => posix.join(cwd, `${base}.${ending}`)).find((one) => files.has(one));
    const data = path === undefined || base === '' ? undefined : this.#read(path);
    const folders = { own: path === undefined ? cwd : posix.dirname(path), cwd };
    const builds = data ? buildsOf(tool, data.exported, folders) : [];
    if (outFolder === undefined) return builds;
    return builds.map((build) =>
      build.output === undefined ? build : { ...build, output: posix.join(cwd, outFolder, posix.basename(build.output)) },
    );
  }

  /** A script that builds by itself: what its arguments name, what it hands to a bundler, or the entries that it mentions. */
  #ofScript({ tool, sources }: BuildCommand, cwd: string): readonly Build[] {
    const path = posix.join(cwd, tool);
    const text = this.#resolver.files.has(path) ? this.#resolver.files.text(path) : undefined;
    // A script that is not here, but is called like a bundler, is one that other repositories share.
    if (text === undefined ? !bundlers.test(posix.basename(path)) : !bundlers.test(text)) return [];
    if (sources.length > 0) return sources.map((source) => ({ tool: path, sources: [posix.join(cwd, source.path)] }));
    const data = text === undefined ? undefined : this.#read(path);
    if (!data) return [];
    const folders = { own: posix.dirname(path), cwd };
    const built = data.built.flatMap((settings) => buildsOf(path, settings, folders)).map((build) => ({ ...build, ownScript: true }));
    if (built.length > 0) return built;
    return data.mentioned.map((source) => ({ tool: path, sources: [inFolders(source, folders)] }));
  }

  readonly #read = (path: string): ConfigData | undefined =>
    this.#resolver.files.derive(path, configKind, (file) => readConfigData(file.path, file.text));
}

/** `swc server -d dist` writes `dist/server/a.js` or, where paths are stripped (and by Babel), `dist/a.js`. */
function compiled({ tool, sources, outFolder, outFile }: BuildCommand, cwd: string): readonly Build[] {
  if (outFile !== undefined && sources[0])
    return [{ tool, output: stem(posix.join(cwd, outFile)), sources: [stem(posix.join(cwd, sources[0].path))] }];
  if (outFolder === undefined) return [];
  const output = posix.join(cwd, outFolder);
  return sources.map(({ path }) => ({ tool, output, sources: [posix.join(cwd, path), cwd === '' ? '.' : cwd], folder: true }));
}
