/** What both Terraform and CloudFormation come to: resources of a cloud with their arguments, and what they make of each other. */
import type { Purpose } from '../../facts.ts';
import type { AnyFact, NotAssessed, Place } from '../../types.ts';
import { type Node, referencesOf, textOf } from './node.ts';

export interface Resource {
  /** As Terraform names it: `aws_ecs_service`. */
  readonly type: string;
  /** The name in the code. */
  readonly label: string;
  /** Unique within the stack: `module.api.aws_ecs_service.this["a"]`. */
  readonly address: string;
  readonly body: Node;
  /** Its header; for a module's resource decided by the call. */
  readonly place: Place;
  /** How many of it there are; absent: that is not known. */
  readonly count?: number;
  /** A switch of a module leaves it out unless its caller says otherwise. */
  readonly isOff: boolean;
  /** Numbers are defaults that a caller may set. */
  readonly isLibrary: boolean;
  readonly purpose: Purpose;
}
/** Everything that one root module or template makes. */
export interface Stack {
  readonly resources: readonly Resource[];
  ofType(...types: readonly string[]): readonly Resource[];
  /** Resources that a value leads to. */
  targets(node: Node | undefined): readonly Resource[];
}
export interface Reading {
  readonly facts: AnyFact[];
  readonly notAssessed: NotAssessed[];
}
export type Reader = (resource: Resource, stack: Stack) => readonly AnyFact[];

const withoutKey = (address: string): string => address.replace(/\["[^"]{0,200}"\]$/, '');

export function makeStack(resources: readonly Resource[]): Stack {
  const byAddress = new Map<string, Resource[]>();
  const byType = new Map<string, Resource[]>();
  const add = (map: Map<string, Resource[]>, key: string, resource: Resource) => {
    const list = map.get(key);
    if (list) list.push(resource);
    else map.set(key, [resource]);
  };
  for (const resource of resources) {
    add(byAddress, resource.address, resource);
    const bare = withoutKey(resource.address);
    if (bare !== resource.address) add(byAddress, bare, resource);
    add(byType, resource.type, resource);
  }
  return {
    resources,
    ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    targets: (node) => [...new Set(referencesOf(node).flatMap((to) => byAddress.get(to) ?? byAddress.get(withoutKey(to)) ?? []))],
  };
}

/** Names that modules give to their only resource of a type. */
const generic = new Set(['this', 'main', 'default', 'service', 'app', 'self', 'primary']);

/** The name that the cloud will show, else the one in the code: of the module, where the resource has none of its own. */
export function nameOf({ label, address, place }: Resource, ...names: readonly (Node | undefined)[]): string {
  const known = names.map((name) => textOf(name)).find((name) => name !== undefined && name !== '');
  if (known !== undefined || !generic.has(label.toLowerCase())) return known ?? label;
  const module = [...address.matchAll(/module\.([A-Za-z0-9_-]+)/g)].at(-1)?.[1];
  const folder = place.path.split('/').at(-2);
  return module ?? (folder === undefined || folder.startsWith('.') ? label : folder);
}
