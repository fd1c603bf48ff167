import type { Container, Setting } from '../../src/facts.ts';
import { defaultUserOf } from '../../src/text/image-bases.ts';
import { baseOf, type RunImage, runImages } from '../../src/text/image-questions.ts';
import { isAgentContainer } from '../../src/text/node-agents.ts';
import { isPatched, isProduction } from '../../src/text/workload-questions.ts';
import type { Deployment, Fact, Place, Report, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** `0`, `root`, with or without a group. */
const isRoot = (user: string | number): boolean => /^(?:0+|root)(?::|$)/.test(String(user).trim());

/** Programs that start as root and go on as another user. */
const dropsPrivileges =
  /\b(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|setuidgid|chpst|s6-overlay)\b|\bsu\s+(?:-\s+)?\w+\s+-c\b|\bsu\s+-c\b/;

const runsAsRoot = ({ runAsUser, runAsNonRoot }: Container['security']): boolean =>
  runAsUser?.known === true && isRoot(runAsUser.value) && !(runAsNonRoot?.known && runAsNonRoot.value);

/** The platform starts it as another user, or may do so. */
const runsAsOther = ({ runAsUser, runAsNonRoot }: Container['security']): boolean => {
  const told = (setting: Setting<unknown> | undefined, fits: (value: unknown) => boolean) =>
    setting !== undefined && (!setting.known || fits(setting.value));
  return told(runAsNonRoot, (value) => value === true) || told(runAsUser, (value) => !isRoot(value as string | number));
};

/** Where the run stage shows that it runs as root; `undefined` when it does not, or nobody can tell. */
function findRoot({ lineage, stage }: RunImage): { message: string; place: Place; base: string } | undefined {
  const base = baseOf(lineage);
  const user = lineage.find((each) => each.user)?.user;
  const name = base?.known ? base.value.split('@')[0]! : 'its base image';
  if (user) return user.known && isRoot(user.value) ? { message: 'explicit', place: user.place, base: name } : undefined;
  if (!base?.known || defaultUserOf(base.value) !== 'root') return undefined;
  return { message: 'missing', place: stage.place, base: base.value.split('@')[0]! };
}

/** An entrypoint script of the repository, or a command of the image, drops root itself. */
function dropsRoot({ lineage }: RunImage, repository: Repository): boolean {
  const commands = lineage.flatMap(({ entrypoint, cmd }) => [...(entrypoint?.words ?? []), ...(cmd?.words ?? [])]);
  if (lineage.some(({ runs }) => runs.some(({ command }) => dropsPrivileges.test(command))) || dropsPrivileges.test(commands.join(' ')))
    return true;
  const scripts = new Set(commands.flatMap((word) => word.split(/\s+/)).map((word) => word.split('/').at(-1)!));
  return repository.facts
    .all('shell-script')
    .some(
      ({ place, value }) => scripts.has(place.path.split('/').at(-1)!) && value.commands.some(({ line }) => dropsPrivileges.test(line)),
    );
}

/** Images without a command of their own are bases for others, unless something runs them. */
const isRun = ({ lineage, deployments }: RunImage): boolean => {
  const base = baseOf(lineage);
  const serves = base?.known && /(?:^|\/)(?:tomcat|tomee|php|jetty)/.test(base.value);
  return deployments.length > 0 || serves === true || lineage.some(({ entrypoint, cmd }) => entrypoint || cmd);
};

/** Work that Compose does once beside the program. */
const isErrand = ({ platform, workload }: Deployment): boolean => platform === 'compose' && !workload.value.longRunning;

interface RootImage {
  readonly image: RunImage;
  readonly root: NonNullable<ReturnType<typeof findRoot>>;
}

function findRootImage(image: RunImage, repository: Repository): RootImage | undefined {
  const root = findRoot(image);
  if (!root || !isRun(image) || dropsRoot(image, repository)) return undefined;
  const { deployments } = image;
  if (deployments.length > 0 && deployments.every((one) => runsAsOther(one.container.security) || isErrand(one))) return undefined;
  return { image, root };
}

/** One finding for each Dockerfile: its further targets hang under the first. */
function checkImages(repository: Repository, report: (finding: Report) => void): void {
  const byFile = new Map<string, RootImage[]>();
  for (const image of runImages(repository)) {
    const found = findRootImage(image, repository);
    const path = image.fact.place.path;
    if (found) byFile.set(path, [...(byFile.get(path) ?? []), found]);
  }
  for (const [first, ...others] of byFile.values()) {
    const { image, root } = first!;
    report({
      message: root.message,
      data: { base: root.base },
      place: root.place,
      related: [
        ...image.deployments
          .slice(0, 1)
          .map(({ container }) => ({ place: container.namePlace, message: 'it is run here without another user' })),
        ...others.map((other) => ({ place: other.root.place, message: 'this stage runs as root, too' })),
      ],
      subject: `image:${image.stage.name ?? ''}:${root.message}`,
    });
  }
}

interface Forced {
  readonly workload: string;
  readonly name: string;
  readonly place: Place;
}

/** Manifests that ask for root, whatever the image says: once for all that one file starts of an image. */
function checkWorkloads(repository: Repository, report: (finding: Report) => void): void {
  // Agents read what belongs to root on their machine.
  const agents = new Set(
    repository.services.flatMap(({ deployments }) =>
      deployments.filter(({ container, image }) => isAgentContainer(container, image)).map(({ container }) => container.namePlace),
    ),
  );
  const byImage = new Map<string, Forced[]>();
  for (const { place, value } of repository.facts.all('workload')) {
    if (value.purpose === 'test' || value.purpose === 'development' || repository.roleOf(place.path) === 'tooling') continue;
    for (const container of value.containers) {
      const { runAsUser } = container.security;
      if (!runAsUser || !runsAsRoot(container.security) || agents.has(container.namePlace) || isAgentContainer(container)) continue;
      const { image } = container;
      const key = image?.known ? `${place.path}\0${image.value}` : `${place.path}\0${runAsUser.place.line}`;
      byImage.set(key, [...(byImage.get(key) ?? []), { workload: value.name, name: container.name, place: runAsUser.place }]);
    }
  }
  for (const [first, ...others] of byImage.values()) {
    const { workload, name, place } = first!;
    report({
      message: 'forced',
      data: { name },
      place,
      related: others.map((other) => ({ place: other.place, message: `\`${other.name}\` is started as root here` })),
      subject: `workload:${workload}/${name}`,
    });
  }
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
/** So many workloads of a folder that restrict their containers show that it is meant. */
const fewestSiblings = 3;

/** The one workload of a folder that restricts nothing, where nearly all others do. */
function checkSiblings(repository: Repository, report: (finding: Report) => void): void {
  const built = new Set(repository.services.filter(({ images }) => images.length > 0).flatMap((service) => workloadsOf(service)));
  const folders = new Map<string, Fact<'workload'>[]>();
  for (const fact of repository.facts.all('workload')) {
    const { value, place } = fact;
    if (value.platform !== 'kubernetes' || !value.longRunning || !isProduction(value) || place.set !== undefined) continue;
    if (repository.roleOf(place.path) !== 'production') continue;
    const folder = folderOf(place.path);
    folders.set(folder, [...(folders.get(folder) ?? []), fact]);
  }
  for (const workloads of folders.values()) {
    const isOpen = ({ value }: Fact<'workload'>): boolean => value.containers[0] !== undefined && !value.containers[0].security.place;
    const open = workloads.filter(isOpen);
    const restricted = workloads.filter((fact) => fact.value.containers[0]?.security.place);
    if (restricted.length < fewestSiblings || restricted.length < open.length * 3) continue;
    for (const { value } of open) {
      if (built.has(`${value.kind}/${value.name}`) || isPatched(repository, value, 'securityContext')) continue;
      const [main] = value.containers;
      report({
        message: 'unrestricted',
        data: { name: main!.name, count: restricted.length },
        place: main!.namePlace,
        related: [{ place: restricted[0]!.value.containers[0]!.security.place!, message: 'a workload beside it restricts its container' }],
        subject: `workload:${value.name}/${main!.name}:unrestricted`,
      });
    }
  }
}
/** Images that are built here are judged by their Dockerfile. */
const workloadsOf = ({ deployments }: Service): readonly string[] =>
  deployments.filter(({ image }) => image).map(({ workload: { value } }) => `${value.kind}/${value.name}`);

const consequence =
  'A hole in the program gives an attacker root in the container, and clusters that enforce the restricted policy refuse to start it.';

export default defineRule({
  summary: 'the container runs as root',
  factors: [15],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The stage that is run sets no `USER`, or sets root, and no deployment sets another user. Or a workload of Kubernetes has no `securityContext` where nearly all others of its folder have one.',
    why: 'Root in a container is one kernel or mount mistake away from root on the node. Clusters with the restricted Pod Security Standard refuse such pods.',
    how: 'Add a user of its own at the end of the Dockerfile (Node images bring `node`), and set `runAsNonRoot: true` in the pod.',
    bad: 'FROM node:22-slim\nCOPY . .\nCMD ["node", "server.js"]',
    good: 'FROM node:22-slim\nCOPY . .\nUSER node\nCMD ["node", "server.js"]',
    references: [
      'https://docs.docker.com/build/building/best-practices/#user',
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    ],
  },
  messages: {
    missing: {
      text: 'The image sets no `USER`, so it runs as the root user of `{base}`.',
      consequence,
      next: 'Add `USER` with an unprivileged user before the start command.',
    },
    explicit: { text: 'The image sets root as its `USER`.', consequence, next: 'End the stage with an unprivileged `USER`.' },
    unrestricted: {
      text: '`{name}` has no `securityContext`, although {count} workloads beside it have one.',
      consequence,
      next: 'Give it the same `securityContext`, with a user of its own and a root file system that is read-only.',
    },
    forced: { text: 'The manifest starts `{name}` as root.', consequence, next: 'Remove the root user, or name an unprivileged one.' },
  },
  checkRepository(repository, report) {
    checkImages(repository, report);
    checkWorkloads(repository, report);
    checkSiblings(repository, report);
  },
});
