/** Descriptors of Java applications and their servers → facts: web.xml, ejb-jar.xml, persistence.xml, Spring beans, and those of each server. */
import { readXml, type XmlElement } from '../../text/xml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { readDataSources, readJdbcModule } from './data-sources.ts';
import { readEhcache } from './ehcache.ts';
import { readGlassfish, readGlassfishDomain } from './glassfish.ts';
import { readHibernate } from './hibernate.ts';
import { readApplication, readConnector, readEjbJar } from './jakarta-ee.ts';
import { readJboss, readJbossDomain } from './jboss.ts';
import { readJeus } from './jeus.ts';
import { readMybatis } from './mybatis.ts';
import { readPersistence } from './persistence.ts';
import { readResin } from './resin.ts';
import { readSpringBeans } from './spring-beans.ts';
import { readTomcat } from './tomcat.ts';
import { readAntBuild, readFacets, readWebProject } from './web-project.ts';
import { readWebXml } from './web-xml.ts';
import { readWeblogic, readWeblogicDomain } from './weblogic.ts';
import { readCell, readWebsphere } from './websphere.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

type Reader = (root: XmlElement, path: string) => readonly AnyFact[];

/** Of Tomcat, Liberty and the traditional WebSphere: many other tools call a file `server.xml` or `context.xml`. */
const serverRoots = new Set(['server', 'client', 'Server', 'Context']);

/** By the name of the file. */
const byName: readonly (readonly [RegExp, Reader])[] = [
  [/^web\.xml$/, (root, path) => [...readWebXml(root), ...readWebProject(root, path)]],
  [/^tomcat-users\.xml$/, readTomcat],
  [
    /^(?:(?:[\w-]{1,40}[-_.])?server(?:[-_.]?[\w-]{1,40})?|context|[\w.-]{0,40}cluster[\w.-]{0,40})\.xml$/,
    (root, path) => [...readTomcat(root, path), ...(serverRoots.has(root.name) ? readWebsphere(root) : [])],
  ],
  [/^ejb-jar\.xml$/, readEjbJar],
  [/^persistence\.xml$/, readPersistence],
  [/-ds\.xml$/, readDataSources],
  [/-jdbc\.xml$/, readJdbcModule],
  [/^hibernate(?:[.-][\w.-]+)?\.cfg\.xml$/, readHibernate],
  [/^ehcache[\w.-]*\.xml$/, readEhcache],
  [/^(?:glassfish|sun|payara)-(?:web|ejb-jar|application|resources)\.xml$/, readGlassfish],
  [/^(?:jboss-[\w-]+|distributable-web|(?:standalone|domain)-[\w-]+|standalone)\.xml$/, readJboss],
  [/^weblogic(?:-[\w-]+)?\.xml$/, readWeblogic],
  [/^ibm-[\w-]+\.(?:xml|xmi)$/, readWebsphere],
  [/^(?:jeus-[\w-]+|JEUSMain|WEBMain)\.xml$/, readJeus],
  [/^domain\.xml$/, (root, path) => [...readJeus(root, path), ...readJbossDomain(root), ...readGlassfishDomain(root)]],
  [/^resin(?:-web)?\.xml$/, readResin],
  [/^build\.xml$/, readAntBuild],
  [/^org\.eclipse\.wst\.common\.project\.facet\.core\.xml$/, readFacets],
];

/** Liberty includes files of any name from its folders. */
const libertyParts: readonly (readonly [RegExp, Reader])[] = [
  [/(?:^|\/)(?:liberty\/config|configDropins|wlp\/usr\/servers)\/.*\.xml$/, (root) => (root.name === 'server' ? readWebsphere(root) : [])],
];

/** Names that mean something only in this folder: elsewhere an application.xml is Spring's, or another tool's. */
const inFolder: readonly (readonly [RegExp, Reader])[] = [
  [/(?:^|\/)META-INF\/application\.xml$/, (root, path) => [...readApplication(root), ...(mayHoldBeans(path) ? readSpringBeans(root) : [])]],
  [/(?:^|\/)META-INF\/ra\.xml$/, readConnector],
  [/(?:^|\/)config\/config\.xml$/, readWeblogicDomain],
  [/(?:^|\/)(?:deployments|applications)\/.*\/deployment\.xml$|(?:^|\/)was[\w-]*\/deployment\.xml$/i, readCell],
];

const readerOf = (path: string): Reader | undefined =>
  byName.find(([pattern]) => pattern.test(baseName(path)))?.[1] ??
  [...inFolder, ...libertyParts].find(([pattern]) => pattern.test(path))?.[1];

/** Compiled classes with what lies beside them, generated sources, and the archive that Maven or NetBeans laid out. */
const builtCopy =
  /(?:^|\/)(?:(?:build|target|bin|out)\/(?:classes|generated(?:-sources)?|web\/(?:WEB|META)-INF)|target\/[\w.-]+\/(?:WEB|META)-INF)\//;
/** Tests, and what a build made of other files. */
const isTestPath = (path: string): boolean => /(?:^|\/)src\/(?:\w*test\w*|it)\//i.test(path) || builtCopy.test(path);
/** Where applications keep Spring's XML: the folders of Maven, and those that projects of Eclipse and Ant put on the class path. */
const mayHoldBeans = (path: string): boolean =>
  /(?:^|\/)(?:src|WEB-INF(?!\/classes)|resources?|conf|config|JavaSource)\/.*\.xml$/.test(path) &&
  !/(?:^|\/)src\/main\/resources-/.test(path);
/** `mybatis-config.xml`, `SqlMapConfig.xml` and other names: the DTD tells. */
const isMybatis = (head: string): boolean => /mybatis\.org\/\/DTD Config|DTD SQL Map Config/i.test(head);
const isBeans = (head: string): boolean => /<(?:\w+:)?beans[\s>]/.test(head) && head.includes('springframework.org/schema/beans');

function extract(file: SourceFile): Extraction {
  const read = readXml(file);
  if ('failed' in read) return { facts: [], notAssessed: [read.failed] };
  const reader = readerOf(file.path) ?? (isMybatis(file.text.slice(0, 4000)) ? readMybatis : readSpringBeans);
  return { facts: reader(read.root, file.path), notAssessed: [] };
}

export const javaXmlAdapter: Adapter = {
  id: 'java-xml',
  needsText: (path) => path.endsWith('.xml') && mayHoldBeans(path) && readerOf(path) === undefined && !isTestPath(path),
  classify(path, head) {
    if (!/\.(?:xml|xmi)$/.test(path) || isTestPath(path)) return false;
    if (readerOf(path)) return true;
    return head !== undefined && mayHoldBeans(path) && (isBeans(head) || isMybatis(head));
  },
  extract,
};
