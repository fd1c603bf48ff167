import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { fileFramework } from './routes-files.ts';
import { routerTree } from './routes-tree.ts';
import { buildScript, startScripts, startsFastify } from './servers-scripts.ts';

/** Commands that start a server on behalf of the program, with their default port and how they name another. */
const commands: Readonly<
  Record<string, { readonly command: RegExp; readonly port: number; readonly env: readonly string[]; readonly host?: string }>
> = {
  next: { command: /\bnext\s+start\b/, port: 3000, env: ['PORT'] },
  '@sveltejs/kit': { command: /\bnode\s+(?:\.\/)?build\b/, port: 3000, env: ['PORT'] },
  nuxt: { command: /\b(?:nuxt|nuxi)\s+(?:start|preview)\b|\.output\/server\/index\.mjs/, port: 3000, env: ['NITRO_PORT', 'PORT'] },
  astro: { command: /\bnode\s+(?:\.\/)?dist\/server\/entry\.mjs/, port: 4321, env: ['PORT'] },
  remix: { command: /\b(?:remix|react-router)-serve\b/, port: 3000, env: ['PORT'] },
  fastify: { command: /\bfastify\s+start\b/, port: 3000, env: ['FASTIFY_PORT', 'PORT'] },
};

/** What makes a build a server, where no script starts it. */
const adapters: Readonly<Record<string, readonly string[]>> = {
  '@sveltejs/kit': ['@sveltejs/adapter-node', 'svelte-adapter-bun'],
  astro: ['@astrojs/node'],
};
/** True when the framework builds a server of its own. */
const isServer = (library: string, program: ProgramView): boolean =>
  library === 'next' ||
  (adapters[library] ?? []).some((name) => program.dependencies.has(name)) ||
  program.started.some((command) => commands[library]!.command.test(command) || /builds a server/.test(command));

/** `-p 8080`, `--port=8080`, `-p $PORT`. */
function portOf(command: string, at: Place, fallback: number, env: readonly string[]): Value {
  const given = /(?:^|\s)(?:-p|--port)[\s=]+"?\$?\{?(\w+)(?::-(\d+))?/.exec(command);
  if (given && /^\d+$/.test(given[1]!)) return { is: 'literal', value: Number(given[1]), place: at };
  const names = given ? [given[1]!] : env;
  const last: Value = { is: 'literal', value: given?.[2] ? Number(given[2]) : fallback, place: at };
  return names.reduceRight<Value>((inner, name) => ({ is: 'env', name, fallback: inner, place: at }), last);
}
function hostOf(command: string, at: Place): Value | undefined {
  const given = /(?:^|\s)(?:-H|--hostname|--host|--address|-a)[\s=]+([\w.:-]+)/.exec(command);
  return given ? { is: 'literal', value: given[1]!, place: at } : undefined;
}

function emitFramework(library: string, program: ProgramView, emit: Emit): void {
  const { command, port, env } = commands[library]!;
  const scripts = startScripts(program);
  const script = scripts.find((item) => command.test(item.command));
  // A bundle that another server hands out has a framework too, but no server of it.
  if (!script && !isServer(library, program)) return;
  const manifest = program.root ? `${program.root}/package.json` : 'package.json';
  const place = script?.place ??
    scripts[0]?.place ??
    buildScript(program)?.place ?? { path: manifest, line: 1, column: 1, endLine: 1, endColumn: 2 };
  const host = script && hostOf(script.command, place);
  emit('http-server', { place }, { library });
  emit(
    'listen',
    { place },
    { library, port: portOf(script?.command ?? '', place, port, env), ...(host ? { host } : {}), purpose: 'main' },
    script ? 'certain' : 'likely',
  );
}

/** Servers that a framework's own command starts. */
export const frameworkServers: Recogniser = {
  id: 'framework-servers',
  packages: ['next', 'fastify-cli'],
  recognise(program, emit) {
    if (startsFastify(program)) emitFramework('fastify', program, emit);
    const library = fileFramework(program);
    const custom = library === 'next' && program.callsOf('next').some((call) => call.path === '' && call.how !== 'decorator');
    if (library && library in commands && !custom && !hasOwnServer(program)) emitFramework(library, program, emit);
  },
};

/** A custom server (Express in front of Remix or Next) listens itself. */
const hasOwnServer = (program: ProgramView): boolean =>
  program.callsNamed('listen').some((call) => call.on !== undefined && routerTree(program).resolve(call.on).length > 0);
