/** What `helm template` makes of a chart, beside what the product makes of it. */
import { spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { readFolder, render } from '../../manifests/helm/chart.ts';

export type Outcome = 'same' | 'generated' | 'both stop' | 'different';
export interface Comparison {
  readonly outcome: Outcome;
  /** What differs: an object, or a failure that only one of both has. */
  readonly differences: readonly string[];
}

type Objects = ReadonlyMap<string, unknown>;

/** Objects of rendered text by what identifies them. */
function objectsOf(texts: readonly string[]): Objects {
  const objects = new Map<string, unknown>();
  // As Helm does: blanks at the end of a document are no part of it.
  for (const text of texts.flatMap((one) => one.split(/(?:^|\s*\n)---\s*/)).map((one) => one.trim())) {
    for (const document of parseAllDocuments(text, { version: '1.1', logLevel: 'silent', uniqueKeys: false })) {
      const object = document.toJS({ maxAliasCount: -1 }) as Record<string, unknown> | null;
      if (object === null || typeof object !== 'object') continue;
      const { name, namespace, annotations } = (object.metadata ?? {}) as Record<string, unknown>;
      const hook = (annotations as Record<string, unknown> | undefined)?.['helm.sh/hook'] ?? '';
      const base = [object.apiVersion, object.kind, namespace ?? '', name, hook].join(' ');
      let key = base;
      for (let count = 2; objects.has(key); count++) key = `${base} #${count}`;
      objects.set(key, object);
    }
  }
  return objects;
}

/** Paths at which two values differ. */
function differences(ours: unknown, theirs: unknown, path = ''): string[] {
  if (ours === theirs) return [];
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isObject(ours) || !isObject(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) {
    return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [`${path}\0${show(ours)} instead of ${show(theirs)}`];
  }
  return [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].flatMap((key) =>
    differences(ours[key], theirs[key], `${path}/${key}`),
  );
}
const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 400);
/** What Helm makes of the clock is the same in two runs of one second. */
const generatedText = /^[^\0]*\0"(?:\$\{generated\}|JHtnZW5lcmF0ZWR9)" instead of/;
const pathOf = (difference: string): string => difference.slice(0, difference.indexOf('\0'));

function compareObjects(ours: Objects, theirs: Objects): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) =>
    differences(ours.get(key), theirs.get(key), key.replaceAll('/', '|')),
  );
}

const run = (helm: string, folder: string) =>
  spawnSync(helm, ['template', 'release-name', folder, '--namespace', 'default', '--kube-version', '1.31.0'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });

/** Helm renders twice: what differs between its own runs need not be the same here. */
export function compareChart(helm: string, folder: string): Comparison {
  const rendered = render(readFolder(folder));
  const failures = rendered.failures.map(({ message, source, start }) => `${source.name}@${start}: ${message}`);
  const [first, second] = [run(helm, folder), run(helm, folder)];
  if (first.status !== 0) {
    const said = first.stderr.split('\n').find((line) => line.startsWith('Error')) ?? '';
    return failures.length
      ? { outcome: 'both stop', differences: [said] }
      : { outcome: 'different', differences: [`only Helm stops: ${said}`] };
  }
  if (failures.length) return { outcome: 'different', differences: failures.map((failure) => `only we stop: ${failure}`) };
  const theirs = objectsOf([first.stdout]);
  const made = new Set(compareObjects(objectsOf([second.stdout]), theirs).map(pathOf));
  const all = compareObjects(objectsOf(rendered.files.map(({ text }) => text)), theirs);
  const left = all.filter((difference) => !made.has(pathOf(difference)) && !generatedText.test(difference));
  if (left.length) return { outcome: 'different', differences: left.map((one) => one.replace('\0', ': ')) };
  return { outcome: all.length ? 'generated' : 'same', differences: [] };
}
