import { allElements, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';

/** Parts that join the caches of several processes: peers that tell each other, a Terracotta server. */
const joins = /^(?:cacheManagerPeerProviderFactory|cacheManagerPeerListenerFactory|terracotta(?:Config)?|cluster(?:ed)?)$/;

/** ehcache.xml of either generation: caches that live in the process, unless something joins them. */
export function readEhcache(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'ehcache' && root.name !== 'config') return [];
  const elements = allElements(root);
  const [first] = elements.filter(({ name }) => name === 'cache');
  if (!first || elements.some(({ name }) => joins.test(name))) return [];
  const { place } = first;
  const value = { library: 'Ehcache', stores: [{ kind: 'memory' as const, place }], holds: 'data' as const };
  return [{ kind: 'cache', place, confidence: 'likely', value }];
}
