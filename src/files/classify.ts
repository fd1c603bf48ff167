/** What a path is for, told by its folders and name alone, relative to what is being analysed. */
import type { Artifact } from '../types.ts';
import { makeIsRelease } from './releases.ts';
import { makeIsRetired } from './retired.ts';

type Role = Artifact['role'];

const folderRoles: ReadonlyMap<string, Role> = new Map(
  Object.entries({
    test: ['test', 'tests', '__tests__', '__test__', 'spec', 'specs', '__mocks__', '__fixtures__', '__snapshots__', 'e2e', 'e2e-tests'],
    example: ['example', 'examples', '.example', '.examples', 'sample', 'samples', 'playground', 'playgrounds'],
    documentation: ['docs', 'doc', 'documentation', 'docs-site'],
    vendored: ['third_party', 'third-party', '3rdparty', 'bower_components', '.yarn', 'node_modules'],
    generated: ['__generated__', '.next', '.nuxt', '.output', '.svelte-kit', '.turbo', 'coverage'],
    tooling: ['seeds', 'seeders', 'seeder', '.github', '.circleci', '.vscode', '.storybook', '.husky', 'codemods'],
  }).flatMap(([role, names]) => names.map((name) => [name, role as Role] as const)),
);
/** `integration-tests/`, `smoke-test/`: whole words joined, so that a service of that name would say so itself. */
const suiteFolder =
  /^(?:integration|functional|acceptance|smoke|system|load|performance|stress|contract|e2e|end-to-end)[-_]?tests?$|^itests$|^[\w.-]{1,80}\.(?:unit|integration|functional|acceptance|e2e)?tests?$/;
/** `data-example/`, `config.sample/`: what somebody copies and fills in. A service would say `example-api`. */
const exampleFolder = /^(?:data|conf|config|env|envs|settings|etc|secrets)[-_.](?:examples?|samples?)$/;
/** `mock/`, `mock-server/`: stands in for a service of others while people develop. */
const mockFolder = /^mock(?:[-_]?(?:server|api|service|backend)s?)?$/;
/** Source sets of Gradle and Maven beside `main`: `src/intTest`, `src/it`. */
const sourceSet = /^(?:\w+Tests?|it|testFixtures)$/;
/** Second group of test folders: names that programs use for other things too, so only whole words that are never services. */
const moreTestFolders = new Set([
  'cypress',
  'playwright',
  'testing',
  'fixtures',
  'fixture',
  'mocks',
  'stories',
  'test-utils',
  'testdata',
  'test-data',
  'benchmarks',
  'benchmark',
]);
/** `bin/Release`, `obj/Debug`: what .NET builds. */
const isBuiltByDotnet = (name: string, above: string | undefined): boolean =>
  /^(?:debug|release)$/.test(name) && /^(?:bin|obj)$/i.test(above ?? '');
const toolingFolders = new Set(['scripts', 'tools', 'migrations', 'hack']);
const browserFolders = new Set(['public', 'static', 'wwwroot']);
const outputFolders = new Set(['dist', 'build', 'out', 'generated']);
/** `vendor` inside one of these holds copies of browser libraries; elsewhere it may be a service that is about vendors. */
const vendorParents = new Set(['public', 'static', 'assets', 'js', 'css', 'lib', 'libs', 'wwwroot', 'plugins']);

const fileRoles: readonly (readonly [RegExp, Role])[] = [
  [/[.\-_](?:test|tests|spec|e2e|cy|stories|story|fixture|mock|bench)\.[cm]?[jt]sx?$/, 'test'],
  [/^tests?[.\-_]?(?:utils?|helpers?|setup)\.[cm]?[jt]sx?$/i, 'test'],
  [
    /^(?:jest|vitest|cypress|playwright|karma|mocha|wdio|nightwatch|ava|babel|webpack|rollup|vite|eslint|prettier|postcss|tailwind|gulpfile|gruntfile|commitlint|lint-staged|tsup|esbuild)[\w.-]*\.(?:config|conf|setup)?\.?[cm]?[jt]s$/i,
    'tooling',
  ],
  [/(?:[.-]min|\.bundle|\.chunk)\.(?:js|mjs|css)$/, 'generated'],
  [/\.(?:generated|gen|g)\.[cm]?[jt]s$/, 'generated'],
  [/\.d\.[cm]?ts$/, 'generated'],
  [/\.(?:md|mdx|rst|adoc)$/i, 'documentation'],
];

