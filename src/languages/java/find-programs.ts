import type { PackageManifest } from '../../facts.ts';
import type { Entry, FileAccess, PackagesByRoot } from '../language.ts';
import { dependenciesOf, hasRunner, isBootBuild, type Module, readModule } from './build.ts';
import { dependentsOf } from './dependents.ts';
import { isServerLibrary } from './recognisers/servers.ts';

const mainSources = (root: string): string => (root === '' ? 'src/main' : `${root}/src/main`);
const staticMain = /\bstatic\s+void\s+main\s*\(|\bfun\s+main\s*\(/;
/** A verticle is started by the launcher of Vert.x, a module of Ktor (`fun Application.module()`) by its `EngineMain`. */
const mainMethod =
  /\bfun\s+Application\s*\.\s*\w+\s*\(|\bstatic\s+void\s+main\s*\(|\bfun\s+main\s*\(|(?<!abstract\s)\bclass\s+\w+\s*(?:extends\s+|:\s*)\w*Verticle\b/;
/** A `main` of a library's helper class starts no application. */
const startsSpring = /Spring(?:Boot|Cloud)?Application|EnableAutoConfiguration|runApplication/;
const mostFiles = 400;

/** The class that a module starts: by its usual names first. */
function findMainClass(root: string, files: FileAccess, usesBoot: boolean): string | undefined {
  const candidates = files.under(mainSources(root)).filter((path) => /\.(?:java|kt)$/.test(path));
  const usual = candidates.filter((path) => /(?:Application|App|Main|Starter|Server|Boot\w*|Verticle)\.(?:java|kt)$/.test(path));
  const others = candidates.length <= mostFiles ? candidates.filter((path) => !usual.includes(path)) : [];
  const starts = (text: string): boolean => mainMethod.test(text) && (!usesBoot || startsSpring.test(text));
  return [...usual, ...others].find((path) => starts(files.text(path) ?? ''));
}

/** Offers objects to other processes: RMI and CORBA. */
const servesObjects =
  /\bLocateRegistry\s*\.\s*createRegistry\s*\(|\bNaming\s*\.\s*(?:re)?bind\s*\(|\bgetRegistry\s*\([^;]{0,200}\)\s*\.\s*(?:re)?bind\s*\(|\bPOAHelper\b|\bORB\s*\.\s*init\s*\(/;
const serverName = /(?:serv|main|app|rmi|corba|regist|daemon|host|launch)\w*\.(?:java|kt)$/i;

/** A class whose `main` offers objects is a server, whatever its build says. */
function findObjectServer({ root, build }: Module, files: FileAccess): string | undefined {
  const sources = build.tool === 'ant' ? root : mainSources(root);
  const named = files
    .under(sources)
    .filter((path) => serverName.test(path.slice(path.lastIndexOf('/') + 1)) && !/(?:^|\/)tests?\//.test(path));
  if (named.length > mostFiles) return undefined;
  return named.find((path) => {
    const text = files.text(path) ?? '';
    return servesObjects.test(text) && mainMethod.test(text);
  });
}

/** Code or pages of its own: a build file of Ant may only pack what others made. */
function hasOwnFiles(root: string, packages: PackagesByRoot, files: FileAccess): boolean {
  const prefix = root === '' ? '' : `${root}/`;
  const below = [...packages.keys()].filter((other) => other !== root && other.startsWith(prefix));
  return files.under(root).some((path) => /\.(?:java|kt|jspx?|class)$/.test(path) && !below.some((other) => path.startsWith(`${other}/`)));
}

/** Sources in Maven's folders, or those of a web project of Eclipse or Ant. */
const hasSources = ({ root, build }: Module, packages: PackagesByRoot, files: FileAccess): boolean =>
  (build.tool === 'ant' && hasOwnFiles(root, packages, files)) ||
  files.under(mainSources(root)).length > 0 ||
  (build.packaging === 'war' &&
    ['WebContent', 'WebRoot', 'web'].some((folder) => files.has(`${root === '' ? '' : `${root}/`}${folder}/WEB-INF/web.xml`)));

/** Web and EJB modules that an EAR of the repository packs are deployed with it, not by themselves; also what those are built of. */
function isPartOfEar(module: Module, packages: PackagesByRoot, files: FileAccess, depth = 0): boolean {
  const { manifest, build } = module;
  if (build.packaging !== 'war' && build.packaging !== 'ejb') return false;
  return dependentsOf(module, packages).some((other) => {
    const packaging = other.build?.packaging;
    if (packaging === 'ear') return true;
    if ((packaging !== 'war' && packaging !== 'ejb') || build.packaging !== 'ejb' || depth > 5) return false;
    if (other.root === manifest.root) return false;
    const above = readModule(other, packages, files);
    return above !== undefined && isPartOfEar(above, packages, files, depth + 1);
  });
}

const hasOnlyTests = (root: string, files: FileAccess): boolean =>
  files.under(mainSources(root)).length === 0 && files.under(root === '' ? 'src/test' : `${root}/src/test`).length > 0;

/** A WAR that another one lies over is deployed as a part of that one; a module with nothing but tests only starts it. */
const isOverlaid = (module: Module, packages: PackagesByRoot, files: FileAccess): boolean =>
  module.build.packaging === 'war' &&
  dependentsOf(module, packages).some(
    (other) =>
      other.build?.packaging === 'war' &&
      other.root !== module.manifest.root &&
      other.build.dependencies.some(({ artifact, isOverlay }) => isOverlay && artifact === module.manifest.name) &&
      !hasOnlyTests(other.root, files),
  );

/** Other modules of the repository are built of it. */
const isUsedByOthers = (module: Module, packages: PackagesByRoot): boolean =>
  dependentsOf(module, packages).some((other) => other.root !== module.manifest.root);

/** A web folder inside of a module that Maven or Gradle builds belongs to that module. */
const isBuiltAbove = ({ root }: Module, packages: PackagesByRoot): boolean =>
  [...packages].some(
    ([folder, { build }]) =>
      build !== undefined &&
      build.tool !== 'ant' &&
      build.packaging !== 'pom' &&
      folder !== root &&
      (folder === '' || root.startsWith(`${folder}/`)),
  );

/** Quarkus starts without a `main`: its plugin makes the program, also where a parent names it for all of its modules. */
const packsQuarkus = ({ build, parents }: Pick<Module, 'build' | 'parents'>): boolean =>
  [build, ...parents].some(({ plugins }) => plugins.some(({ artifact }) => /quarkus/.test(artifact)));

/** The build file stands for the program: what it starts is decided by it, not by one source file. */
export function findPrograms(manifest: PackageManifest, packages: PackagesByRoot, files: FileAccess): readonly Entry[] | undefined {
  const module = readModule(manifest, packages, files);
  if (!module || module.build.packaging === 'pom') return undefined;
  const entry = (because: string): readonly Entry[] => [{ path: module.build.packagingPlace.path, because }];
  if (
    isPartOfEar(module, packages, files) ||
    isOverlaid(module, packages, files) ||
    (module.build.tool === 'ant' && isBuiltAbove(module, packages))
  )
    return undefined;
  // An EAR packs modules and needs no source of its own.
  if (module.build.packaging !== 'ear' && !hasSources(module, packages, files)) return undefined;
  if (module.build.packaging === 'war')
    return entry(module.build.tool === 'ant' ? 'its web folder is packed as a WAR' : 'its build packs a WAR');
  if (module.build.packaging === 'ejb' || module.build.packaging === 'ear')
    return entry(`its build packs ${module.build.packaging === 'ear' ? 'an EAR' : 'EJBs'}`);
  const isQuarkus = packsQuarkus(module) && (packsQuarkus({ parents: [], build: module.build }) || !isUsedByOthers(module, packages));
  const usesBoot = isBootBuild(module) || dependenciesOf(module).some(({ group }) => group === 'org.springframework.boot');
  const isServer = dependenciesOf(module).some(({ group, artifact }) => isServerLibrary(`${group}:${artifact}`));
  if (!usesBoot && !isQuarkus && !hasRunner(module) && (!isServer || isUsedByOthers(module, packages))) {
    const server = findObjectServer(module, files);
    return server === undefined ? undefined : entry(`it starts ${server}`);
  }
  // Its `main` is left over, or tries it out.
  if (module.build.isLibrary && !hasRunner(module)) return undefined;
  const main = findMainClass(module.root, files, usesBoot);
  // Verticles and modules of a library are started by the programs that use it.
  if (main && !usesBoot && !staticMain.test(files.text(main) ?? '') && isUsedByOthers(module, packages)) return undefined;
  return main || isQuarkus ? entry(main ? `it starts ${main}` : 'its build packs a program') : undefined;
}
