/** Builders of facts and files, so that a test names only what it is about. */
import type { Container, ImageStage, PackageManifest, Purpose, Setting, Workload } from '../../src/facts.ts';
import type { FileAccess, Language, Program } from '../../src/languages/language.ts';
import { buildRepository } from '../../src/model/index.ts';
import { atOnce } from '../../src/steps.ts';
import type { AnyFact, Fact, Place, Repository, Service } from '../../src/types.ts';

export const at = (path: string, line = 1): Place => ({ path, line, column: 1, endLine: line, endColumn: 2 });
export const known = <T>(value: T, place: Place): Setting<T> => ({ known: true, value, place });

export function makePackage(
  root: string,
  value: { [K in 'name' | 'private']?: PackageManifest[K] } & {
    scripts?: Record<string, string>;
    dependencies?: readonly string[];
    workspaces?: readonly string[];
    main?: string;
    bin?: Record<string, string>;
  } = {},
): Fact<'package'> {
  const place = at(root === '' ? 'package.json' : `${root}/package.json`);
  return {
    kind: 'package',
    place,
    confidence: 'certain',
    value: {
      name: value.name,
      root,
      private: value.private ?? true,
      type: 'commonjs',
      ...(value.main ? { main: { path: value.main, place } } : {}),
      bin: value.bin ?? {},
      scripts: Object.fromEntries(
        Object.entries(value.scripts ?? {}).map(([name, command], index) => [name, { command, place: at(place.path, index + 3) }]),
      ),
      dependencies: Object.fromEntries((value.dependencies ?? []).map((name) => [name, { range: '*', place }])),
      devDependencies: {},
      workspaces: value.workspaces ?? [],
      namePlace: at(place.path, 2),
    },
  };
}

export interface StageSketch {
  readonly name?: string;
  readonly from?: string;
  readonly baseStage?: number;
  readonly workdir?: string;
  readonly copies?: readonly (readonly [sources: string | readonly string[], target: string, from?: string])[];
  readonly runs?: readonly string[];
  readonly cmd?: readonly string[] | string;
  readonly entrypoint?: readonly string[] | string;
  readonly env?: Readonly<Record<string, string>>;
}

export function makeImage(path: string, stages: readonly StageSketch[], purpose: Purpose = 'unknown'): Fact<'image'> {
  const place = at(path);
  const command = (given: readonly string[] | string | undefined, line: number) =>
    given === undefined
      ? undefined
      : typeof given === 'string'
        ? ({ form: 'shell', words: [given], place: at(path, line) } as const)
        : ({ form: 'exec', words: given, place: at(path, line) } as const);
  const made = stages.map(
    (sketch, index): ImageStage => ({
      name: sketch.name,
      index,
      base: known(sketch.from ?? 'node:22', place),
      baseStage: sketch.baseStage,
      workdir: sketch.workdir ? known(sketch.workdir, place) : undefined,
      env: Object.entries(sketch.env ?? {}).map(([name, value]) => ({ name, value: known(value, place), place })),
      args: [],
      expose: [],
      entrypoint: command(sketch.entrypoint, 8),
      cmd: command(sketch.cmd, 9),
      copies: (sketch.copies ?? []).map(([sources, target, from]) => ({
        from,
        sources: typeof sources === 'string' ? [sources] : sources,
        target,
        workdir: sketch.workdir,
        place,
      })),
      runs: (sketch.runs ?? []).map((text) => ({ command: text, place })),
      volumes: [],
      place,
    }),
  );
  return { kind: 'image', place, confidence: 'certain', value: { stages: made, purpose, name: path } };
}

export function makeContainer(name: string, path: string, value: Partial<Container> & { imageName?: string } = {}): Container {
  const { imageName, ...rest } = value;
  return {
    name,
    ...(imageName ? { image: known(imageName, at(path, 5)) } : {}),
    ports: [],
    env: [],
    envFrom: [],
    resources: {},
    mounts: [],
    security: {},
    place: at(path, 4),
    namePlace: at(path, 4),
    ...rest,
  };
}

