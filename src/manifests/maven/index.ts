/** pom.xml → `package` facts with the module's build. Parents, dependencies and plugins stay as written; the language joins them. */
import type { BuildModule, BuildReference } from '../../facts.ts';
import { withoutScripts } from '../../text/package-without-scripts.ts';
import type { XmlElement } from '../../text/xml-document.ts';
import { childAt, childrenOf, childText, readXml } from '../../text/xml-document.ts';
import type { Adapter, Extraction, SourceFile } from '../../types.ts';
import { readEnvironments } from './environments.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

type Properties = Readonly<Record<string, string>>;

const readPropertiesOf = (project: XmlElement): Properties =>
  Object.fromEntries((childAt(project, 'properties')?.children ?? []).map(({ name, text }) => [name, text]));

/** What Maven itself defines of a project. */
function withProjectNames(project: XmlElement, properties: Properties): Properties {
  const artifact = childText(project, 'artifactId') ?? '';
  const version = childText(project, 'version') ?? childText(childAt(project, 'parent'), 'version') ?? '';
  return {
    ...properties,
    'project.artifactId': artifact,
    'project.name': childText(project, 'name') ?? artifact,
    'project.version': version,
  };
}

/** `${x}` of the file's own properties; what it does not define stays as written. */
const fillIn = (text: string, properties: Properties): string =>
  text.replace(/\$\{([^${}]{1,200})\}/g, (whole, name: string) => (Object.hasOwn(properties, name) ? properties[name]! : whole));

function readReference(element: XmlElement, properties: Properties): BuildReference {
  const text = (name: string) => {
    const value = childText(element, name);
    return value === undefined ? undefined : fillIn(value, properties);
  };
  const version = text('version');
  const scope = text('scope');
  return {
    group: text('groupId') ?? (element.name === 'plugin' ? 'org.apache.maven.plugins' : ''),
    artifact: text('artifactId') ?? '',
    ...(version === undefined ? {} : { version }),
    ...(scope === undefined ? {} : { scope }),
    ...(text('type') === 'war' && scope !== 'test' && scope !== 'provided' ? { isOverlay: true as const } : {}),
    place: childAt(element, 'artifactId')?.place ?? element.place,
  };
}

const readAll = (list: XmlElement | undefined, name: string, properties: Properties): readonly BuildReference[] =>
  childrenOf(list, name).map((element) => readReference(element, properties));

const imagePlugins =
  /^(?:jib-maven-plugin|spring-boot-maven-plugin|docker-maven-plugin|fabric8-maven-plugin|kubernetes-maven-plugin|dockerfile-maven-plugin)$/;

/** Every element of plugins that build images, in profiles, too. */
function imagePluginsOf(project: XmlElement, pattern = imagePlugins): readonly XmlElement[] {
  const builds = [project, ...childrenOf(childAt(project, 'profiles'), 'profile')].map((one) => childAt(one, 'build'));
  const lists = builds.flatMap((build) => [childAt(build, 'plugins'), childAt(build, 'pluginManagement', 'plugins')]);
  return lists.flatMap((list) => childrenOf(list, 'plugin')).filter((one) => pattern.test(childText(one, 'artifactId') ?? ''));
}

/** `<container><jvmFlags>` of jib, read as it is started without an entry point of its own. */
function readJvmFlags(project: XmlElement, properties: Properties): Pick<BuildModule, 'jvmFlags'> {
  const containers = imagePluginsOf(project).flatMap((plugin) => childAt(plugin, 'configuration', 'container') ?? []);
  const flags = containers
    .filter((container) => !childAt(container, 'entrypoint'))
    .flatMap((container) => childrenOf(childAt(container, 'jvmFlags'), 'jvmFlag'))
    .map(({ text, place }) => ({ text: fillIn(text, properties), place }));
  return flags.length > 0 ? { jvmFlags: flags } : {};
}

/** `docker build -t shop .` and `docker push shop` that the exec plugin runs. */
function readCommands(plugin: XmlElement): readonly string[] {
  const configurations = [plugin, ...childrenOf(childAt(plugin, 'executions'), 'execution')].map((one) => childAt(one, 'configuration'));
  return configurations.flatMap((configuration) => {
    if (!/(?:^|\/)(?:docker|podman)$/.test(childText(configuration, 'executable') ?? '')) return [];
    const words = childrenOf(childAt(configuration, 'arguments'), 'argument').map(({ text }) => text.trim());
    return words.filter((word, index) => /^(?:-t|--tag|push)$/.test(words[index - 1] ?? '') && /^[^-]/.test(word));
  });
}

