import type { Container, Workload } from '../../src/facts.ts';
import { sharesSet } from '../../src/text/sets.ts';
import { isProduction, nameOf } from '../../src/text/workload-questions.ts';
import type { Fact, Place, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

interface Reference {
  readonly kind: 'config-map' | 'secret';
  readonly name: string;
  readonly key?: string;
  readonly place: Place;
}
type Source = Fact<'config-source'>;

const label = { 'config-map': 'ConfigMap', secret: 'Secret' } as const;
/** Made by Kubernetes in every namespace. */
const builtIn = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);

const ofContainer = ({ env, envFrom }: Container): Reference[] => [
  ...env.flatMap(({ from, place }) =>
    from && !from.optional && from.name && (from.kind === 'config-map' || from.kind === 'secret')
      ? [{ kind: from.kind, name: from.name, key: from.key, place }]
      : [],
  ),
  ...envFrom.flatMap(({ kind, name, optional, place }) => (kind !== 'env-file' && !optional ? [{ kind, name, place }] : [])),
];
const ofVolumes = ({ volumes }: Workload): Reference[] =>
  volumes.flatMap(({ type, source, optional, place }) =>
    source?.known && !optional && (type === 'config' || type === 'secret')
      ? [{ kind: type === 'config' ? ('config-map' as const) : type, name: source.value, place }]
      : [],
  );

const referencesOf = (workload: Workload): Reference[] =>
  [...[...workload.containers, ...workload.initContainers].flatMap(ofContainer), ...ofVolumes(workload)].filter(
    ({ name }) => name !== '' && !builtIn.has(name) && !/[${}<>]/.test(name),
  );

/** Templates, operators and overlays may make it; then nothing is known to be missing. */
const allRead = (repository: Repository): boolean =>
  !repository.notAssessed.some(({ reason }) => ['template', 'custom-resource', 'syntax-error', 'overlay'].includes(reason));

/**
 * A missing ConfigMap is evidence where the repository keeps others. Secrets are kept out of repositories on purpose: a missing one
 * is evidence only beside others, in the file that refers to it.
 */
const keepsOthers = (reference: Reference, sources: readonly Source[]): boolean =>
  sources.some(
    ({ value, place }) => value.kind === reference.kind && (reference.kind === 'config-map' || place.path === reference.place.path),
  );

function checkName(reference: Reference, sources: readonly Source[], workload: Workload, report: (finding: Report) => void): void {
  if (!keepsOthers(reference, sources)) return;
  report({
    message: 'name',
    data: { workload: nameOf(workload), kind: label[reference.kind], name: reference.name },
    place: reference.place,
    confidence: 'likely',
    subject: `${reference.kind}:${reference.name}`,
  });
}

function checkKey(reference: Reference, defined: readonly Source[], workload: Workload, report: (finding: Report) => void): void {
  const { key } = reference;
  if (key === undefined || defined.some(({ value }) => !value.keys || value.keys.includes(key))) return;
  // An empty Secret in a repository is filled in the cluster.
  if (reference.kind === 'secret' && defined.every(({ value }) => value.keys?.length === 0)) return;
  report({
    message: 'key',
    level: 'error',
    data: { workload: nameOf(workload), kind: label[reference.kind], name: reference.name, key },
    place: reference.place,
    related: defined.map(({ value }) => ({ place: value.namePlace, message: `it has no key ${key}` })),
    subject: `${reference.kind}:${reference.name}:${key}`,
  });
}

export default defineRule({
  summary: 'a workload refers to configuration that is not there',
  factors: [3],
  level: 'note',
  effort: 1,
  docs: {
    what: 'A container takes a key of a ConfigMap or Secret that the repository defines without that key (an error), or names a ConfigMap that is defined nowhere although others are (a note: it may come from outside). Optional references are left out.',
    why: 'The container does not start until somebody makes the missing piece by hand.',
    how: 'Define the ConfigMap or key beside the workload, correct the name, or mark the reference as optional.',
    bad: 'configMapKeyRef: {name: settings, key: LOG_LEVL}',
    good: 'configMapKeyRef: {name: settings, key: LOG_LEVEL}',
    references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/'],
  },
  messages: {
    key: {
      text: '{workload} takes key `{key}` of {kind} `{name}`, which has no such key.',
      consequence: 'The container does not start.',
      next: 'Add the key, or correct its name.',
    },
    name: {
      text: '{workload} uses {kind} `{name}`, which the repository does not define.',
      consequence: 'The container does not start where nobody has made it by hand.',
      next: 'Define it beside the workload, or mark the reference as optional.',
    },
  },
  checkRepository(repository, report) {
    if (!allRead(repository)) return;
    const sources = repository.facts.all('config-source');
    for (const workload of repository.facts.all('workload')) {
      const { value } = workload;
      if (value.platform !== 'kubernetes' || !isProduction(value)) continue;
      for (const reference of referencesOf(value)) {
        const defined = sources.filter(
          (source) =>
            sharesSet(source, workload) &&
            source.value.kind === reference.kind &&
            source.value.name === reference.name &&
            (!source.value.namespace || !value.namespace || source.value.namespace === value.namespace),
        );
        if (defined.length === 0) checkName(reference, sources, value, report);
        else checkKey(reference, defined, value, report);
      }
    }
  },
});
