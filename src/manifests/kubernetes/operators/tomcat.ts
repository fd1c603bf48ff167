/** Servers of the JBoss Web Server operator: a Deployment of Tomcat. https://github.com/web-servers/jws-operator */
import { booleanOf, nodeAt } from '../../../text/yaml-access.ts';
import type { AnyFact } from '../../../types.ts';
import type { KubernetesObject } from '../object.ts';
import { exposed, kindPlace, ownProbe, readDeployed, readWhole } from './deployed.ts';

export function readTomcat(object: KubernetesObject): AnyFact[] {
  const at = (...path: readonly string[]) => nodeAt(object.spec, ...path);
  const labels = { deployment: nameOf(object), WebServer: object.name };
  const workload = readDeployed(object, {
    container: {
      image: at('webImage', 'applicationImage'),
      env: at('environmentVariables'),
      resources: at('podResources'),
      securityContext: at('securityContext'),
    },
    labels,
  });
  const containers = workload.containers.map((one) => ({ ...one, readiness: ownProbe(object), liveness: ownProbe(object) }));
  const clustering = at('useSessionClustering');
  return [
    ...readWhole(object, { ...workload, containers, server: { name: 'Tomcat', place: kindPlace(object) } }),
    exposed(object, nameOf(object), labels),
    ...(clustering && booleanOf(clustering) === true
      ? [
          {
            kind: 'session-replication',
            place: clustering.place,
            confidence: 'certain',
            value: { server: 'Tomcat', how: '`useSessionClustering` of the WebServer' },
          } as const,
        ]
      : []),
  ];
}

const nameOf = ({ spec, name }: KubernetesObject): string => {
  const given = nodeAt(spec, 'applicationName');
  return given?.kind === 'scalar' ? given.text : name;
};
