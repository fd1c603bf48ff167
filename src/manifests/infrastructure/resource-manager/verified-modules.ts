/**
 * Azure Verified Modules: modules of the public registry whose parameters stand for the properties of one resource
 * (azure.github.io/Azure-Verified-Modules). What one of them makes is read as if it were written as that resource.
 */
import type { Place } from '../../../types.ts';
import { get, type Node, scalar } from '../node.ts';

interface Made {
  readonly type: string;
  readonly body: Node;
}

/** `br/public:avm/res/app/container-app:0.8.0`, `br:mcr.microsoft.com/bicep/avm/res/app/container-app:0.8.0`. */
const published = /^br(?:\/public:|:mcr\.microsoft\.com\/bicep\/)(avm\/res\/[\w/-]+):/i;

/** A map of those entries that are there. */
function mapOf(place: Place, entries: Readonly<Record<string, Node | undefined>>): Node {
  const given = Object.entries(entries).flatMap(([key, value]) => (value ? [{ key, keyPlace: value.place, value }] : []));
  return { is: 'map', entries: given, place };
}

/** The module keeps three copies and goes up to ten unless told otherwise. */
function containerApp(params: Node, place: Place): Made {
  const ask = (key: string): Node | undefined => get(params, key);
  const scale =
    ask('scaleSettings') ??
    mapOf(place, {
      minReplicas: ask('scaleMinReplicas') ?? scalar(3, place),
      maxReplicas: ask('scaleMaxReplicas') ?? scalar(10, place),
    });
  const ingress = mapOf(place, {
    external: ask('ingressExternal'),
    targetPort: ask('ingressTargetPort'),
    stickySessions: mapOf(place, { affinity: ask('stickySessionsAffinity') }),
  });
  const properties = mapOf(place, {
    configuration: mapOf(place, { ingress, secrets: get(ask('secrets'), 'secureList') ?? ask('secrets') }),
    template: mapOf(place, { containers: ask('containers'), scale }),
  });
  return { type: 'microsoft.app/containerapps', body: mapOf(place, { name: ask('name'), tags: ask('tags'), properties }) };
}

const modules: Readonly<Record<string, (params: Node, place: Place) => Made>> = { 'avm/res/app/container-app': containerApp };

/** The resource that a module of the registry makes; `undefined` for others, and where its parameters are not read. */
export function makeVerified(target: string, params: Node | undefined, place: Place): Made | undefined {
  const module = modules[published.exec(target)?.[1]?.toLowerCase() ?? ''];
  return module && params?.is === 'map' ? module(params, place) : undefined;
}
