import type { Setting } from '../../src/facts.ts';
import { clusterWorkloads } from '../../src/text/workload-questions.ts';
import type { Deployment, Place, Report, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

interface Heap {
  readonly flag: string;
  /** Fixed, or a share of the limit. */
  readonly bytes: number | undefined;
  readonly share?: number;
  readonly place: Place;
}

const mebibyte = 2 ** 20;
const units: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
/** Variables whose value Node or the JVM takes as flags. */
const flagVariables = new Set([
  'NODE_OPTIONS',
  'JAVA_OPTS',
  'JAVA_TOOL_OPTIONS',
  '_JAVA_OPTIONS',
  'JDK_JAVA_OPTIONS',
  'JAVA_OPTIONS',
  'CATALINA_OPTS',
  'JVM_OPTS',
  'JVM_ARGS',
  // Of WebLogic and of the images of WildFly, JBoss EAP and Quarkus.
  'USER_MEM_ARGS',
  'JAVA_OPTS_APPEND',
  // Of the Java buildpack of Cloud Foundry.
  'JBP_CONFIG_JAVA_OPTS',
  'JBP_CONFIG_OPEN_JDK_JRE',
]);

/** The last flag wins. V8 counts in MiB, the JVM in bytes with a unit. */
function readHeap(text: string, place: Place): Heap | undefined {
  const found: Heap[] = [];
  for (const match of text.matchAll(/--max[-_]old[-_]space[-_]size[= ](\d{1,7})\b/g))
    found.push({ flag: match[0], bytes: Number(match[1]) * mebibyte, place });
  for (const match of text.matchAll(/-(?:Xmx|XX:MaxHeapSize=)(\d{1,15})([kKmMgGtT]?)(?![\w])/g))
    found.push({ flag: match[0], bytes: Number(match[1]) * units[match[2]!.toLowerCase()]!, place });
  // `memory_sizes: {heap: 1g}` of the buildpack; a range (`256m..1g`) is fitted to what there is.
  for (const match of text.matchAll(/\bmemory_sizes: ?[[{] ?heap: ?["']?(\d{1,15})([kKmMgGtT]?)["']?(?![\w.])/g))
    found.push({ flag: match[0], bytes: Number(match[1]) * units[match[2]!.toLowerCase()]!, place });
  return found.at(-1) ?? readShare(text, place);
}

/** Shares of the limit count only where no size is given. */
function readShare(text: string, place: Place): Heap | undefined {
  const percentage = [...text.matchAll(/-XX:MaxRAMPercentage=(\d{1,3}(?:\.\d{1,4})?)(?![\w.])/g)].at(-1);
  const fraction = [...text.matchAll(/-XX:MaxRAMFraction=(\d{1,3})(?![\w.])/g)].at(-1);
  if (percentage) return { flag: percentage[0], bytes: undefined, share: Number(percentage[1]) / 100, place };
  return fraction && Number(fraction[1]) > 0 ? { flag: fraction[0], bytes: undefined, share: 1 / Number(fraction[1]), place } : undefined;
}

const sizeOf = ({ bytes, share }: Heap, limit: number): number => bytes ?? Math.round((share ?? 0) * limit);

const fromSetting = (setting: Setting<readonly string[]> | undefined): Heap | undefined =>
  setting?.known ? readHeap(setting.value.join(' '), setting.place) : undefined;

function* heaps({ container, environment, process }: Deployment): Generator<Heap | undefined> {
  yield fromSetting(container.args);
  yield fromSetting(container.command);
  for (const step of process.steps) yield readHeap(step.words.join(' '), step.place);
  for (const entry of [...container.env, ...environment.given])
    if (flagVariables.has(entry.name) && entry.value?.known) yield readHeap(entry.value.value, entry.value.place);
}

/** Flags of an image that the build makes without a Dockerfile; a command of the manifest starts it in another way. */
function builtHeap({ package: source }: Service, { container, image }: Deployment): Heap | undefined {
  const flags = source?.value.build?.jvmFlags ?? [];
  const [first] = flags;
  return first && !image && !container.command ? readHeap(flags.map(({ text }) => text).join(' '), placeOfFlag(flags)) : undefined;
}
const placeOfFlag = (flags: readonly { readonly text: string; readonly place: Place }[]): Place =>
  (flags.findLast(({ text }) => /^-Xmx|MaxHeapSize|MaxRAM/.test(text)) ?? flags[0]!).place;

/** The JVM fits its heap to the limit of the container by itself: a fixed size beside no limit is fitted by nobody. */
function checkUnlimited(service: Service, report: (finding: Report) => void): void {
  for (const deployment of clusterWorkloads(service)) {
    if (deployment.container.resources.memoryLimit) continue;
    const heap = [...heaps(deployment), builtHeap(service, deployment)].find((found) => found !== undefined);
    if (heap?.bytes === undefined || heap.bytes < mebibyte || heap.flag.startsWith('--')) continue;
    report({
      message: 'unlimited',
      data: { flag: heap.flag, heap: inMebibytes(heap.bytes), container: deployment.container.name },
      place: heap.place,
      related: [{ place: deployment.container.namePlace, message: 'this container sets no memory limit' }],
      level: 'note',
      confidence: 'likely',
      subject: `unlimited:${heap.flag.split(/[=\d]/)[0]!}`,
    });
  }
}

const inMebibytes = (bytes: number): string => `${Math.round(bytes / mebibyte)} MiB`;

export default defineRule({
  summary: 'the heap may grow beyond the memory limit',
  factors: [8],
  level: 'error',
  effort: 1,
  docs: {
    what: '`--max-old-space-size` (Node) or `-Xmx` (JVM, also `-XX:MaxRAMPercentage=100`) in the command, a package script, the image, what builds it (jib) or a variable is as large as the memory limit of the container, or larger; or it fixes the heap of a pod that has no limit.',
    why: 'The runtime collects garbage late because it believes that there is room, and the kernel kills the container first. The heap is only a part of the memory that a process uses.',
    how: 'Keep the heap at about three quarters of the limit, or leave it out: both runtimes read the limit of the container.',
    bad: 'command: [node, --max-old-space-size=1024, server.js]\nresources: {limits: {memory: 512Mi}}',
    good: 'command: [node, --max-old-space-size=384, server.js]\nresources: {limits: {memory: 512Mi}}',
    references: ['https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib'],
  },
  messages: {
    beyond: {
      text: '`{flag}` lets the heap grow to {heap}, and the container may use {limit}.',
      consequence: 'The container is killed for its memory instead of collecting garbage.',
      next: 'Lower the heap to about three quarters of the limit, or raise the limit.',
    },
    unlimited: {
      text: '`{flag}` fixes the heap at {heap}, and container `{container}` has no memory limit.',
      consequence:
        'The heap stays as it is on every node: memory that a copy is given is not used, and one that leaks takes it from others.',
      next: 'Set a memory limit, and leave the flag out or give a share of it, such as `-XX:MaxRAMPercentage=75`.',
    },
  },
  checkService(service, report) {
    checkUnlimited(service, report);
    for (const deployment of service.deployments) {
      const limit = deployment.container.resources.memoryLimit;
      if (!limit?.known || limit.value < mebibyte || deployment.purpose === 'test') continue;
      const heap = [...heaps(deployment), builtHeap(service, deployment)].find((found) => found !== undefined);
      const size = heap === undefined ? 0 : sizeOf(heap, limit.value);
      if (!heap || size < limit.value) continue;
      report({
        message: 'beyond',
        data: { flag: heap.flag, heap: inMebibytes(size), limit: inMebibytes(limit.value) },
        place: heap.place,
        related: [{ place: limit.place, message: `the memory limit is ${inMebibytes(limit.value)}` }],
        subject: heap.flag.split(/[=\d]/)[0]!,
      });
    }
  },
});
