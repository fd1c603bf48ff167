/** Projects of .NET (`*.csproj`) → `package` facts: SDK, output, target, packages and the projects that they build on. */
import type { DotnetProject } from '../../facts.ts';
import { withoutScripts } from '../../text/package-without-scripts.ts';
import { readXml, type XmlElement } from '../../text/xml-document.ts';
import type { Adapter, Extraction, SourceFile } from '../../types.ts';

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Elements of a name, in groups and choices as well. */
function all(element: XmlElement, name: string, depth = 0): readonly XmlElement[] {
  if (depth > 10) return [];
  return element.children.flatMap((child) => (isSame(child.name, name) ? [child] : all(child, name, depth + 1)));
}
const textOf = (root: XmlElement, name: string): string | undefined => all(root, name).find(({ text }) => text !== '')?.text;
const attribute = (element: XmlElement, name: string) => [...element.attributes].find(([key]) => isSame(key, name))?.[1];

/** `..\Shared\Shared.csproj`, from the repository's root; `undefined` where it leaves the repository, or is computed. */
function resolve(folder: string, written: string): string | undefined {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of written
    .replaceAll('\\', '/')
    .replace(/^\$\(MSBuildThisFileDirectory\)/, '')
    .split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  const path = parts.join('/');
  return /[$*?]/.test(path) ? undefined : path;
}

function packageOf(element: XmlElement): DotnetProject['packages'] {
  const name = attribute(element, 'Include');
  const version = attribute(element, 'Version')?.value;
  return name ? [{ name: name.value, ...(version === undefined ? {} : { version }), place: name.place }] : [];
}

/** `<Reference Include="log4net, Version=2.0.8.0, Culture=neutral">`: what a package of .NET Framework brings. */
function assemblyOf(element: XmlElement): DotnetProject['packages'] {
  const name = attribute(element, 'Include');
  const assembly = /^[^,]*/.exec(name?.value ?? '')?.[0].trim() ?? '';
  return name && !/^(?:System|Microsoft)(?:\.|$)/.test(assembly) ? [{ name: assembly, place: name.place }] : [];
}

function readProject(root: XmlElement, path: string): DotnetProject {
  const folder = folderOf(path);
  const sdks = [attribute(root, 'Sdk')?.value, ...all(root, 'Sdk').map((element) => attribute(element, 'Name')?.value)];
  const included = (name: string) => all(root, name).flatMap((element) => attribute(element, 'Include') ?? []);
  const references = included('ProjectReference').map(({ value }) => resolve(folder, value));
  const linked = included('Compile')
    .filter(({ value }) => /^\.\.[\\/]/.test(value))
    .map(({ value }) => resolve(folder, value));
  const output = textOf(root, 'OutputType');
  const assembly = textOf(root, 'AssemblyName');
  const target = textOf(root, 'TargetFramework') ?? textOf(root, 'TargetFrameworks');
  return {
    path,
    sdks: sdks.filter((sdk) => sdk !== undefined).map((sdk) => sdk.replace(/\/.*$/, '')),
    ...(output === undefined ? {} : { output }),
    ...(target === undefined ? {} : { target }),
    assembly:
      assembly === undefined || assembly.includes('$(')
        ? path.slice(folder === '' ? 0 : folder.length + 1).replace(/\.csproj$/i, '')
        : assembly,
    packages: [...all(root, 'PackageReference').flatMap(packageOf), ...all(root, 'Reference').flatMap(assemblyOf)],
    frameworks: included('FrameworkReference').map(({ value }) => value),
    projects: references.filter((one) => one !== undefined),
    properties: Object.fromEntries(
      [
        'IsTestProject',
        'IsPackable',
        'PackAsTool',
        'IsAspireHost',
        'AzureFunctionsVersion',
        'UseWPF',
        'UseWindowsForms',
        'UseMaui',
        'ProjectTypeGuids',
      ].flatMap((name) => {
        const text = textOf(root, name);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
    sources: linked.filter((one) => one !== undefined),
    isOpen: references.includes(undefined) || linked.includes(undefined),
  };
}

function extract(file: SourceFile): Extraction {
  const xml = readXml(file);
  if ('failed' in xml) return { facts: [], notAssessed: [xml.failed] };
  const dotnet = readProject(xml.root, file.path);
  const { place } = xml.root;
  const value = {
    name: dotnet.assembly,
    root: folderOf(file.path),
    ...withoutScripts,
    ecosystem: 'dotnet',
    dotnet,
    namePlace: place,
  } as const;
  return { facts: [{ kind: 'package', place, confidence: 'certain', value }], notAssessed: [] };
}

export const dotnetProjectAdapter: Adapter = {
  id: 'dotnet-project',
  classify: (path) => /\.csproj$/i.test(path),
  extract,
};