/** `<to><image>`, `<image><name>`, `<repository>` of the plugins that build images; profiles count, too. */
function readImages(project: XmlElement, properties: Properties): readonly string[] {
  const texts = imagePluginsOf(project).flatMap((plugin) => {
    const configuration = childAt(plugin, 'configuration');
    return [
      childText(childAt(configuration, 'to'), 'image'),
      childText(childAt(configuration, 'image'), 'name'),
      ...childrenOf(childAt(configuration, 'images'), 'image').map((image) => childText(image, 'name')),
      childText(configuration, 'repository'),
      childText(configuration, 'imageName'),
    ];
  });
  const commands = imagePluginsOf(project, /^exec-maven-plugin$/).flatMap(readCommands);
  const names = [...texts, ...commands].flatMap((text) => (text === undefined ? [] : fillIn(text, properties)));
  // A parent may know the registry and the version; the name of the image is what counts.
  const plain = names.map((name) => name.replace(/^(?:\$\{[^{}]{1,100}\}\/)+/, '').replace(/:\$\{[^{}]{1,100}\}$/, ''));
  return [...new Set(plain)].filter((text) => text !== '' && !text.includes('%'));
}

function readModule(project: XmlElement, properties: Properties): BuildModule {
  const parent = childAt(project, 'parent');
  const group = childText(project, 'groupId') ?? childText(parent, 'groupId');
  const path = childAt(parent, 'relativePath');
  const packaging = childAt(project, 'packaging');
  return {
    tool: 'maven',
    ...(group === undefined ? {} : { group }),
    packaging: packaging?.text || 'jar',
    packagingPlace: packaging?.place ?? childAt(project, 'artifactId')?.place ?? project.place,
    ...(parent ? { parent: { ...readReference(parent, properties), ...(path ? { path: path.text } : {}) } } : {}),
    properties,
    dependencies: readAll(childAt(project, 'dependencies'), 'dependency', properties),
    managed: readAll(childAt(project, 'dependencyManagement', 'dependencies'), 'dependency', properties),
    plugins: readAll(childAt(project, 'build', 'plugins'), 'plugin', properties),
    managedPlugins: readAll(childAt(project, 'build', 'pluginManagement', 'plugins'), 'plugin', properties),
    modules: childrenOf(childAt(project, 'modules'), 'module').map(({ text }) => text),
    projects: [],
    profiles: childrenOf(childAt(project, 'profiles'), 'profile').map((profile) => ({
      name: childText(profile, 'id') ?? '',
      place: childAt(profile, 'id')?.place ?? profile.place,
      ...(childText(childAt(profile, 'activation'), 'activeByDefault')?.trim() === 'true' ? { isDefault: true as const } : {}),
      properties: readPropertiesOf(profile),
    })),
    images: readImages(project, withProjectNames(project, properties)),
    ...readJvmFlags(project, properties),
  };
}

function extract(file: SourceFile): Extraction {
  const read = readXml(file);
  if ('failed' in read) return { facts: [], notAssessed: [read.failed] };
  if (read.root.name !== 'project') return { facts: [], notAssessed: [] };
  const properties = readPropertiesOf(read.root);
  const name = childText(read.root, 'artifactId');
  const version = childText(read.root, 'version') ?? childText(childAt(read.root, 'parent'), 'version');
  const namePlace = childAt(read.root, 'artifactId')?.place ?? read.root.place;
  const value = {
    ...(name === undefined ? {} : { name }),
    root: folderOf(file.path),
    ...(version === undefined ? {} : { version: fillIn(version, properties) }),
    ...withoutScripts,
    namePlace,
    build: readModule(read.root, properties),
  };
  return { facts: [{ kind: 'package', place: namePlace, confidence: 'certain', value }, ...readEnvironments(read.root)], notAssessed: [] };
}

export const mavenAdapter: Adapter = {
  id: 'maven',
  classify: (path) => baseName(path) === 'pom.xml',
  extract,
};