export interface ClassifyInput {
  readonly paths: ReadonlySet<string>;
  /** Folders that the user asked for: what lies above them says nothing. */
  readonly bases: readonly string[];
}

/** Strips the folders that the user chose himself. */
function belowBase(path: string, bases: readonly string[]): string {
  let best = '';
  for (const base of bases) if (base.length > best.length && path.startsWith(`${base}/`)) best = base;
  return best ? path.slice(best.length + 1) : path;
}

/** What managers of dependencies write into it (Go, govendor, Composer). */
const vendorLists = ['modules.txt', 'vendor.json', 'autoload.php'];
const buildFiles = ['package.json', 'composer.json', 'go.mod', 'Gemfile', 'Cargo.toml'];
/** `vendor/` beside a dependency file of PHP, Go or Ruby holds dependencies; with a package.json of its own it is a part of the program. */
function isVendorFolder(input: ClassifyInput, folder: string, parent: string | undefined): boolean {
  if (parent !== undefined && vendorParents.has(parent)) return true;
  if (vendorLists.some((name) => input.paths.has(`${folder}/${name}`))) return true;
  const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/') + 1));
  if (above === '') return !buildFiles.some((name) => input.paths.has(`${folder}/${name}`)) && !input.paths.has(`${folder}/Dockerfile`);
  return ['composer.json', 'go.mod', 'Gemfile', 'Gopkg.toml', 'glide.yaml'].some((name) => input.paths.has(above + name));
}

const templateFolders = new Set(['template', 'templates']);
/** A package among the sources of a generator, which writes it for its users: `cli/src/templates/api`, `create-shop/template`. */
function isScaffold(input: ClassifyInput, folder: string, names: readonly string[], index: number): boolean {
  const at = templateFolders.has(names[index]!) ? index : index - 1;
  const before = names[at - 1];
  if (!templateFolders.has(names[at] ?? '') || before === undefined || !input.paths.has(`${folder}/package.json`)) return false;
  if (before.startsWith('create-')) return true;
  const above = folder
    .split('/')
    .slice(0, at - index - 2)
    .join('/');
  return before === 'src' && input.paths.has(above === '' ? 'package.json' : `${above}/package.json`);
}

interface Judged extends ClassifyInput {
  readonly isRelease: (folder: string) => boolean;
}

const jvmSources = new Set(['java', 'kotlin', 'scala', 'groovy']);
/** How deep a folder lies in the packages of `src/main/java`; 0 elsewhere. */
function packageDepth(names: readonly string[], index: number): number {
  const root = names.findIndex((name, at) => jvmSources.has(name) && names[at - 1] === 'main' && names[at - 2] === 'src');
  return root < 0 || root >= index ? 0 : index - root;
}

/** `com.example` and `org.example` are what IDEs call a program whose maker names none, and `com.acme.tools` is a part of it. */
const isPackage = (name: string, depth: number): boolean =>
  depth > 0 && (toolingFolders.has(name) || browserFolders.has(name) || outputFolders.has(name) || (depth <= 2 && groupNames.test(name)));
const groupNames = /^(?:examples?|samples?|tests?)$/;

function judgeFolder(input: Judged, folder: string, names: readonly string[], index: number): Role | undefined {
  const name = names[index]!.toLowerCase();
  if (isPackage(name, packageDepth(names, index))) return undefined;
  const known = folderRoles.get(name);
  if (known) return known;
  if (moreTestFolders.has(name) || suiteFolder.test(name) || mockFolder.test(name)) return 'test';
  if (exampleFolder.test(name)) return 'example';
  if (names[index - 1] === 'src' && sourceSet.test(names[index]!)) return 'test';
  if (isBuiltByDotnet(name, names[index - 1])) return 'generated';
  if (outputFolders.has(name)) return isOutput(input, folder) ? 'generated' : undefined;
  if (toolingFolders.has(name)) return 'tooling';
  if (browserFolders.has(name)) return 'browser';
  if (isScaffold(input, folder, names, index)) return 'example';
  if (input.isRelease(folder)) return 'vendored';
  return name === 'vendor' && isVendorFolder(input, folder, names[index - 1]) ? 'vendored' : undefined;
}

