/** Requests and limits to start from: only a measurement tells the right ones. */
import type { YAMLMap } from 'yaml';
import type { Container } from '../facts.ts';
import { isStorePort } from '../text/stock-ports.ts';
import { insertEntry, mapBelow, pairOf, replaceValue } from '../text/yaml-edit.ts';
import type { YamlData } from '../text/yaml-print.ts';
import type { Edit, Repository } from '../types.ts';
import { type FixMaker, makeFix } from './fix-maker.ts';
import { containersOf, type FoundContainer } from './manifests.ts';

const mebibyte = 1024 * 1024;
const quantity = (bytes: number): string =>
  bytes % (1024 * mebibyte) === 0 ? `${bytes / 1024 / mebibyte}Gi` : `${Math.ceil(bytes / mebibyte)}Mi`;

/** A JVM or a database does not start in what suits most Node services. */
const startSize = ({ deployment, service, container }: FoundContainer, repository: Repository): { cpu: string; memory: number } =>
  service.kind === 'database' ||
  container.ports.some(({ number }) => number.known && isStorePort(number.value)) ||
  service.package?.value.build !== undefined ||
  deployment.process.steps.some(({ words }) => /(?:^|\/)java$/.test(words[0] ?? '')) ||
  (!service.codeRead && repository.facts.all('package').some(({ value }) => value.build))
    ? { cpu: '250m', memory: 512 * mebibyte }
    : { cpu: '100m', memory: 128 * mebibyte };

const hasHeapFlag = ({ deployment: { process, environment } }: FoundContainer): boolean =>
  process.steps.some(({ words }) => words.some((word) => /^-Xm[xs]|max-old-space-size/.test(word))) ||
  environment.given.some(({ value }) => value?.known && /-Xm[xs]|max-old-space-size/.test(value.value));

const known = (setting: Container['resources']['memoryRequest']): number | undefined => (setting?.known ? setting.value : undefined);

/** What to add, by list. */
function missingEntries(
  found: FoundContainer,
  repository: Repository,
): Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>> {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = found.container.resources;
  const { cpu, memory } = startSize(found, repository);
  const request = known(memoryRequest) ?? known(memoryLimit) ?? memory;
  return {
    requests: {
      ...((cpuRequest ?? cpuLimit) ? {} : { cpu }),
      ...((memoryRequest ?? memoryLimit) ? {} : { memory: quantity(request) }),
    },
    limits: memoryLimit ? {} : { memory: quantity(2 * request) },
  };
}

function addTo(found: FoundContainer, resources: YAMLMap | undefined, list: string, entries: Readonly<Record<string, YamlData>>): Edit[] {
  if (Object.keys(entries).length === 0) return [];
  const { yaml } = found;
  const own = mapBelow(resources, list);
  if (own) return [insertEntry(yaml, own, entries)];
  const pair = pairOf(resources, list);
  if (pair) return [replaceValue(yaml, pair, entries)];
  return resources ? [insertEntry(yaml, resources, { [list]: entries }, ['requests'])] : [];
}

function addResources(found: FoundContainer, repository: Repository): readonly Edit[] {
  const { yaml, map } = found;
  const entries = missingEntries(found, repository);
  const filled = Object.fromEntries(Object.entries(entries).filter(([, list]) => Object.keys(list).length > 0));
  const pair = pairOf(map, 'resources');
  const resources = mapBelow(map, 'resources');
  if (!pair)
    return [
      insertEntry(yaml, map, { resources: filled }, ['name', 'image', 'imagePullPolicy', 'command', 'args', 'ports', 'env', 'envFrom']),
    ];
  if (!resources || resources.items.length === 0) return [replaceValue(yaml, pair, filled)];
  const { requests, limits } = entries;
  const both = !pairOf(resources, 'requests') && !pairOf(resources, 'limits');
  if (both) return [insertEntry(yaml, resources, filled)];
  return [...addTo(found, resources, 'requests', requests), ...addTo(found, resources, 'limits', limits)];
}

export const resourcesMissing: FixMaker = {
  rule: 'resources-missing',
  offers: [{ what: 'add the CPU and memory requests and the memory limit that are missing, with values to start from', safe: false }],
  make(finding, context) {
    const found = containersOf(finding, context);
    // A heap that is set by hand decides how much memory is needed.
    if (!found || found.some(hasHeapFlag)) return [];
    const title = finding.messageId === 'limit' ? 'Add a memory limit to start from' : 'Add requests and a memory limit to start from';
    return makeFix(
      title,
      false,
      found.flatMap((each) => addResources(each, context.repository)),
    );
  },
};
