/** Custom resources of application servers, by `group/kind`: each makes workloads as a Deployment does. */
import type { AnyFact } from '../../../types.ts';
import type { KubernetesObject } from '../object.ts';
import { readLiberty } from './liberty.ts';
import { readTomcat } from './tomcat.ts';
import { readCluster, readDomain } from './weblogic.ts';
import { readWildFly } from './wildfly.ts';

const readers: Readonly<Record<string, (object: KubernetesObject) => AnyFact[]>> = {
  'apps.openliberty.io/OpenLibertyApplication': readLiberty,
  'openliberty.io/OpenLibertyApplication': readLiberty,
  'liberty.websphere.ibm.com/WebSphereLibertyApplication': readLiberty,
  'rc.app.stacks/RuntimeComponent': readLiberty,
  'app.stacks/RuntimeComponent': readLiberty,
  'wildfly.org/WildFlyServer': readWildFly,
  'web.servers.org/WebServer': readTomcat,
  'weblogic.oracle/Domain': readDomain,
  'weblogic.oracle/Cluster': readCluster,
};

const keyOf = ({ group, kind }: KubernetesObject): string => `${group}/${kind}`;

export const isServerResource = (object: KubernetesObject): boolean => Object.hasOwn(readers, keyOf(object));
export const readServerResource = (object: KubernetesObject): AnyFact[] => readers[keyOf(object)]!(object);
