import type { ImageStage } from '../../src/facts.ts';
import { findDockerIgnore, findGitIgnore } from '../../src/text/ignore-patterns.ts';
import { contributingStages, runImages } from '../../src/text/image-questions.ts';
import { readProjectInstall } from '../../src/text/project-installs.ts';
import { splitCommands } from '../../src/text/shell-words.ts';
import { readNamedInstalls } from '../../src/text/unpinned-installs.ts';
import type { Fact, Place, Report, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];
const inFolder = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** The nearest lock file in the folder or above it: workspaces share one. */
function findLock(root: string, repository: Repository): string | undefined {
  for (let folder = root; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const found = lockFiles.map((name) => inFolder(folder, name)).find((path) => repository.exists(path));
    if (found !== undefined || folder === '') return found;
  }
}

/** The .gitignore line that keeps lock files of this folder out of version control. */
function findIgnoredLock(root: string, repository: Repository): { place: Place; pattern: string } | undefined {
  for (const { place, value } of repository.facts.all('ignore-list')) {
    const around = value.root === '' || root === value.root || root.startsWith(`${value.root}/`);
    if (value.kind !== 'git' || !around) continue;
    const below = value.root === '' ? root : root.slice(value.root.length + 1);
    const pattern = lockFiles.map((name) => findGitIgnore(value.patterns, inFolder(below, name))).find((hit) => hit !== undefined);
    const line = pattern === undefined ? undefined : value.lines?.[value.patterns.indexOf(pattern)];
    if (pattern !== undefined && line !== undefined)
      return { place: { ...place, line, endLine: line, endColumn: pattern.length + 1 }, pattern };
  }
  return undefined;
}

interface Install {
  readonly stage: ImageStage;
  readonly place: Place;
  readonly command: string;
  readonly ignoresLock: boolean;
}

const installWords = new Set(['install', 'i']);
/** Options that take the next word. */
const withValue = new Set([
  '--prefix',
  '--workspace',
  '-w',
  '--registry',
  '--omit',
  '--only',
  '--include',
  '--loglevel',
  '--cache',
  '--network-timeout',
  '--filter',
  '-F',
  '--dir',
  '-C',
]);
/** `npx --yes yarn install`, `corepack pnpm install`. */
function withoutLauncher(words: readonly string[]): readonly string[] {
  if (words[0] !== 'npx' && words[0] !== 'corepack') return words;
  const start = words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  return start < 0 ? [] : words.slice(start);
}

/** `npm install` of the package itself: no package named, not global. `npm ci` refuses to run without a lock file. */
function readInstall(written: readonly string[]): { command: string; ignoresLock: boolean } | undefined {
  const words = withoutLauncher(written);
  const [manager = '', subcommand = ''] = words;
  if (!['npm', 'yarn', 'pnpm', 'bun'].includes(manager)) return undefined;
  const isInstall = installWords.has(subcommand) || (manager === 'yarn' && (subcommand === '' || subcommand.startsWith('--')));
  const rest = words.slice(installWords.has(subcommand) ? 2 : 1);
  const options = rest.filter((word) => word.startsWith('-'));
  const named = manager !== 'yarn' && rest.some((word, index) => !word.startsWith('-') && !withValue.has(rest[index - 1] ?? ''));
  if (
    !isInstall ||
    named ||
    options.some((option) => /^(?:-g|--global|--location|--immutable|--version|--help)/.test(option)) ||
    // Yarn alone goes on without the file (yarnpkg/yarn#5840).
    (manager !== 'yarn' && options.includes('--frozen-lockfile'))
  )
    return undefined;
  const ignoresLock = options.some((option) => /^--(?:no-package-lock|no-lockfile|package-lock=false)$/.test(option));
  return { command: `${manager} ${installWords.has(subcommand) ? subcommand : 'install'}`, ignoresLock };
}

const readInstalls = (stage: ImageStage): readonly Install[] =>
  stage.runs.flatMap(({ command, place }) =>
    splitCommands(command).flatMap(({ words }) => {
      const install = readInstall(words);
      return install ? [{ stage, place, ...install }] : [];
    }),
  );

