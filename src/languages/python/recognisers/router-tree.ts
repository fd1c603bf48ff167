/** Applications, blueprints and routers, and under which path each is mounted. */
import type { Value } from '../../../facts.ts';
import { type CallSite, type ProgramView, textOf } from '../recogniser.ts';
import { joinPaths, noPath, type PathText, pathOf } from './route-paths.ts';
import { applicationLibrary } from './servers.ts';

interface Node {
  readonly library: string;
  readonly isApplication: boolean;
  readonly prefix: PathText;
}
interface Mount {
  readonly parent: string;
  readonly child: string;
  readonly prefix: PathText;
  /** The prefix takes the place of the router's own. */
  readonly replaces: boolean;
}

const routers: readonly (readonly [RegExp, string, string])[] = [
  [/^flask\.(?:blueprints\.)?Blueprint$/, 'flask', 'url_prefix'],
  [/^quart\.Blueprint$/, 'quart', 'url_prefix'],
  [/^fastapi\.(?:routing\.)?APIRouter$/, 'fastapi', 'prefix'],
  [/^sanic\.(?:blueprints\.)?Blueprint$/, 'sanic', 'url_prefix'],
  [/^flask_smorest\.Blueprint$/, 'flask', 'url_prefix'],
  [/^apiflask\.APIBlueprint$/, 'flask', 'url_prefix'],
  [/^flask_restx?(?:ful)?\.(?:Api|Namespace)$/, 'flask', 'prefix'],
  [/^flask_restful\.Api$/, 'flask', 'prefix'],
  [/^aiohttp\.web\.RouteTableDef$/, 'aiohttp', ''],
];
const maxDepth = 12;
const mostMountings = 40;

/** Every instance that a value may be, by the place where it is made. */
export function keysOf(value: Value | undefined, depth = 0): readonly string[] {
  if (!value || depth > 4) return [];
  if (value.is === 'made') return [`${value.place.path}:${value.place.line}:${value.place.column}`];
  if (value.is === 'choice') return value.options.flatMap((option) => keysOf(option.value, depth + 1));
  // `app.router.add_get`.
  if (value.is === 'member' && value.name === 'router') return keysOf(value.of, depth + 1);
  return [];
}

export class RouterTree {
  readonly #nodes = new Map<string, Node>();
  readonly #mounts: Mount[] = [];

  constructor(program: ProgramView) {
    for (const call of program.calls) this.#addNode(call);
    for (const call of program.calls) this.#addMount(call);
  }

  has(key: string): boolean {
    return this.#nodes.has(key);
  }
  library(key: string): string {
    return this.#nodes.get(key)?.library ?? '';
  }

  /** Every path under which the router answers; without one it is mounted somewhere that could not be read. */
  mountings(key: string, depth = 0): readonly PathText[] {
    const node = this.#nodes.get(key);
    if (!node || depth > maxDepth) return [{ text: '', complete: false }];
    if (node.isApplication && !this.#mounts.some(({ child }) => child === key)) return [noPath];
    const above = this.#mounts.filter(({ child }) => child === key);
    const found = above.flatMap(({ parent, prefix, replaces }) =>
      this.mountings(parent, depth + 1).map((outer) => joinPaths(outer, replaces ? prefix : joinPaths(prefix, node.prefix))),
    );
    const own = node.isApplication ? [noPath] : [];
    return found.length > 0 ? [...own, ...found].slice(0, mostMountings) : [{ text: node.prefix.text, complete: false }];
  }

  #addNode(call: CallSite): void {
    if (call.dotted === undefined) return;
    const library = applicationLibrary(call.dotted);
    const router = routers.find(([pattern]) => pattern.test(call.dotted!));
    const [key] = keysOf({ is: 'made', callee: call.callee, args: [], place: call.place });
    if (key === undefined || (!library && !router)) return;
    const prefix = router ? pathOf(call.named(router[2]) ?? call.named('path')) : noPath;
    this.#nodes.set(key, {
      library: library ?? router![1],
      isApplication: library !== undefined,
      prefix: isNamespace(call) ? namespacePath(call) : prefix,
    });
    // `Api(app)` answers under its application.
    if (router && /\.Api$/.test(call.dotted))
      for (const parent of keysOf(call.argument('app', 0) ?? call.argument('blueprint', 0)))
        this.#mounts.push({ parent, child: key, prefix: noPath, replaces: false });
  }

  #addMount(call: CallSite): void {
    const parents = keysOf(call.on);
    if (call.name === 'register_blueprint' || call.name === 'blueprint') {
      const given = call.named('url_prefix') ?? call.named('prefix');
      this.#mount(parents, call.args[0], given, given !== undefined);
    } else if (call.name === 'include_router') this.#mount(parents, call.argument('router', 0), call.named('prefix'), false);
    else if (call.name === 'add_namespace')
      this.#mount(parents, call.args[0], call.argument('path', 1), call.argument('path', 1) !== undefined);
    else if (call.name === 'mount') this.#mount(parents, call.argument('app', 1), call.argument('path', 0), false);
    else if (call.name === 'add_subapp') this.#mount(parents, call.args[1], call.args[0], false);
    else if (call.name === 'add_routes') this.#mount(parents, call.args[0], undefined, false);
    else if (call.name === 'init_app' && /^flask_restx?(?:ful)?\.Api\(\)/.test(call.dotted ?? ''))
      for (const parent of keysOf(call.args[0]))
        for (const child of parents) this.#mounts.push({ parent, child, prefix: noPath, replaces: false });
  }

  #mount(parents: readonly string[], child: Value | undefined, prefix: Value | undefined, replaces: boolean): void {
    for (const parent of parents.slice(0, 5))
      for (const key of keysOf(child)) if (key !== parent) this.#mounts.push({ parent, child: key, prefix: pathOf(prefix), replaces });
  }
}

const isNamespace = ({ dotted }: CallSite): boolean => /\.Namespace$/.test(dotted ?? '');
/** The name of a namespace is its path. */
const namespacePath = (call: CallSite): PathText =>
  call.named('path')
    ? pathOf(call.named('path'))
    : { text: `/${textOf(call.args[0]) ?? ''}`, complete: textOf(call.args[0]) !== undefined };
