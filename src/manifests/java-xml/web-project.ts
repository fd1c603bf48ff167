/** Web projects of Eclipse, NetBeans and Ant: no build file says so, but the folder that becomes the archive lies ready. */
import { childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';

const archiveFolder = /^(?:(.+)\/)?(?:WebContent|WebRoot|webroot|web|war|webapp|WebApp)\/WEB-INF\/web\.xml$/;

/** The project around the folder; a Maven or Gradle build of the same folder says more and goes first. */
export function readWebProject(root: XmlElement, path: string): readonly AnyFact[] {
  const match = archiveFolder.exec(path);
  if (!match || root.name !== 'web-app' || /(?:^|\/)(?:src\/main|target|build|dist|bin|out)\//.test(path)) return [];
  const folder = match[1] ?? '';
  const name = folder.split('/').at(-1) || childText(root, 'display-name');
  return [
    {
      kind: 'package',
      place: root.place,
      confidence: 'likely',
      value: {
        ...(name ? { name } : {}),
        root: folder,
        private: true,
        type: 'commonjs',
        bin: {},
        scripts: {},
        dependencies: {},
        devDependencies: {},
        workspaces: [],
        namePlace: root.place,
        build: {
          tool: 'ant',
          packaging: 'war',
          packagingPlace: root.place,
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
    },
  ];
}