const before = (a: Place, b: Place): boolean => a.line < b.line;
/** `package*.json` takes package-lock.json along, and no yarn.lock. */
function mayBringLock(source: string, lock: string): boolean {
  const name = source.split('/').at(-1)!;
  if (/lock|shrinkwrap|[?$[]/i.test(name)) return true;
  if (!name.includes('*')) return false;
  const [start = '', ...rest] = name.split('*');
  const own = lock.split('/').at(-1)!;
  return own.startsWith(start) && own.endsWith(rest.at(-1)!);
}

/** `dist`, `src/`: a folder below the context that the lock file does not lie in. */
function isFolderWithout(lock: string, source: string, context: string): boolean {
  const folder = source.replace(/^\.?\/+|\/+$/g, '');
  return folder !== '' && folder !== '.' && !/[*?$[]/.test(folder) && !lock.startsWith(`${inFolder(context, folder)}/`);
}

/** The COPY that takes package.json and not its lock file; `undefined` when that or a whole context may come along. */
function copiesManifestOnly(stages: readonly ImageStage[], { stage, place }: Install, lock: string, context: string): Place | undefined {
  // What another stage has is here only where it is copied from there.
  const lineage = [stage];
  for (let base = stage.baseStage; base !== undefined && lineage.length <= stages.length; base = stages[base]!.baseStage)
    lineage.push(stages[base]!);
  const copies = lineage.flatMap((each) => each.copies.filter((copy) => each !== stage || before(copy.place, place)));
  if (copies.some(({ from }) => from !== undefined)) return undefined;
  const sources = copies.flatMap((copy) => copy.sources.map((source) => ({ source, place: copy.place })));
  const manifest = sources.find(({ source }) => /(?:^|\/)package\*?\.json$/.test(source));
  if (!manifest || sources.some(({ source }) => mayBringLock(source, lock))) return undefined;
  const onlyFiles = sources.every(({ source }) => /\.[a-z]{2,5}$|(?:^|\/)\.\w+rc$/i.test(source) || isFolderWithout(lock, source, context));
  return onlyFiles ? manifest.place : undefined;
}

function checkImages(repository: Repository, report: (finding: Report) => void): void {
  for (const { fact, stage, context } of runImages(repository)) {
    const installs = contributingStages(fact.value.stages, stage).flatMap(readInstalls);
    const lock = findLock(context, repository);
    const docker = repository.facts.all('ignore-list').find(({ place }) => place.path === inFolder(context, '.dockerignore'));
    for (const install of installs) {
      const { command } = install;
      const copied = lock === undefined ? undefined : copiesManifestOnly(fact.value.stages, install, lock, context);
      const pattern =
        lock && docker ? findDockerIgnore(docker.value.patterns, lock.slice(context === '' ? 0 : context.length + 1)) : undefined;
      const subject = `image:${install.stage.index}`;
      if (install.ignoresLock) report({ message: 'switched-off', data: { command }, place: install.place, subject });
      else if (copied)
        report({
          message: 'not-copied',
          data: { command },
          place: install.place,
          related: [{ place: copied, message: 'only package.json is copied' }],
          subject,
        });
      else if (pattern !== undefined && docker) {
        const line = docker.value.lines?.[docker.value.patterns.indexOf(pattern)] ?? 1;
        const place = { ...docker.place, line, endLine: line, endColumn: pattern.length + 1 };
        report({
          message: 'left-out',
          data: { command, pattern },
          place: install.place,
          related: [{ place, message: 'the lock file is left out here' }],
          subject,
        });
      } else continue;
      break;
    }
  }
}

function checkPackage(found: Fact<'package'>, repository: Repository, report: (finding: Report) => void): void {
  const { root, dependencies } = found.value;
  const names = Object.keys(dependencies);
  if (names.length === 0 || findLock(root, repository) !== undefined) return;
  const ignored = findIgnoredLock(root, repository);
  report({
    message: 'no-lock',
    data: { path: found.place.path, count: names.length },
    place: found.value.namePlace,
    related: ignored ? [{ place: ignored.place, message: `\`${ignored.pattern}\` keeps it out of version control` }] : [],
    subject: `package:${root}`,
  });
}

const pythonLocks = ['poetry.lock', 'Pipfile.lock', 'uv.lock', 'pdm.lock', 'requirements.lock', 'constraints.txt', 'requirements.in'];

const isProject = (place: Place): boolean => place.path.endsWith('pyproject.toml');
const packagesAt = (root: string, repository: Repository): readonly Fact<'package'>[] =>
  repository.facts.all('package').filter(({ value }) => value.root === root && value.requirements !== undefined);

/** The lock file that fixes what a pyproject.toml lists; workspaces share one. */
function findPythonLock(root: string, repository: Repository): string | undefined {
  for (let folder = root; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const found = pythonLocks.map((name) => inFolder(folder, name)).find((path) => repository.exists(path));
    if (found !== undefined || folder === '') return found;
  }
}

/** An image that installs the ranges of a pyproject.toml, without a lock file or past it. */
function checkProject(root: string, service: Service, repository: Repository, report: (finding: Report) => void): void {
  const project = packagesAt(root, repository).find(({ place }) => isProject(place));
  const { count, open } = project?.value.requirements ?? { count: 0, open: [] };
  const [first, ...others] = open;
  if (!project || !first || open.length * 2 < count) return;
  const lock = findPythonLock(root, repository);
  for (const { fact, stage } of service.images) {
    if (fact.value.purpose === 'test' || fact.value.purpose === 'development') continue;
    const runs = contributingStages(fact.value.stages, stage).flatMap((each) => each.runs);
    const install = readProjectInstall(runs.map(({ command }) => command));
    if (!install || (lock !== undefined && !install.passesLock)) continue;
    const { command, index } = install;
    const { path } = project.place;
    const subject = `requirements:${root}`;
    const related = others.slice(0, 20).map(({ place, name }) => ({ place, message: `\`${name}\` is open, too` }));
    if (lock === undefined)
      report({ message: 'unpinned', data: { path, open: open.length, count, name: first.name }, place: first.place, related, subject });
    else report({ message: 'passed-over', data: { command, path, lock }, place: runs[index]!.place, subject });
    return;
  }
}

/** A requirements.txt that leaves most versions open, where no lock file of another tool stands beside it. */
function checkRequirements(root: string, service: Service, repository: Repository, report: (finding: Report) => void): void {
  const isRun = service.images.length > 0 || service.deployments.length > 0;
  if (!isRun || pythonLocks.some((name) => repository.exists(inFolder(root, name)))) return;
  const fact = packagesAt(root, repository).find(({ place }) => !isProject(place));
  const { count, open } = fact?.value.requirements ?? { count: 0, open: [] };
  const [first, ...others] = open;
  if (!fact || !first || open.length * 2 < count) return;
  report({
    message: 'unpinned',
    data: { path: fact.place.path, open: open.length, count, name: first.name },
    place: first.place,
    related: others.slice(0, 20).map(({ place, name }) => ({ place, message: `\`${name}\` is open, too` })),
    subject: `requirements:${root}`,
  });
}

/** The program's packages are named in the Dockerfile alone, and their versions nowhere. */
function checkNamedInstalls(repository: Repository, report: (finding: Report) => void): void {
  // What the workspace itself holds is linked, not fetched.
  const own = new Set(repository.facts.all('package').map(({ value }) => value.name));
  for (const { fact, stage } of runImages(repository)) {
    const stages = contributingStages(fact.value.stages, stage);
    const takesSource = stages.some(({ copies }) => copies.some(({ from }) => from === undefined));
    const installs = stages.flatMap(({ runs }) =>
      runs.flatMap(({ command, place }) =>
        readNamedInstalls(command).map((install) => ({ ...install, open: install.open.filter((name) => !own.has(name)), place })),
      ),
    );
    const [first, ...others] = installs.filter(({ open }) => open.length > 0);
    if (!first || !takesSource || installs.some(({ fromFile }) => fromFile)) continue;
    report({
      message: 'named',
      data: { command: first.command, name: first.open[0]! },
      place: first.place,
      related: others.map(({ place, open }) => ({ place, message: `\`${open[0]}\` is open, too` })),
      subject: `image:${stage.index}:named`,
    });
  }
}

const consequence = 'Two builds of the same commit can hold different versions, so replicas and rollbacks are not what was tested.';

export default defineRule({
  summary: 'dependencies are not locked to versions',
  factors: [2],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A service has no lock file beside its package.json or at the root of its workspace, or its image installs without one; or most lines of its requirements.txt or of the pyproject.toml that its image installs name no version, and no lock file of another tool decides; or its image installs packages by name alone.',
    why: 'Ranges such as `^4.18.0` resolve to whatever is newest on the day of the build, deep dependencies included.',
    how: 'Commit the lock file, copy it into the image before the install, and install with `npm ci`, `yarn install --immutable` or `pnpm install --frozen-lockfile`.',
    bad: 'COPY package.json ./\nRUN npm install',
    good: 'COPY package.json package-lock.json ./\nRUN npm ci',
    references: ['https://12factor.net/dependencies', 'https://docs.npmjs.com/cli/commands/npm-ci'],
  },
  messages: {
    'no-lock': {
      text: 'No lock file fixes the versions of the {count} dependencies in `{path}`.',
      consequence,
      next: 'Commit the lock file of your package manager, and install with `npm ci` or its equivalent.',
    },
    unpinned: {
      text: '`{path}` leaves the versions of {open} of its {count} packages open, such as `{name}`.',
      consequence,
      next: 'Name each version with `==`, or lock them with pip-compile, Poetry or uv, and install from that file.',
    },
    'passed-over': {
      text: '`{command}` in the image takes the versions from the ranges in `{path}`, and not from `{lock}`.',
      consequence,
      next: 'Install what the lock file says: `uv sync --frozen`, `poetry install`, or a requirements.txt that is exported from it.',
    },
    named: {
      text: '`{command}` in the image names no version of `{name}`, and no file of the repository does.',
      consequence,
      next: 'Write the versions down in a file that the image copies and installs from.',
    },
    'not-copied': {
      text: '`{command}` runs in the image before the lock file is copied.',
      consequence,
      next: 'Copy the lock file beside package.json, and install with `npm ci` or its equivalent.',
    },
    'left-out': {
      text: '`{command}` runs without the lock file, which `{pattern}` in .dockerignore leaves out.',
      consequence,
      next: 'Take the lock file out of .dockerignore, and install with `npm ci` or its equivalent.',
    },
    'switched-off': {
      text: '`{command}` is told to ignore the lock file.',
      consequence,
      next: 'Install with `npm ci`, `yarn install --immutable` or `pnpm install --frozen-lockfile`.',
    },
  },
  checkService(service, report, repository) {
    const own = service.package;
    if (own?.value.ecosystem === 'python') {
      checkRequirements(own.value.root, service, repository, report);
      checkProject(own.value.root, service, repository, report);
    } else if (own) checkPackage(own, repository, report);
  },
  checkRepository(repository, report) {
    checkImages(repository, report);
    checkNamedInstalls(repository, report);
  },
});
