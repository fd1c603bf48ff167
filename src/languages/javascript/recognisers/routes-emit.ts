import type { FactValues } from '../../../facts.ts';
import type { CallSite, Emit } from '../recogniser.ts';
import { joinPath, normalisePath, type PathText } from './routes-paths.ts';
import type { RouterRef, RouterTree } from './routes-tree.ts';

/** One route before its prefixes are known. */
export interface OwnRoute {
  readonly on: readonly RouterRef[];
  readonly paths: readonly PathText[];
  readonly methods: readonly string[];
  readonly handlers: readonly string[];
  readonly fallback?: boolean;
  readonly answers?: FactValues['route']['answers'];
  readonly library?: string;
}

/** Emits a route once for every full path that it has. */
export function emitRoute(tree: RouterTree, at: CallSite, route: OwnRoute, emit: Emit): void {
  const seen = new Set<string>();
  for (const { key, path: inner } of route.on) {
    for (const mounting of tree.mountings(key)) {
      for (const path of route.paths) {
        const full = joinPath(joinPath(mounting.path, inner), path);
        const text = normalisePath(full.text);
        const id = `${mounting.server}:${text}:${full.complete}`;
        if (seen.has(id) || seen.size > 50) continue;
        seen.add(id);
        emit(
          'route',
          { ...at, place: at.namePlace },
          {
            methods: route.methods,
            path: text,
            complete: full.complete,
            handlers: route.handlers,
            fallback: route.fallback ?? text.endsWith('*'),
            library: route.library ?? tree.library(key) ?? '',
            ...(route.answers ? { answers: route.answers } : {}),
            ...(mounting.server ? { server: mounting.server } : {}),
          },
        );
      }
    }
  }
}
