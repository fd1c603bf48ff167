import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { originOf } from '../call-sites.ts';
import type { ProgramView } from '../recogniser.ts';
import { readMounts } from './routes-mounts.ts';
import { joinPath, type PathText, pathsOf, rootPath, unknownPath } from './routes-paths.ts';

/** How routers are made, by package: path of the factory → an application of its own or a part to be mounted. */
const factories: Readonly<Record<string, Readonly<Record<string, 'app' | 'router'>>>> = {
  express: { '': 'app', Router: 'router' },
  'ultimate-express': { '': 'app', Router: 'router' },
  'hyper-express': { Server: 'app', Router: 'router' },
  'express-promise-router': { '': 'router', Router: 'router' },
  router: { '': 'router' },
  '@awaitjs/express': { Router: 'router' },
  koa: { '': 'app' },
  'koa-router': { '': 'router', Router: 'router' },
  '@koa/router': { '': 'router', Router: 'router' },
  fastify: { '': 'app', fastify: 'app' },
  hono: { Hono: 'app', 'tiny.Hono': 'app', 'quick.Hono': 'app' },
  '@hono/zod-openapi': { OpenAPIHono: 'app' },
  restify: { createServer: 'app' },
  'restify-router': { Router: 'router' },
  polka: { '': 'app' },
  connect: { '': 'app' },
  '@tinyhttp/app': { App: 'app' },
  '@hapi/hapi': { server: 'app', Server: 'app' },
  hapi: { server: 'app', Server: 'app' },
  h3: { createApp: 'app', createRouter: 'router', H3: 'app' },
  'json-server': { create: 'app' },
  'routing-controllers': { createExpressServer: 'app', createKoaServer: 'app' },
};
/** Packages by which a file is worth reading for routes. */
export const routerPackages: readonly string[] = Object.keys(factories);

/** Methods that hand back the application or router itself, or what stands for it. */
const samePackageObject = new Set([
  ...['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all', 'any', 'on', 'use', 'set', 'disable', 'enable', 'param'],
  ...['register', 'after', 'ready', 'addHook', 'decorate', 'withTypeProvider', 'routes', 'middleware', 'callback', 'handler', 'listen'],
]);
const sameMember = new Set(['fetch', 'app', 'server', 'handler', 'routing', 'router', 'default']);

/** An application or router, with a path that only this mention of it adds (`router.route('/x')`). */
export interface RouterRef {
  readonly key: string;
  readonly path: PathText;
}
interface RouterNode {
  readonly library: string;
  readonly kind: 'app' | 'router' | 'plugin';
  own: readonly PathText[];
  readonly parents: { readonly key: string; readonly path: PathText }[];
}
/** Where a router hangs: its full prefix and the application that serves it. */
export interface Mounting {
  readonly path: PathText;
  readonly server?: string;
}

const keyOf = (place: Place): string => `${place.path}:${place.line}:${place.column}`;
const optionOf = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;

/** Applications and routers of a program, and what is mounted where. */
export class RouterTree {
  readonly #nodes = new Map<string, RouterNode>();

  constructor(readonly program: ProgramView) {}

  library(key: string): string | undefined {
    return this.#nodes.get(key)?.library;
  }

  /** The routers that a value may be. */
  resolve(value: Value | undefined, depth = 0): readonly RouterRef[] {
    if (!value || depth > 30) return [];
    switch (value.is) {
      case 'choice':
        return value.options.flatMap((option) => this.resolve(option.value, depth + 1));
      case 'made':
        return this.#made(value, depth);
      case 'member':
        return sameMember.has(value.name) ? this.resolve(value.of, depth + 1) : [];
      case 'parameter':
        return value.index === 0 && this.#nodes.has(value.function) ? [{ key: value.function, path: rootPath }] : [];
      default:
        return [];
    }
  }

  #made(value: Value & { is: 'made' }, depth: number): readonly RouterRef[] {
    const { callee } = value;
    const factory = callee.is === 'package' ? factories[callee.package]?.[callee.path] : undefined;
    if (factory && callee.is === 'package') return [{ key: this.#add(value, callee.package, factory), path: rootPath }];
    if (callee.is === 'member') {
      const on = this.resolve(callee.of, depth + 1);
      if (callee.name === 'route' || callee.name === 'basePath')
        return on.flatMap(({ key, path }) => {
          const paths = value.args.length === 1 ? pathsOf(value.args[0]) : [rootPath];
          return paths.map((inner) => ({ key, path: joinPath(path, inner) }));
        });
      return samePackageObject.has(callee.name) ? on : [];
    }
    // `http.createServer(app)`, `expressWs(app)`, `addAsync(express())`: still that application.
    return callee.is === 'package' || originOf(callee)
      ? value.args.slice(0, 2).flatMap((argument) => (argument.is === 'object' ? [] : this.resolve(argument, depth + 1)))
      : [];
  }

  #add(value: Value & { is: 'made' }, library: string, kind: 'app' | 'router'): string {
    const key = keyOf(value.place);
    if (!this.#nodes.has(key)) {
      const prefix = optionOf(value.args[0], 'prefix');
      this.#nodes.set(key, { library, kind, own: prefix ? pathsOf(prefix) : [rootPath], parents: [] });
    }
    return key;
  }

  /** A function that gets the application as its first parameter: a plugin. */
  addPlugin(functionId: string, library: string): void {
    if (!this.#nodes.has(functionId)) this.#nodes.set(functionId, { library, kind: 'plugin', own: [rootPath], parents: [] });
  }
  /** A plugin that is the application's own root (`fastify start app.js`). */
  addRootPlugin(functionId: string, library: string): void {
    this.#nodes.set(functionId, { library, kind: 'app', own: [rootPath], parents: [] });
  }

  /** `router.prefix('/x')` of Koa. */
  setPrefix(key: string, paths: readonly PathText[]): void {
    const node = this.#nodes.get(key);
    if (node) node.own = paths;
  }

  mount(child: string, parent: RouterRef, path: PathText): void {
    const node = this.#nodes.get(child);
    if (!node || child === parent.key) return;
    const at = joinPath(parent.path, path);
    const known = node.parents.some(
      ({ key, path: { text, complete } }) => key === parent.key && text === at.text && complete === at.complete,
    );
    if (!known) node.parents.push({ key: parent.key, path: at });
  }

  /** Every full prefix under which a router answers. A router that nobody mounts has an unknown one. */
  mountings(key: string, seen: readonly string[] = []): readonly Mounting[] {
    const node = this.#nodes.get(key);
    if (!node || seen.includes(key) || seen.length > 12) return [];
    const above: readonly Mounting[] =
      node.parents.length > 0
        ? node.parents.slice(0, 12).flatMap((parent) =>
            this.mountings(parent.key, [...seen, key]).map((mounting) => ({
              ...mounting,
              path: joinPath(mounting.path, parent.path),
            })),
          )
        : [node.kind === 'app' ? { path: rootPath, server: key } : { path: unknownPath }];
    return above.flatMap((mounting) => node.own.map((own) => ({ ...mounting, path: joinPath(mounting.path, own) })));
  }
}

const trees = new WeakMap<ProgramView, RouterTree>();
/** The router tree of a program, built once. */
export function routerTree(program: ProgramView): RouterTree {
  let tree = trees.get(program);
  if (!tree) {
    tree = new RouterTree(program);
    trees.set(program, tree);
    readMounts(tree, program);
  }
  return tree;
}
