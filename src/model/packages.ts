import type { Fact } from '../types.ts';
import type { Sources } from './sources.ts';

/** Packages that a program depends on to accept requests or to run on. */
const serverDependencies = new Set(
  'express fastify koa hapi @hapi/hapi restify next nuxt nuxt3 @nestjs/core @nestjs/microservices @remix-run/node @remix-run/serve @remix-run/express @react-router/serve @react-router/node @strapi/strapi strapi sails polka micro h3 nitropack hono @hono/node-server apollo-server @apollo/server graphql-yoga @adonisjs/core @feathersjs/feathers @loopback/core @loopback/rest loopback meteor-node-stubs moleculer socket.io ws uWebSockets.js bullmq bull agenda amqplib kafkajs node-cron @grpc/grpc-js grpc egg midway @midwayjs/core thinkjs actionhero total.js parse-server payload keystone @keystone-6/core @medusajs/medusa directus ghost total4 connect finalhandler discord.js telegraf botkit probot elysia find-my-way itty-router json-server'.split(
    ' ',
  ),
);
/** Files that make a folder the root of workspaces, whatever its package.json says. */
const workspaceFiles = ['pnpm-workspace.yaml', 'lerna.json', 'turbo.json', 'nx.json', 'rush.json'];

export const hasServerDependency = ({ value }: Fact<'package'>): boolean =>
  Object.keys(value.dependencies).some((name) => serverDependencies.has(name));

/** Maven's file says most; a web folder only that there is an archive, and what an editor or Ant says of it less than its descriptor. */
const rankOf = ({ value, place }: Fact<'package'>): number =>
  ['ant', 'gradle', 'maven'].indexOf(value.build?.tool ?? '') + (place.path.endsWith('/web.xml') ? 0.5 : 0);

/** The file that names the package says most; what a Node program or a build of others lies beside belongs to that one. */
function chooseWithPython(known: Fact<'package'>, other: Fact<'package'>): Fact<'package'> {
  if (known.value.ecosystem && other.value.ecosystem) return known.value.name === undefined ? other : known;
  const [python, plain] = known.value.ecosystem ? [known, other] : [other, known];
  const { build, workspaces, scripts } = plain.value;
  const isProgram = build ? build.packaging !== 'pom' : workspaces.length > 0 || 'start' in scripts || hasServerDependency(plain);
  return isProgram ? plain : python;
}

/** Projects of .NET keep their pages and tests beside them: a program before a test of it, and before what only builds its pages. */
function chooseWithDotnet(known: Fact<'package'>, other: Fact<'package'>): Fact<'package'> {
  const [dotnet, plain] = known.value.dotnet ? [known, other] : [other, known];
  if (plain.value.dotnet) return /tests?$/i.test(known.value.dotnet!.assembly) ? other : known;
  const isLibrary = dotnet.value.dotnet!.sdks.every((sdk) => sdk === 'Microsoft.NET.Sdk') && dotnet.value.dotnet!.output === undefined;
  return hasServerDependency(plain) || (isLibrary && 'start' in plain.value.scripts) ? plain : dotnet;
}

/** Two build files in one folder: a Maven or Gradle module whose package.json only builds its pages is that module. */
export function choosePackage(known: Fact<'package'> | undefined, other: Fact<'package'>): Fact<'package'> {
  if (!known) return other;
  if (known.value.dotnet || other.value.dotnet) return chooseWithDotnet(known, other);
  if (known.value.ecosystem || other.value.ecosystem) return chooseWithPython(known, other);
  const [build, plain] = known.value.build ? [known, other] : [other, known];
  if (!build.value.build || plain.value.build) return rankOf(known) > rankOf(other) ? known : other;
  // A parent of modules beside a package.json of tools for the repository.
  const mayStart = 'start' in plain.value.scripts || plain.value.workspaces.length > 0;
  return hasServerDependency(plain) || (build.value.build.packaging === 'pom' && mayStart) ? plain : build;
}

const foldersAbove = new WeakMap<Sources, ReadonlySet<string>>();
/** settings.gradle names the modules of a build: they lie below it. */
function hasModulesBelow({ value: { root, build } }: Fact<'package'>, sources: Sources): boolean {
  if (build?.tool !== 'gradle') return false;
  let above = foldersAbove.get(sources);
  if (!above) {
    const folders = new Set<string>();
    for (const { value } of sources.packages.values())
      if (value.build?.tool === 'gradle')
        for (let folder = value.root; folder !== ''; ) {
          folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
          folders.add(folder);
        }
    above = folders;
    foldersAbove.set(sources, above);
  }
  return above.has(root);
}

/** The root of workspaces that only starts its members has no program of its own. */
export function isOrchestrator(fact: Fact<'package'>, sources: Sources): boolean {
  const { root, workspaces, build, ecosystem } = fact.value;
  if (ecosystem === 'go') return false;
  if (build)
    return build.packaging === 'pom' || ((build.modules.length > 0 || hasModulesBelow(fact, sources)) && !sources.findPrograms(fact));
  const isRoot = workspaces.length > 0 || workspaceFiles.some((name) => sources.tree.hasFile(root === '' ? name : `${root}/${name}`));
  return isRoot && !hasServerDependency(fact);
}
