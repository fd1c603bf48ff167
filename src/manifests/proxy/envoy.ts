/** Envoy: clusters that hash over a client's address or cookie (envoyproxy.io, RouteAction.HashPolicy). */

import { type ProxyServer, pinFacts } from '../../text/proxy/pool.ts';
import { booleanOf, entriesOf, entryAt, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlEntry, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { isSample } from './names.ts';

const maxDepth = 60;

function hashesClient(policy: YamlNode): boolean {
  if (nodeAt(policy, 'cookie') || nodeAt(policy, 'source_ip')) return true;
  if (booleanOf(nodeAt(policy, 'connection_properties', 'source_ip')) === true) return true;
  const header = textOf(nodeAt(policy, 'header', 'header_name')) ?? '';
  return /^(?:cookie|authorization|x-forwarded-for|x-real-ip)$|sess|user-?id|token/i.test(header);
}

/** Hash policies by the cluster that they choose from. */
function findPolicies(node: YamlNode | undefined, found: Map<string, YamlEntry>, depth = 0): void {
  if (!node || node.kind === 'scalar' || depth > maxDepth) return;
  const policy = entryAt(node, 'hash_policy');
  const cluster = textOf(nodeAt(node, 'cluster'));
  if (policy && cluster !== undefined && itemsOf(policy.value).some(hashesClient) && !found.has(cluster)) found.set(cluster, policy);
  const children = node.kind === 'map' ? entriesOf(node).map(({ value }) => value) : itemsOf(node);
  for (const child of children) findPolicies(child, found, depth + 1);
}

function readServers(cluster: YamlNode): readonly ProxyServer[] {
  const assigned = itemsOf(nodeAt(cluster, 'load_assignment', 'endpoints')).flatMap((group) => itemsOf(nodeAt(group, 'lb_endpoints')));
  const addresses = [
    ...assigned.map((one) => nodeAt(one, 'endpoint', 'address', 'socket_address')),
    ...itemsOf(nodeAt(cluster, 'hosts')).map((one) => nodeAt(one, 'socket_address')),
  ];
  return addresses.flatMap((address) => {
    const host = textOf(nodeAt(address, 'address'));
    return host === undefined ? [] : [{ address: `${host}:${textOf(nodeAt(address, 'port_value')) ?? ''}`, spare: false }];
  });
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root): readonly AnyFact[] => {
    const policies = new Map<string, YamlEntry>();
    findPolicies(root, policies);
    const clusters = [...itemsOf(nodeAt(root, 'static_resources', 'clusters')), ...itemsOf(nodeAt(root, 'resources'))];
    return clusters.flatMap((cluster) => {
      const policy = policies.get(textOf(nodeAt(cluster, 'name')) ?? '');
      const kind = textOf(nodeAt(cluster, 'lb_policy'))?.toUpperCase() ?? '';
      if (!policy || !/^(?:RING_HASH|MAGLEV)$/.test(kind)) return [];
      return pinFacts({ how: 'a hash policy of Envoy', place: policy.keyPlace, servers: readServers(cluster), open: false });
    });
  });
  return { facts, notAssessed };
}

const mayBe = (path: string): boolean => /\.ya?ml$/i.test(path) && !isSample(path);

export const envoyAdapter: Adapter = {
  id: 'envoy',
  needsText: mayBe,
  classify: (path, head) =>
    head !== undefined &&
    mayBe(path) &&
    /^(?:static_resources|resources)[ \t]*:/m.test(head) &&
    /\blb_policy[ \t]*:/.test(head) &&
    !/^apiVersion:/m.test(head),
  extract,
};
