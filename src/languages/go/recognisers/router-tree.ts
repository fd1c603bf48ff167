/** Routers and groups, and under which path each answers. */
import type { Value } from '../../../facts.ts';
import { type ProgramView, textOf } from '../recogniser.ts';
import { targetOf, typeOf } from '../value-shapes.ts';
import { joinPaths, noPath, type PathText, pathsOf, unread } from './route-paths.ts';

const frameworks = new Set(['gin', 'echo', 'fiber', 'chi', 'mux', 'httprouter', 'net/http']);
export const isRouter = (library: string): boolean => frameworks.has(library);

const applications = /^(?:gin\.Engine|echo\.Echo|fiber\.App|chi\.Router|mux\.Router|httprouter\.Router|net\/http\.ServeMux)$/;
const groups = /^(?:gin\.RouterGroup|echo\.Group|fiber\.Router|mux\.Route)$/;
const mostMountings = 30;
const maxDepth = 10;

export const isRouterType = (type: string | undefined): boolean => type !== undefined && (applications.test(type) || groups.test(type));

/** Routers that a handler leads to: itself, or wrapped in others. */
export function routersIn(value: Value | undefined, depth = 0): readonly Value[] {
  if (!value || depth > 5) return [];
  if (value.is === 'choice') return value.options.slice(0, 12).flatMap((option) => routersIn(option.value, depth + 1));
  if (isRouterType(typeOf(value)) && value.is === 'made') return [value];
  if (value.is !== 'made') return [];
  const object = value.args[0]?.is === 'object' ? Object.values(value.args[0].properties) : [];
  return [...value.args, ...object].flatMap((argument) => routersIn(argument, depth + 1));
}

export const keyOf = ({ place }: Value): string => `${place.path}:${place.line}:${place.column}`;

/** `http.StripPrefix("/api", router)`. */
const isStripped = (value: Value | undefined): boolean => value?.is === 'made' && targetOf(value.callee) === 'net/http.StripPrefix';

interface Mount {
  readonly parent: Value | undefined;
  readonly prefix: readonly PathText[];
}

export class RouterTree {
  readonly #mounts = new Map<string, Mount[]>();

  constructor(program: ProgramView) {
    for (const call of program.calls) {
      const { target = '', args } = call;
      const isMount = /^(?:chi\.Router\.Mount|fiber\.(?:App|Router)\.(?:Mount|Use))$/.test(target);
      const isHandle = /^(?:net\/http\.(?:ServeMux\.)?Handle|chi\.Router\.Handle|mux\.Router\.Handle|mux\.Route\.Handler)$/.test(target);
      if (!isMount && !isHandle) continue;
      const served = args.at(-1);
      const prefix = isMount
        ? pathsOf(args[0])
        : isStripped(served)
          ? pathsOf((served as Extract<Value, { is: 'made' }>).args[0])
          : [noPath];
      for (const child of routersIn(served)) this.#add(keyOf(child), { parent: isMount ? call.on : undefined, prefix });
    }
  }

  #add(key: string, mount: Mount): void {
    const known = this.#mounts.get(key);
    if (known) known.push(mount);
    else this.#mounts.set(key, [mount]);
  }

  /** Every path under which a router or group answers. */
  prefixes(router: Value | undefined, depth = 0): readonly PathText[] {
    if (!router || depth > maxDepth) return [unread];
    if (router.is === 'choice')
      return router.options
        .slice(0, 12)
        .flatMap((option) => this.prefixes(option.value, depth + 1))
        .slice(0, mostMountings);
    if (router.is === 'member' && /^(?:RouterGroup|Router|Mux)$/.test(router.name)) return this.prefixes(router.of, depth + 1);
    if (router.is !== 'made') return [unread];
    if (router.callee.is === 'member') return this.#ofGroup(router, router.callee, depth);
    if (!applications.test(typeOf(router) ?? '')) return [unread];
    // A parameter of which only the type is known may be a group of something else.
    if (router.callee.is === 'class' && router.args.length === 0 && /^(?:chi|mux|fiber)/.test(router.callee.id)) return [unread];
    const mounts = this.#mounts.get(keyOf(router)) ?? [];
    if (mounts.length === 0) return [noPath];
    return mounts
      .flatMap(({ parent, prefix }) =>
        (parent ? this.prefixes(parent, depth + 1) : [noPath]).flatMap((outer) => prefix.map((own) => joinPaths(outer, own))),
      )
      .slice(0, mostMountings);
  }

  /** `r.Group("/api")`, `r.PathPrefix("/api").Subrouter()`, what `r.Route("/api", f)` hands to `f`. */
  #ofGroup({ args }: Extract<Value, { is: 'made' }>, { of, name }: Extract<Value, { is: 'member' }>, depth: number): readonly PathText[] {
    const outer = this.prefixes(of, depth + 1);
    const [first] = args;
    const adds = /^(?:Group|Route|PathPrefix|Path|HandleFunc|Handle)$/.test(name) && first !== undefined && first.is !== 'function';
    if (!adds) return outer;
    return outer.flatMap((before) => pathsOf(first).map((own) => joinPaths(before, own))).slice(0, mostMountings);
  }
}

/** The path of a route of net/http, which may begin with a method and a host. */
export function splitPattern(value: Value | undefined): { readonly method?: string; readonly value: Value | undefined } {
  const text = textOf(value);
  const [, method, rest] = /^([A-Z]+)[ \t]+(.*)$/.exec(text ?? '') ?? [];
  if (method === undefined || rest === undefined || value?.is !== 'literal') return { value };
  return { method, value: { ...value, value: rest.replace(/^[^/]+/, '') } };
}
