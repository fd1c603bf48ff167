/** Web projects of Eclipse, NetBeans and Ant: no build file of Maven or Gradle says so, but others do, or the folder that becomes the archive lies ready. */

import { withoutScripts } from '../../text/package-without-scripts.ts';
import { allElements, childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact, Place } from '../../types.ts';

/** Newer Eclipse lays projects out as Maven does. */
const archiveFolder = /^(?:(.+)\/)?(?:WebContent|WebRoot|webroot|web|war|webapp|WebApp)\/WEB-INF\/web\.xml$/;
const mavenLike = /^(?:(.+)\/)?src\/main\/(?:webapp|WebContent)\/WEB-INF\/web\.xml$/;
const built = /(?:^|\/)(?:src\/main|target|build|dist|bin|out)\//;

/** The project around the folder; a Maven or Gradle build of the same folder says more and goes first. */
export function readWebProject(root: XmlElement, path: string): readonly AnyFact[] {
  if (root.name !== 'web-app') return [];
  const match = mavenLike.exec(path) ?? (built.test(path) ? null : archiveFolder.exec(path));
  return match ? [webProject(match[1] ?? '', childText(root, 'display-name'), root.place)] : [];
}

/** `.settings/org.eclipse.wst.common.project.facet.core.xml`: the project is a web or an EJB module, also where no descriptor says so. */
export function readFacets(root: XmlElement, path: string): readonly AnyFact[] {
  const match = /^(?:(.+)\/)?\.settings\/[\w.]+\.xml$/.exec(path);
  if (!match || root.name !== 'faceted-project') return [];
  const installed = (facet: string) =>
    allElements(root).find(({ name, attributes }) => name === 'installed' && attributes.get('facet')?.value === facet);
  const [web, ejb] = [installed('jst.web'), installed('jst.ejb')];
  const facet = web ?? ejb;
  return facet ? [webProject(match[1] ?? '', undefined, facet.place, web ? 'war' : 'ejb')] : [];
}

/** `build.xml` of Ant that packs a WAR, or a JAR with a class to start, as those of NetBeans do elsewhere. */
export function readAntBuild(root: XmlElement, path: string): readonly AnyFact[] {
  if (root.name !== 'project' || built.test(path)) return [];
  const elements = allElements(root);
  const war = elements.find(({ name }) => name === 'war');
  const main = elements.find(
    ({ name, attributes }) =>
      (name === 'attribute' && attributes.get('name')?.value === 'Main-Class') ||
      (name === 'import' && attributes.get('file')?.value === 'nbproject/build-impl.xml'),
  );
  const packs = war ?? main;
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  return packs ? [webProject(folder, root.attributes.get('name')?.value, packs.place, war ? 'war' : 'jar')] : [];
}

function webProject(folder: string, title: string | undefined, place: Place, packaging: 'war' | 'ejb' | 'jar' = 'war'): AnyFact {
  const name = folder.split('/').at(-1) || title;
  return {
    kind: 'package',
    place,
    confidence: 'likely',
    value: {
      ...(name ? { name } : {}),
      root: folder,
      ...withoutScripts,
      namePlace: place,
      build: {
        tool: 'ant',
        packaging,
        packagingPlace: place,
        properties: {},
        dependencies: [],
        managed: [],
        plugins: [],
        managedPlugins: [],
        modules: [],
        projects: [],
        profiles: [],
        images: [],
      },
    },
  };
}
