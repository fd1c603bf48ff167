/** Domains of the WebLogic operator, and the clusters of version 9, which have a resource of their own. https://oracle.github.io/weblogic-kubernetes-operator/managing-domains/domain-resource/ */
import type { FactValues, Setting, Workload } from '../../../facts.ts';
import { itemsOf, nodeAt, textOf } from '../../../text/yaml-access.ts';
import type { YamlNode } from '../../../text/yaml-document.ts';
import type { AnyFact } from '../../../types.ts';
import { dropAbsent } from '../container.ts';
import type { KubernetesObject } from '../object.ts';
import { numberSetting } from '../settings.ts';
import { exposed, kindPlace, ownProbe, readDeployed, readWhole, textAt } from './deployed.ts';

const domainLabel = 'weblogic.domainUID';

/** Of the one cluster that says how many servers it has, else the number that holds for all of them. */
function readServers(object: KubernetesObject, clusters: readonly YamlNode[]): Setting<number> | undefined {
  const own = clusters.flatMap((cluster) => numberSetting(nodeAt(cluster, 'replicas')) ?? []);
  if (own.length === 1 && clusters.length === 1) return own[0];
  if (own.length === 0 && nodeAt(object.spec, 'replicas')) return numberSetting(nodeAt(object.spec, 'replicas'));
  return clusters.length > 0 ? { known: false, because: 'its clusters say how many', place: object.namePlace } : undefined;
}

function readServer(object: KubernetesObject, clusters: readonly YamlNode[], labels: Readonly<Record<string, string>>): Workload {
  const own = clusters.length === 1 ? nodeAt(clusters[0], 'serverPod') : undefined;
  const at = (key: string) => nodeAt(own, key) ?? nodeAt(object.spec, 'serverPod', key);
  const { replicas: _, ...workload } = readDeployed(object, {
    pod: { volumes: at('volumes'), initContainers: at('initContainers'), affinity: at('affinity') },
    container: {
      image: nodeAt(object.spec, 'image'),
      env: at('env'),
      envFrom: at('envFrom'),
      resources: at('resources'),
      volumeMounts: at('volumeMounts'),
      securityContext: at('containerSecurityContext'),
    },
    containersBeside: itemsOf(at('containers')),
    labels,
  });
  const [main, ...beside] = workload.containers;
  const replicas = readServers(object, clusters);
  return {
    ...workload,
    ...(replicas ? { replicas } : {}),
    // The operator probes every server and keeps them on different nodes where it can.
    containers: [{ ...main!, readiness: ownProbe(object), liveness: ownProbe(object) }, ...beside],
    spread: workload.spread ?? object.namePlace,
    server: { name: 'WebLogic', place: kindPlace(object) },
  };
}

const addressOf = (domain: string, cluster: string): string => `${domain}-cluster-${cluster}`.toLowerCase().replaceAll('_', '-');

/** The operator makes a budget for each cluster since version 4, whose Domains are of v9. */
const budgetOf = (object: KubernetesObject, labels: Readonly<Record<string, string>>): AnyFact => ({
  kind: 'disruption-budget',
  place: object.root.place,
  confidence: 'certain',
  value: dropAbsent<FactValues['disruption-budget']>({
    name: object.name,
    namespace: object.namespace,
    selector: labels,
    namePlace: object.namePlace,
  }),
});

/** Autoscalers name the Cluster: what it runs is the Domain. */
const runBy = (object: KubernetesObject, domain: string, cluster: string, replicas?: Setting<number>): AnyFact => ({
  kind: 'workload-patch',
  place: object.root.place,
  confidence: 'certain',
  value: {
    kind: 'Domain',
    name: domain,
    sets: ['replicas'],
    by: { kind: 'Cluster', name: cluster },
    ...(replicas ? { replicas } : {}),
  },
});

export function readDomain(object: KubernetesObject): AnyFact[] {
  const clusters = itemsOf(nodeAt(object.spec, 'clusters'));
  const domain = textAt(object, 'domainUID') ?? object.name;
  const labels = { [domainLabel]: domain };
  const named = clusters.flatMap((cluster) => textOf(nodeAt(cluster, 'clusterName')) ?? []);
  const referred = clusters.flatMap((cluster) => textOf(nodeAt(cluster, 'name')) ?? []);
  return [
    ...readWhole(object, readServer(object, clusters, labels)),
    ...named.map((cluster) => exposed(object, addressOf(domain, cluster), labels)),
    ...referred.map((cluster) => runBy(object, object.name, cluster)),
    ...(object.version === 'v9' ? [budgetOf(object, labels)] : []),
  ];
}

export function readCluster(object: KubernetesObject): AnyFact[] {
  const domain = object.labels[domainLabel];
  if (domain === undefined) return [];
  const replicas = numberSetting(nodeAt(object.spec, 'replicas'));
  const address = addressOf(domain, textAt(object, 'clusterName') ?? object.name);
  return [runBy(object, domain, object.name, replicas), exposed(object, address, { [domainLabel]: domain })];
}