export function makeWorkload(path: string, name: string, value: Partial<Workload> = {}, line = 1): Fact<'workload'> {
  return {
    kind: 'workload',
    place: at(path, line),
    confidence: 'certain',
    value: {
      platform: 'kubernetes',
      kind: 'Deployment',
      name,
      purpose: 'unknown',
      longRunning: true,
      labels: { app: name },
      containers: [],
      initContainers: [],
      volumes: [],
      claimTemplates: [],
      dependsOn: [],
      annotations: {},
      profiles: [],
      namePlace: at(path, line + 1),
      ...value,
    },
  };
}

/** A Compose service; `build` names its context. */
export const makeComposeService = (
  path: string,
  name: string,
  value: Partial<Workload> & { context?: string; container?: Parameters<typeof makeContainer>[2]; target?: string; line?: number } = {},
): Fact<'workload'> => {
  const { context, container, target, line = 1, ...rest } = value;
  return makeWorkload(
    path,
    name,
    {
      platform: 'compose',
      kind: 'service',
      labels: {},
      containers: [makeContainer(name, path, container)],
      ...(context === undefined ? {} : { build: { context, target, args: {}, place: at(path, line + 1) } }),
      ...rest,
    },
    line,
  );
};

export function makeScript(path: string, lines: readonly string[]): Fact<'shell-script'> {
  const commands = lines.map((line, index) => ({ line, place: at(path, index + 2) }));
  return { kind: 'shell-script', place: at(path), confidence: 'certain', value: { commands, exports: [], execs: true, traps: false } };
}

const filesOf = (texts: Readonly<Record<string, string>>): FileAccess => {
  const paths = Object.keys(texts).sort();
  return {
    has: (path) => path in texts,
    under: (folder) => paths.filter((path) => folder === '' || path.startsWith(`${folder}/`)),
    text: (path) => texts[path],
    derive: (path, _kind, make) => (texts[path] === undefined ? undefined : make({ path, text: texts[path] })),
  };
};

/** A language that takes every entry for a source file and gives the facts that the test hands over for it. */
export const fakeLanguage = (facts: Readonly<Record<string, readonly AnyFact[]>> = {}): Language => ({
  id: 'fake',
  manifests: ['package.json'],
  owns: (path) => path.endsWith('.js'),
  program: ({ entries }): Program => ({
    entries,
    complete: true,
    files: entries.map(({ path }) => path),
    facts: entries.flatMap(({ path }) => facts[path] ?? []),
    notAssessed: [],
    reached: (functions) => new Set(functions.flatMap((id) => [id, `${id}/inner`])),
  }),
});

/** Builds a repository of facts; files that hold them exist, and so do `files`. */
export function build(
  facts: readonly AnyFact[],
  files: readonly string[] | Readonly<Record<string, string>> = [],
  code: Readonly<Record<string, readonly AnyFact[]>> = {},
): Repository {
  const named = Array.isArray(files) ? Object.fromEntries(files.map((path: string) => [path, ''])) : (files as Record<string, string>);
  const texts = { ...Object.fromEntries(facts.map(({ place }) => [place.path, ''])), ...named };
  const roleOf = (path: string) => (/(^|\/)(?:test|examples?)\//.test(path) ? 'test' : 'production') as 'test' | 'production';
  return atOnce(buildRepository({ facts, files: filesOf(texts), languages: [fakeLanguage(code)], roleOf, notAssessed: [] }));
}

export function serviceOf(repository: Repository, name: string): Service {
  const found = repository.services.find((service) => service.name === name);
  if (!found) throw new Error(`no service ${name} in ${repository.services.map((service) => service.name).join(', ')}`);
  return found;
}
export const namesOf = (repository: Repository): readonly string[] => repository.services.map(({ name, kind }) => `${name}:${kind}`);
