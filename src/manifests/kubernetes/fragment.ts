/** Fragments from which JKube (once fabric8) makes manifests: the name of the file says the kind, and the module gives image and name. */

import { noteSecrets } from '../../text/note-secrets.ts';
import { purposeOf } from '../../text/purpose.ts';
import { nodeAt } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact } from '../../types.ts';
import type { KubernetesObject } from './object.ts';
import { readFields } from './workload.ts';

const folder = /^(?:(.*)\/)?src\/main\/(?:jkube|fabric8)\/(?:[\w.-]+\/)?(?:[\w.-]+-)?deployment\.ya?ml$/;

export const isFragment = (path: string): boolean => folder.test(path);

/** A Deployment of the module in whose folder it lies. Probes are added where the program has a health route to ask. */
export function readFragment(root: YamlNode, path: string): readonly AnyFact[] {
  const module = folder.exec(path)?.[1] ?? '';
  const name = module.slice(module.lastIndexOf('/') + 1) || 'application';
  const object: KubernetesObject = {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    name,
    labels: {},
    annotations: {},
    purpose: purposeOf(path),
    namePlace: nodeAt(root, 'spec')?.place ?? root.place,
    root,
    spec: nodeAt(root, 'spec'),
  };
  const fields = readFields(object, nodeAt(object.spec, 'template'));
  const [main, ...beside] = fields.containers;
  if (!main) return [];
  const added = { type: 'exec', place: main.namePlace } as const;
  const container = { ...main, name: main.name || name, readiness: main.readiness ?? added, liveness: main.liveness ?? added };
  return [
    {
      kind: 'workload',
      place: root.place,
      confidence: 'certain',
      value: { ...fields, containers: [container, ...beside], build: { context: module, native: true, args: {}, place: root.place } },
    },
    ...noteSecrets(container.env, object.purpose),
  ];
}
