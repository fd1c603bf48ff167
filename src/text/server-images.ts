/** Images that hold an application server into which a WAR or EAR is copied, known by their names and variables. */
import type { Container, ImageStage } from '../facts.ts';
import type { Place } from '../types.ts';
import { parseImage } from './image-reference.ts';

/** By the image's name or by its whole repository. */
const servers: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:tomcat\d{0,2}|tomcat-native)$|webserver-?\d|jws-?\d/, 'Tomcat'],
  [/(?:^|\/)tomee$/, 'TomEE'],
  [/(?:^|\/)jetty(?:-runtime)?$/, 'Jetty'],
  [/(?:^|\/)(?:wildfly|wildfly-runtime(?:-jdk\d+)?|wildfly-s2i-jdk\d+|jboss-as|jboss-eap[\w-]*|eap\d[\w-]*)$|jboss-eap-\d/, 'JBoss'],
  [/(?:^|\/)weblogic[\w-]*$/, 'WebLogic'],
  [/(?:^|\/)(?:websphere-liberty|open-liberty|openliberty)[\w-]*$/, 'WebSphere Liberty'],
  [/(?:^|\/)(?:websphere-traditional|websphere|was)$/, 'WebSphere'],
  [/(?:^|\/)jeus[\w.-]*$/, 'JEUS'],
  [/(?:^|\/)(?:server-(?:full|web)|payara[\w-]*|payara\/micro)$/, 'Payara'],
  [/(?:^|\/)glassfish[\w-]*$/, 'GlassFish'],
  [/(?:^|\/)resin(?:-pro)?$/, 'Resin'],
];
/** Variables that point at an unpacked server, where the base is only a Java runtime. */
const homes: Readonly<Record<string, string>> = {
  CATALINA_HOME: 'Tomcat',
  CATALINA_BASE: 'Tomcat',
  JBOSS_HOME: 'JBoss',
  WILDFLY_HOME: 'JBoss',
  JEUS_HOME: 'JEUS',
  WLS_HOME: 'WebLogic',
  WL_HOME: 'WebLogic',
  WLP_HOME: 'WebSphere Liberty',
  WAS_HOME: 'WebSphere',
};

/** Where servers lie in images: a base of one's own says by its folders which one it holds. */
const folders: readonly (readonly [RegExp, string])[] = [
  [/^\/(?:usr\/local|opt|usr\/share)\/(?:apache-)?tomcat[\w.-]*\//, 'Tomcat'],
  [/^\/opt\/(?:jboss\/wildfly|wildfly|jboss\/jboss-eap|eap|jboss)[\w.-]*\//, 'JBoss'],
  [/^\/(?:u01\/oracle|opt\/oracle)\//, 'WebLogic'],
  [/^\/opt\/(?:ibm\/wlp|ol\/wlp)\//, 'WebSphere Liberty'],
  [/^\/opt\/(?:payara|payara\d)\//, 'Payara'],
  [/^\/(?:opt|home\/\w{1,30}|usr\/local)\/jeus[\w.]*\//i, 'JEUS'],
];

export interface LiftedArchive {
  readonly server: string;
  /** The base, or the variable that says where the server lies. */
  readonly place: Place;
  /** The copy that puts a WAR or EAR into it. */
  readonly copy?: Place;
}

const isArchive = (path: string): boolean => /\.(?:war|ear)$/i.test(path);
/** Folders from which servers deploy what they find. */
const deploys = /\/(?:webapps|deployments|autodeploy|dropins|apps)(?:\/|$)/;

const namedServer = (image: string): string | undefined => servers.find(([pattern]) => pattern.test(parseImage(image).repository))?.[1];

/** A container that runs the image of a server as it is, with the archive mounted into it. */
export function findMountedArchive({ image, mounts }: Container): LiftedArchive | undefined {
  const server = image?.known ? namedServer(image.value) : undefined;
  const copy = mounts.find(({ path }) => path.known && (isArchive(path.value) || deploys.test(path.value)));
  return server && copy ? { server, place: image!.place, copy: copy.place } : undefined;
}

/** The application server that an image is built on; `lineage` from the stage that is run to its base. */
export function findServerImage(lineage: readonly ImageStage[]): LiftedArchive | undefined {
  const base = lineage.at(-1)?.base;
  const written = base?.known ? base.value : base?.written;
  const named = written === undefined ? undefined : namedServer(written);
  const variable = lineage.flatMap(({ env }) => env).find(({ name }) => Object.hasOwn(homes, name));
  const copy = lineage
    .flatMap(({ copies }) => copies)
    .find(({ sources, target }) => sources.some(isArchive) || isArchive(target) || deploys.test(target));
  const folder = copy && (copy.sources.some(isArchive) || isArchive(copy.target)) ? serverAt(copy.target) : undefined;
  const server = named ?? (variable && homes[variable.name]) ?? folder;
  if (!server || !base) return undefined;
  const place = named || !variable ? base.place : variable.place;
  return { server, place, ...(copy ? { copy: copy.place } : {}) };
}

const serverAt = (target: string): string | undefined => folders.find(([pattern]) => pattern.test(`${target}/`))?.[1];
