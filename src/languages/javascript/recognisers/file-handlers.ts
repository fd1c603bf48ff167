import type { Place } from '../../../types.ts';
import type { ProgramView } from '../recogniser.ts';
import { moduleOf } from '../values.ts';
import { functionsIn } from './routes-mounts.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Modules whose exports a framework calls for each request, by the path of the file. */
const conventions: readonly { readonly dependency: string; readonly file: RegExp; readonly names: readonly string[] }[] = [
  { dependency: '@sveltejs/kit', file: /^src\/hooks\.server(?:\/index)?\.[jt]s$/, names: ['handle', 'handleFetch', 'handleError'] },
  { dependency: '@sveltejs/kit', file: /^src\/routes\/(?:.*\/)?\+server\.[jt]s$/, names: [...methods, 'fallback'] },
  { dependency: '@sveltejs/kit', file: /^src\/routes\/(?:.*\/)?\+(?:page|layout)\.server\.[jt]s$/, names: ['load', 'actions'] },
  { dependency: 'next', file: /^(?:src\/)?app\/(?:.*\/)?route\.[jt]sx?$/, names: methods },
  { dependency: 'next', file: /^(?:src\/)?pages\/api\/.*\.[jt]sx?$/, names: ['default'] },
  { dependency: 'next', file: /^(?:src\/)?(?:middleware|proxy)\.[jt]s$/, names: ['middleware', 'proxy', 'default'] },
  { dependency: '@remix-run/node', file: /^app\/(?:root|routes\/.*)\.[jt]sx?$/, names: ['loader', 'action'] },
  { dependency: '@react-router/node', file: /^app\/(?:root|routes\/.*)\.[jt]sx?$/, names: ['loader', 'action'] },
  { dependency: 'astro', file: /^src\/pages\/.*\.[jt]s$/, names: [...methods, 'ALL'] },
  { dependency: 'astro', file: /^src\/middleware(?:\/index)?\.[jt]s$/, names: ['onRequest'] },
];

/** Egg makes these classes anew for each request, and calls what its middleware modules give. */
const ofEgg = /^app\/(?:io\/)?(?:controller|middleware|service)\/.*\.[jt]s$/;

const insideOf = (program: ProgramView, path: string): string =>
  program.root && path.startsWith(`${program.root}/`) ? path.slice(program.root.length + 1) : path;
const startOf = (path: string): Place => ({ path, line: 1, column: 1, endLine: 1, endColumn: 1 });

/** Ids of the functions that a framework finds by the name of their file and calls for each request. */
export function fileHandlers(program: ProgramView): string[] {
  const present = conventions.filter(({ dependency }) => program.dependencies.has(dependency));
  const isEgg = program.dependencies.has('egg');
  if (present.length === 0 && !isEgg) return [];
  return program.files.flatMap((path): readonly string[] => {
    const inside = insideOf(program, path);
    if (isEgg && ofEgg.test(inside)) return ['=', 'default'].flatMap((name) => eggHandlers(program, path, name));
    const convention = present.find(({ file }) => file.test(inside));
    if (!convention) return [];
    const text = program.text(path) ?? '';
    return convention.names
      .filter((name) => text.includes(name))
      .flatMap((name) => functionsIn(program.evaluator.exported(path, name, startOf(path))));
  });
}

/** Methods of an exported class, also of one that a function makes: `module.exports = (app) => class extends app.Controller { … }`. */
function eggHandlers(program: ProgramView, path: string, name: string): readonly string[] {
  const exported = program.evaluator.exported(path, name, startOf(path));
  const given = exported.is === 'function' ? program.evaluator.returned(exported.id, [], exported.place) : exported;
  if (given.is !== 'class') return functionsIn(given);
  const methods = Object.entries(program.classOf(given.id)?.methods ?? {});
  return methods.flatMap(([method, index]) => (method === 'constructor' ? [] : [`${moduleOf(given.id)}#${index}`]));
}