/** Compiled output lies beside the package.json that made it; `build/` elsewhere often holds Dockerfiles that people wrote. */
function isOutput(input: ClassifyInput, folder: string): boolean {
  const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/') + 1));
  if (['Dockerfile', 'package.json', 'docker-compose.yml'].some((name) => input.paths.has(`${folder}/${name}`))) return false;
  return folder.endsWith('dist') || folder.endsWith('generated') || input.paths.has(`${above}package.json`);
}

/** Worst role wins when folders are nested: a test inside examples is a test. */
const order: readonly Role[] = ['vendored', 'generated', 'test', 'example', 'documentation', 'tooling', 'browser', 'production'];
const worse = (a: Role, b: Role): Role => (order.indexOf(a) <= order.indexOf(b) ? a : b);

/** Answers for any path; folders are judged once. */
export function makeRoleOf(given: ClassifyInput): (path: string) => Role {
  const input: Judged = { ...given, isRelease: makeIsRelease(given.paths) };
  const folders = new Map<string, Role>();
  const isRetired = makeIsRetired(input.paths);
  const roleOfFolder = (folder: string): Role => {
    if (folder === '') return 'production';
    const known = folders.get(folder);
    if (known) return known;
    const names = belowBase(`${folder}/x`, input.bases).split('/').slice(0, -1);
    const parent = names.length > 1 ? roleOfFolder(folder.slice(0, folder.lastIndexOf('/'))) : 'production';
    const named = names.length ? judgeFolder(input, folder, names, names.length - 1) : undefined;
    const own = named ?? (names.length && isRetired(folder) ? 'example' : 'production');
    const role = worse(parent, own);
    folders.set(folder, role);
    return role;
  };
  return (path) => {
    const slash = path.lastIndexOf('/');
    const role = roleOfFolder(slash < 0 ? '' : path.slice(0, slash));
    const name = path.slice(slash + 1);
    const own = fileRoles.find(([pattern]) => pattern.test(name))?.[1];
    return own ? worse(role, own) : role;
  };
}

const anchors = /(?:^|\/)(?:package\.json|pom\.xml|build\.gradle(?:\.kts)?|Dockerfile[^/]*|(?:docker-)?compose[^/]*\.ya?ml)$/i;

const imageFile = /(?:^|\/)Dockerfile$/;
const inScripts = /(?:^|\/)scripts\//;

/** Folders among the scripts that hold the image of the program, in a repository that builds it nowhere else. */
function foldersOfImages(paths: readonly string[], roleOf: (path: string) => Role): ReadonlySet<string> {
  const images = paths.filter((path) => imageFile.test(path));
  if (images.some((path) => roleOf(path) === 'production')) return new Set();
  const own = images.filter((path) => roleOf(path) === 'tooling' && inScripts.test(path));
  return new Set(own.map((path) => path.slice(0, path.lastIndexOf('/'))));
}

/**
 * A repository that consists of examples (or of nothing else that could be deployed) is judged for what it is:
 * roles that would exclude every deployable thing are lifted.
 */
export function chooseRoles(input: ClassifyInput): (path: string) => Role {
  const plainRoleOf = makeRoleOf(input);
  const deployable = [...input.paths].filter((path) => anchors.test(path));
  const images = foldersOfImages(deployable, plainRoleOf);
  const roleOf = (path: string): Role => {
    const role = plainRoleOf(path);
    return role === 'tooling' && images.has(path.slice(0, Math.max(0, path.lastIndexOf('/')))) ? 'production' : role;
  };
  for (const lifted of [[], ['example'], ['example', 'documentation', 'test']] as Role[][]) {
    const lift = (path: string): Role => {
      const role = roleOf(path);
      return lifted.includes(role) ? 'production' : role;
    };
    if (deployable.some((path) => ['production', 'tooling', 'browser'].includes(lift(path)))) return lift;
  }
  return roleOf;
}
