/** What a config server of the repository serves to its other programs (Spring Cloud Config, "File System Backend"). */
import type { AnyFact, Fact } from '../../types.ts';
import type { PackagesByRoot, ProgramRequest } from '../language.ts';
import { dependenciesOf, joinPath, type Module, readModule } from './build.ts';

const serverLibrary = /^org\.springframework\.cloud:spring-cloud-(?:starter-)?config-server$/;
const clientLibrary = /^org\.springframework\.cloud:(?:spring-cloud-starter-config|spring-cloud-config-client)$/;
const uses = (module: Module, library: RegExp): boolean =>
  dependenciesOf(module).some(({ group, artifact }) => library.test(`${group}:${artifact}`));

const isSettings = (fact: AnyFact): fact is Fact<'settings'> => fact.kind === 'settings';
const locationKey = /^spring\.cloud\.config\.server\.(?:native\.search-locations|git\.search-paths)(?:\[\d+\])?$/;
const resources = 'src/main/resources';

/** `classpath:/served`, `file:../served`, `served/{application}` of a git repository: what may be folders of this one. */
function foldersOf(location: string, root: string): readonly string[] {
  const folder = /^(?:optional:)?(?:(classpath|file):(?:\/\/)?)?(.*?)(?:\/?\{[^{}]*\}.*)?$/.exec(
    location.trim().replace(/\$\{user\.dir\}/, '.'),
  );
  const path = folder?.[2]?.replace(/\/+$/, '') ?? '';
  if (path.replace(/^[./]+/, '') === '' || path.includes('${')) return [];
  if (folder![1] === 'classpath') return [joinPath(`${root}/${resources}`, path)];
  return path.startsWith('/') ? [] : [joinPath(root, path), joinPath('', path)];
}

interface Server {
  readonly root: string;
  readonly folders: readonly string[];
}
const known = new WeakMap<PackagesByRoot, readonly Server[]>();

function findServers(packages: PackagesByRoot, request: ProgramRequest): readonly Server[] {
  const found = known.get(packages);
  if (found) return found;
  const servers = [...packages.values()].flatMap((manifest): readonly Server[] => {
    const module = manifest.build?.dependencies.some(({ artifact }) => /config-server$/.test(artifact))
      ? readModule(manifest, packages, request.files)
      : undefined;
    if (!module || !uses(module, serverLibrary)) return [];
    const { root } = module;
    const own = (request.manifestsUnder?.(root) ?? []).filter(isSettings);
    const locations = own.flatMap(({ value }) => value.entries.filter(({ key }) => locationKey.test(key)));
    return [{ root, folders: locations.flatMap(({ text }) => text.split(',').flatMap((one) => foldersOf(one, root))) }];
  });
  known.set(packages, servers);
  return servers;
}

const liesIn = ({ place }: AnyFact, folders: readonly string[]): boolean => folders.some((folder) => place.path.startsWith(`${folder}/`));

/** Takes what it serves from the settings of a config server, and adds it to those of the programs that ask one. */
export function withServed(own: readonly AnyFact[], module: Module, modules: readonly Module[], request: ProgramRequest) {
  const servers = findServers(request.roots ?? new Map(), request);
  const served = servers.find(({ root }) => root === module.root);
  if (served) return { facts: own.filter((fact) => !isSettings(fact) || !liesIn(fact, served.folders)), isComplete: false };
  if (servers.length === 0 || !modules.some((one) => uses(one, clientLibrary))) return { facts: own, isComplete: false };
  const names = own.filter(isSettings).flatMap(({ value }) => value.entries.filter(({ key }) => key === 'spring.application.name'));
  const name = names[0]?.text;
  const given = servers.flatMap(({ folders }) =>
    folders.flatMap((folder) =>
      (request.manifestsUnder?.(folder) ?? [])
        .filter(isSettings)
        .filter(({ value }) => value.name === 'application' || value.name === name),
    ),
  );
  // What the server says comes before what the archive holds.
  const asOwn = given.map((fact): AnyFact => ({ ...fact, value: { ...fact.value, name: 'application' } }));
  return { facts: [...asOwn, ...own], isComplete: given.some(({ value }) => value.name === name) };
}
