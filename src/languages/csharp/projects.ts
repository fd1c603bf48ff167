/** Projects of .NET: what each is, and which others it is built of. */
import type { DotnetProject, PackageManifest } from '../../facts.ts';
import type { FileAccess, PackagesByRoot } from '../language.ts';

export interface Project {
  readonly root: string;
  readonly dotnet: DotnetProject;
}

const maxProjects = 300;
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

export const asProject = (manifest: PackageManifest | undefined): Project | undefined =>
  manifest?.dotnet && { root: manifest.root, dotnet: manifest.dotnet };

const hasSdk = ({ sdks }: DotnetProject, pattern: RegExp): boolean => sdks.some((sdk) => pattern.test(sdk));
const isOn = (dotnet: DotnetProject, name: string): boolean => /^true$/i.test(dotnet.properties[name] ?? '');
const refersTo = ({ packages }: DotnetProject, pattern: RegExp): boolean => packages.some(({ name }) => pattern.test(name));

const testPackages =
  /^(?:xunit(?:\.v3)?|xunit\.core|NUnit|NUnit3TestAdapter|MSTest(?:\.TestFramework|\.Sdk)?|Microsoft\.NET\.Test\.Sdk|TUnit|BenchmarkDotNet|SpecFlow\S*|Reqnroll\S*)$/i;

/** Tests, benchmarks, and what runs on the machine of a user or a developer. */
export const isNoServer = (dotnet: DotnetProject): boolean =>
  isOn(dotnet, 'IsTestProject') ||
  isOn(dotnet, 'PackAsTool') ||
  isOn(dotnet, 'IsAspireHost') ||
  isOn(dotnet, 'UseWPF') ||
  isOn(dotnet, 'UseWindowsForms') ||
  isOn(dotnet, 'UseMaui') ||
  /^WinExe$/i.test(dotnet.output ?? '') ||
  hasSdk(dotnet, /Aspire|BlazorWebAssembly|MSTest|WindowsDesktop|Godot|Uno\.Sdk/) ||
  refersTo(dotnet, testPackages) ||
  refersTo(dotnet, /^Microsoft\.AspNetCore\.Components\.WebAssembly$/) ||
  /(?:^|[._-])(?:(?:Unit|Integration|Functional)?Tests?|TestUtils|Benchmarks?|Samples?|Specs?)$/i.test(dotnet.assembly);

/** Functions of a platform: started by it for a request. */
export const isFunctions = (dotnet: DotnetProject): boolean =>
  dotnet.properties.AzureFunctionsVersion !== undefined || refersTo(dotnet, /^Amazon\.Lambda\.Annotations$/);

/** A web application of .NET Framework, which IIS runs. */
export const isOnIis = ({ sdks, properties }: DotnetProject): boolean =>
  sdks.length === 0 && /349c5851-65df-11da-9384-00065b846f21/i.test(properties.ProjectTypeGuids ?? '');

export const isWeb = (dotnet: DotnetProject): boolean =>
  isOnIis(dotnet) || hasSdk(dotnet, /^Microsoft\.NET\.Sdk\.Web$/) || dotnet.frameworks.some((name) => name === 'Microsoft.AspNetCore.App');

const isExecutable = ({ output, sdks }: DotnetProject): boolean =>
  /^Exe$/i.test(output ?? '') || (output === undefined && sdks.some((sdk) => /^Microsoft\.NET\.Sdk\.(?:Web|Worker)$/.test(sdk)));

/** A server or worker by itself, whether or not an image runs it; other executables are tools until an image runs them. */
export const isProgram = (dotnet: DotnetProject): boolean =>
  (isOnIis(dotnet) || isExecutable(dotnet)) &&
  !isNoServer(dotnet) &&
  !isFunctions(dotnet) &&
  (isWeb(dotnet) || hasSdk(dotnet, /^Microsoft\.NET\.Sdk\.Worker$/) || refersTo(dotnet, /^Microsoft\.Extensions\.Hosting$/));

export interface Closure {
  /** The program's own project first. */
  readonly projects: readonly Project[];
  /** A project could not be found, or takes sources from elsewhere. */
  readonly isOpen: boolean;
}

const byAssembly = new WeakMap<PackagesByRoot, ReadonlyMap<string, Project>>();
/** Projects of the repository by the name of the package that they make: a feed of one's own hands it on. */
function packedProjects(packages: PackagesByRoot): ReadonlyMap<string, Project> {
  const known = byAssembly.get(packages);
  if (known) return known;
  const found = new Map<string, Project>();
  for (const manifest of packages.values()) {
    const project = asProject(manifest);
    if (project && !isNoServer(project.dotnet)) found.set(project.dotnet.assembly.toLowerCase(), project);
  }
  byAssembly.set(packages, found);
  return found;
}

/** The project and those that it is built of, also as packages. */
export function closureOf(start: Project, packages: PackagesByRoot): Closure {
  const found = new Map<string, Project>([[start.root, start]]);
  let isOpen = false;
  const queue = [start];
  for (let next = queue.shift(); next; next = queue.shift()) {
    isOpen ||= next.dotnet.isOpen;
    const add = (project: Project | undefined): void => {
      if (!project || found.has(project.root) || found.size >= maxProjects) return;
      found.set(project.root, project);
      queue.push(project);
    };
    for (const path of next.dotnet.projects) {
      const project = asProject(packages.get(folderOf(path)));
      isOpen ||= !project && path.endsWith('.csproj');
      add(project);
    }
    for (const { name } of next.dotnet.packages) add(packedProjects(packages).get(name.toLowerCase()));
  }
  return { projects: [...found.values()], isOpen };
}

/** Made by tools, or never part of what runs. */
const leftOut =
  /(?:^|\/)(?:bin|obj|node_modules|wwwroot|Migrations|[\w.-]{0,60}Tests?)\/|\.(?:Designer|g|g\.i|generated)\.cs$|(?:^|\/)AssemblyInfo\.cs$/;

/** Sources of a project: what lies below its folder and in no other project. */
export function sourcesOf({ root, dotnet }: Project, packages: PackagesByRoot, files: FileAccess): readonly string[] {
  const prefix = root === '' ? '' : `${root}/`;
  const others = [...packages.values()].flatMap((one) =>
    one.dotnet && one.root !== root && one.root.startsWith(prefix) ? [`${one.root}/`] : [],
  );
  const own = files
    .under(root)
    .filter((path) => path.endsWith('.cs') && !leftOut.test(path.slice(prefix.length)) && !others.some((other) => path.startsWith(other)));
  return [...own, ...dotnet.sources.filter((path) => path.endsWith('.cs') && files.has(path))];
}
