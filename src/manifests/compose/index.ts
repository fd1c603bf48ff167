/** Compose and Swarm stack files → a `workload` fact for each service, `secret` facts, sticky routing from Traefik labels. */
import type { Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { entriesOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlEntry, type YamlMap, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { readEnvironment } from './environment.ts';
import { readBound } from './mounts.ts';
import { type ComposeContext, readService } from './service.ts';
import { pairsOf } from './settings.ts';
import { isStack, readUpdate } from './swarm.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);
const named = /^(?:.*[._-])?(?:docker-)?compose(?:[._-][\w.-]*)?\.ya?ml$|^docker-stack[\w.-]*\.ya?ml$/i;
/** Pipelines have services of their own. */
const pipelines =
  /(?:^|\/)\.(?:github|gitlab|circleci)\/|(?:^|\/)(?:\.gitlab-ci|\.travis|bitbucket-pipelines|appveyor|\.drone|\.woodpecker)[\w.-]*\.ya?ml$/i;

/** All that stands at the top of a Compose file (docs.docker.com, "Compose file reference"). */
const sections = /^(?:version|name|include|services|networks|volumes|configs|secrets|models|x-.*)$/;
const topKey = /^["']?([A-Za-z][\w.-]{0,100})["']?[ \t]*:/gm;

/** A top-level `services:` map whose members have an image or a build, and nothing else: values of charts name services, too. */
function looksLikeCompose(head: string): boolean {
  if ([...head.matchAll(topKey)].some(([, key = '']) => !sections.test(key))) return false;
  const start = /^services[ \t]*:[ \t]*(?:#.*)?$/m.exec(head);
  if (!start) return false;
  const rows = head
    .slice(start.index + start[0].length)
    .split('\n')
    .filter((row) => row.trim() !== '' && !/^\s*#/.test(row));
  const end = rows.findIndex((row) => /^\S/.test(row));
  const block = end < 0 ? rows : rows.slice(0, end);
  return (
    /^[ \t]+["']?[\w.-]+["']?[ \t]*:[ \t]*(?:[#&<].*)?\r?$/.test(block[0] ?? '') &&
    block.some((row) => /^[ \t]{2,}(?:image|build)[ \t]*:/.test(row))
  );
}

const isServiceMap = (node: YamlNode | undefined): node is YamlMap =>
  node?.kind === 'map' && (node.entries.has('image') || node.entries.has('build'));

/** `services`, or the whole file in the first format of Compose, which had no sections. */
function serviceEntries(root: YamlNode): readonly YamlEntry[] {
  const services = nodeAt(root, 'services');
  const entries = entriesOf(services ?? root);
  if (!services && !(entries.length > 0 && entries.every(({ value }) => isServiceMap(value)))) return [];
  return entries.filter(({ value }) => value.kind === 'map');
}

/** Fills a service with what it extends in the same file; chains are followed, circles end. */
function extendWithin(entry: YamlEntry, all: ReadonlyMap<string, YamlEntry>, seen: ReadonlySet<string> = new Set()): YamlEntry {
  const node = nodeAt(entry.value, 'extends');
  const name = textOf(node) ?? textOf(nodeAt(node, 'service'));
  const file = nodeAt(node, 'file');
  const base = name === undefined || file ? undefined : all.get(name);
  if (!base || seen.has(entry.key) || seen.size > 20 || entry.value.kind !== 'map') return entry;
  const parent = extendWithin(base, all, new Set([...seen, entry.key])).value;
  if (parent.kind !== 'map') return entry;
  const entries = new Map([...parent.entries].filter(([key]) => !['extends', 'depends_on'].includes(key)));
  for (const [key, own] of entry.value.entries) {
    const inherited = entries.get(key)?.value;
    const both = inherited?.kind === 'map' && own.value.kind === 'map';
    entries.set(key, both ? { ...own, value: { ...own.value, entries: new Map([...inherited.entries, ...own.value.entries]) } } : own);
  }
  return { ...entry, value: { ...entry.value, entries } };
}

/** The last word of its name alone: a product may be called `local-mail`. */
function purposeOfProject(name: string | undefined): Workload['purpose'] {
  const last = /[\w.]-([a-z]+)$/i.exec(name ?? '')?.[1];
  const purpose = last === undefined ? 'unknown' : purposeOf(last);
  return purpose === 'development' ? purpose : 'unknown';
}

/** `build: !reset null`, `ports: !override […]`: marks of Compose for what is laid over another file. */
const isMarked = ({ value }: YamlEntry): boolean =>
  entriesOf(value).some((one) => one.value.tag === '!reset' || one.value.tag === '!override' || isMarked(one));

function completedServices(entries: readonly YamlEntry[]): ReadonlySet<string> {
  const dependencies = entries.flatMap(({ value }) => entriesOf(nodeAt(value, 'depends_on')));
  return new Set(
    dependencies.filter(({ value }) => textOf(nodeAt(value, 'condition')) === 'service_completed_successfully').map(({ key }) => key),
  );
}

/** Traefik pins clients by a cookie when a label asks for it, or says how the cookie is to be. */
function stickyFacts({ key, value }: YamlEntry): readonly AnyFact[] {
  const labels = [...pairsOf(nodeAt(value, 'labels')), ...pairsOf(nodeAt(value, 'deploy', 'labels'))];
  const asks = ({ key: name, value: text = '' }: (typeof labels)[number]): boolean =>
    /^traefik\..*\.loadbalancer\.(?:sticky(?:\.cookie)?|stickiness)$/i.test(name)
      ? /^true$/i.test(text)
      : /^traefik\..*\.loadbalancer\.(?:sticky\.cookie|stickiness)\.\w+$/i.test(name);
  return labels
    .filter(asks)
    .slice(0, 1)
    .map(({ place }) => ({ kind: 'sticky-routing', place, confidence: 'certain', value: { how: 'a Traefik sticky cookie', to: [key] } }));
}

function serviceFacts(entry: YamlEntry, context: ComposeContext): readonly AnyFact[] {
  const value = readService(entry, context);
  const { purpose } = value;
  return [
    { kind: 'workload', place: entry.keyPlace, confidence: 'certain', value },
    ...readEnvironment(entry.value, context.path).secrets.map(
      (secret): AnyFact => ({
        kind: 'secret',
        place: secret.place,
        confidence: 'certain',
        value: { ...secret.value, holder: 'manifest', purpose },
      }),
    ),
    ...stickyFacts(entry),
    ...readUpdate(entry, value, context.path),
  ];
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) => {
    const written = serviceEntries(root);
    const all = new Map(written.map((entry) => [entry.key, entry] as const));
    const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    const context = {
      path: file.path,
      folder,
      named: purposeOfProject(textOf(nodeAt(root, 'name'))),
      completed: completedServices(written),
      isStack: isStack(file.path, root, written),
      completes: /!(?:reset|override)\b/.test(file.text) && written.some(isMarked),
      bound: readBound(root),
    };
    return written.flatMap((entry) => serviceFacts(extendWithin(entry, all), context));
  });
  return { facts: withoutRepeats(facts), notAssessed };
}

/** An anchor or a base that several services share shows its secrets and labels once. */
function withoutRepeats(facts: readonly AnyFact[]): readonly AnyFact[] {
  const seen = new Set<string>();
  return facts.filter(({ kind, place }) => {
    const key = `${kind}:${place.line}:${place.column}`;
    return kind === 'workload' || (!seen.has(key) && seen.add(key) !== undefined);
  });
}

export const composeAdapter: Adapter = {
  id: 'compose',
  needsText: (path) => isYaml(path) && !named.test(baseName(path)) && !pipelines.test(path),
  classify(path, head) {
    if (!isYaml(path) || pipelines.test(path)) return false;
    return named.test(baseName(path)) || (head !== undefined && looksLikeCompose(head));
  },
  extract,
};
