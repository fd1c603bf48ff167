/** Servers of the WildFly operator, which JBoss EAP uses too: a StatefulSet of servers. https://docs.wildfly.org/wildfly-operator/apis.html */
import type { Workload } from '../../../facts.ts';
import { booleanOf, entryAt, nodeAt } from '../../../text/yaml-access.ts';
import type { AnyFact } from '../../../types.ts';
import type { KubernetesObject } from '../object.ts';
import { pin } from '../sticky.ts';
import { exposed, kindPlace, ownProbe, readDeployed, readWhole } from './deployed.ts';

function readServer(object: KubernetesObject, labels: Readonly<Record<string, string>>): Workload {
  const at = (...path: readonly string[]) => nodeAt(object.spec, ...path);
  const workload = readDeployed(object, {
    container: {
      image: at('applicationImage'),
      env: at('env'),
      envFrom: at('envFrom'),
      resources: at('resources'),
      securityContext: at('securityContext'),
      livenessProbe: at('livenessProbe'),
      readinessProbe: at('readinessProbe'),
      startupProbe: at('startupProbe'),
    },
    labels,
  });
  const [main, ...beside] = workload.containers;
  const probes = { readiness: main!.readiness ?? ownProbe(object), liveness: main!.liveness ?? ownProbe(object) };
  return { ...workload, containers: [{ ...main!, ...probes }, ...beside] };
}

export function readWildFly(object: KubernetesObject): AnyFact[] {
  const labels = { 'app.kubernetes.io/name': object.name };
  const workload = readServer(object, labels);
  const keeps = entryAt(nodeAt(object.spec, 'storage'), 'volumeClaimTemplate') !== undefined;
  const affinity = nodeAt(object.spec, 'sessionAffinity');
  const service = `${object.name}-loadbalancer`;
  // A bootable JAR brings its server with it.
  const bringsServer = booleanOf(nodeAt(object.spec, 'bootableJar')) === true;
  return [
    ...readWhole(object, {
      ...workload,
      ...(keeps ? { claimTemplates: ['data'] } : {}),
      ...(bringsServer ? {} : { server: { name: 'JBoss', place: kindPlace(object) } }),
    }),
    exposed(object, service, labels),
    ...(affinity && booleanOf(affinity) === true ? [pin('`sessionAffinity` of the WildFlyServer', [service], affinity.place, object)] : []),
  ];
}
