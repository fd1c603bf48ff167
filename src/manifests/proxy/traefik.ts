/** Traefik: services of its file provider with sticky sessions, in YAML and TOML. Labels are read where they stand, in Compose files. */

import { type ProxyServer, pinFacts } from '../../text/proxy/pool.ts';
import { readRows } from '../../text/proxy/rows.ts';
import { entriesOf, entryAt, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import { isSample } from './names.ts';

const how = 'sticky sessions of Traefik';

function readService(node: YamlNode): readonly AnyFact[] {
  const balancer = nodeAt(node, 'loadBalancer') ?? nodeAt(node, 'loadbalancer');
  const sticky = entryAt(balancer, 'sticky');
  if (!sticky || textOf(sticky.value) === 'false') return [];
  const servers = itemsOf(nodeAt(balancer, 'servers')).map(
    (server): ProxyServer => ({ address: textOf(nodeAt(server, 'url')) ?? textOf(nodeAt(server, 'address')) ?? '', spare: false }),
  );
  return pinFacts({ how, place: sticky.keyPlace, servers, open: false });
}

function extractYaml(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) => entriesOf(nodeAt(root, 'http', 'services')).flatMap(({ value }) => readService(value)));
  return { facts, notAssessed };
}

/** `[http.services.app.loadBalancer.sticky.cookie]`, `[backends.app.loadbalancer.stickiness]` of version 1. */
const stickyTable =
  /^\[\s{0,9}(?:http\.services|backends)\.([^\]\s]{1,200})\.load[bB]alancer\.(?:sticky|stickiness)(?:\.cookie)?\s{0,9}\]$/;
const serverTable =
  /^\[\[?\s{0,9}(?:http\.services\.([^\]\s]{1,200})\.load[bB]alancer\.servers|backends\.([^\]\s]{1,200})\.servers\.[^\]\s]{1,200})\s{0,9}\]\]?$/;

function extractToml(file: SourceFile): Extraction {
  const pools = new Map<string, { sticky?: Place; servers: ProxyServer[] }>();
  const poolOf = (name: string) => pools.get(name) ?? pools.set(name, { servers: [] }).get(name)!;
  let current: string | undefined;
  for (const { words, place } of readRows(file)) {
    const text = words.join(' ');
    if (text.startsWith('[')) {
      const sticky = stickyTable.exec(text)?.[1];
      const server = serverTable.exec(text);
      current = server ? (server[1] ?? server[2]) : undefined;
      if (sticky !== undefined) poolOf(sticky).sticky ??= place;
    } else if (current !== undefined && words[0]?.split('=')[0] === 'url')
      poolOf(current).servers.push({ address: text.slice(text.indexOf('=') + 1).trim(), spare: false });
  }
  const facts = [...pools.values()].flatMap(({ sticky, servers }) =>
    sticky ? pinFacts({ how, place: sticky, servers, open: false }) : [],
  );
  return { facts, notAssessed: [] };
}

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);
const mayBe = (path: string): boolean => (isYaml(path) || /\.toml$/i.test(path)) && !isSample(path);

export const traefikAdapter: Adapter = {
  id: 'traefik',
  needsText: mayBe,
  classify(path, head) {
    if (head === undefined || !mayBe(path)) return false;
    if (!isYaml(path)) return /^[ \t]{0,99}\[[ \t]{0,9}(?:http\.services|backends)\.[^\]\n]{1,300}\.(?:sticky|stickiness)/m.test(head);
    return (
      /^http:/m.test(head) && /^[ \t]{1,99}load[bB]alancer:/m.test(head) && /^[ \t]{1,99}sticky:/m.test(head) && !/^apiVersion:/m.test(head)
    );
  },
  extract: (file) => (isYaml(file.path) ? extractYaml(file) : extractToml(file)),
};
