/** What only Swarm reads of a stack file (Compose deploy specification; `docker compose` ignores it). */
import type { Workload } from '../../facts.ts';
import { entriesOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlEntry, YamlNode } from '../../text/yaml-document.ts';
import type { AnyFact } from '../../types.ts';
import { present, textsOf } from './settings.ts';

const onlySwarm = ['placement', 'update_config', 'rollback_config', 'endpoint_mode', 'labels'];

const isGlobal = (service: YamlNode): boolean => textOf(nodeAt(service, 'deploy', 'mode')) === 'global';

/** A file is a stack when its name says so, when a service says something that only Swarm understands, or when a network spans hosts. */
export function isStack(path: string, root: YamlNode, services: readonly YamlEntry[]): boolean {
  if (/(?:^|[._/-])(?:stack|swarm)(?:[._-][\w-]{1,40})?\.ya?ml$/i.test(path)) return true;
  const speaks = services.some(
    ({ value }) => isGlobal(value) || onlySwarm.some((key) => present(nodeAt(value, 'deploy', key)) !== undefined),
  );
  return speaks || entriesOf(nodeAt(root, 'networks')).some(({ value }) => textOf(nodeAt(value, 'driver')) === 'overlay');
}

export const swarmKind = (service: YamlNode): string => (isGlobal(service) ? 'global Swarm service' : 'Swarm service');

/** `node.hostname == db-1`; labels and roles may be those of many nodes. */
export function readPin(service: YamlNode): Workload['pinnedTo'] {
  for (const { text, place } of textsOf(nodeAt(service, 'deploy', 'placement', 'constraints'))) {
    const node = /^node\.(?:hostname|id)\s{0,9}==\s{0,9}([\w.-]+)$/.exec(text.trim())?.[1];
    if (node !== undefined) return { node, place };
  }
  return undefined;
}

/** `failure_action: continue` goes on with copies that fail; Swarm pauses unless told otherwise. */
export function readUpdate({ key, value }: YamlEntry, { purpose }: Workload, file: string): readonly AnyFact[] {
  const action = nodeAt(value, 'deploy', 'update_config', 'failure_action');
  if (!action || textOf(action) !== 'continue') return [];
  const update = { tool: 'Swarm', pipeline: file, stage: 'update_config', target: key, purpose };
  return [
    {
      kind: 'pipeline-deployment',
      place: action.place,
      confidence: 'certain',
      value: { ...update, strategy: 'failure_action: continue', wayBack: 'destroyed' },
    },
  ];
}
