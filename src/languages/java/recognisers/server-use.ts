import type { FactValues } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { refersTo, type TypeView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser, startOf } from '../recogniser.ts';

const components: readonly (readonly [string, string])[] = [
  ['jakarta.ejb.Stateless', 'a stateless EJB'],
  ['jakarta.ejb.Stateful', 'a stateful EJB'],
  ['jakarta.ejb.Singleton', 'a singleton EJB'],
  ['jakarta.ejb.MessageDriven', 'a message-driven bean'],
];
/** Beans until 2.1 implement an interface of their kind, and ejb-jar.xml names every one of them. */
const interfaces: readonly (readonly [string, string])[] = [
  ['jakarta.ejb.SessionBean', 'a session EJB'],
  ['jakarta.ejb.EntityBean', 'an entity EJB'],
  ['jakarta.ejb.MessageDrivenBean', 'a message-driven bean'],
];
/** Packages that only a server brings. Libraries of the same vendors that any program can use are not among them. */
const vendorPackages: readonly (readonly [RegExp, string])[] = [
  [/^weblogic\./, 'WebLogic'],
  [/^com\.bea\./, 'WebLogic'],
  [/^com\.ibm\.(?:websphere|ws|ejs|wsspi|io\.async|portal)\.(?!samples\b)/, 'WebSphere'],
  [
    /^org\.jboss\.(?:as|security|ejb3?|ejb|mx|system|naming|annotation\.ejb|invocation|remoting|cache|ha|jmx|services|aspects|deployment|web\.tomcat)\./,
    'JBoss',
  ],
  [/^org\.wildfly\.(?:security|naming|clustering|extension)\./, 'JBoss'],
  [/^jeus\./, 'JEUS'],
  [/^com\.tmax\./, 'JEUS'],
  [/^org\.apache\.catalina\.(?!startup\.Tomcat|connector|Context\b|LifecycleException|valves|core\.Standard)/, 'Tomcat'],
  [/^com\.sun\.(?:appserv|enterprise)\./, 'GlassFish'],
  [/^org\.glassfish\.(?:api|internal|ejb)\./, 'GlassFish'],
  [/^oracle\.(?:j2ee|oc4j|ias)\./, 'Oracle'],
];
const factories =
  /(?:^|\.)(?:WLInitialContextFactory|WsnInitialContextFactory|WildFlyInitialContextFactory|JNPContextFactory|NamingContextFactory|RemoteNamingStoreFactory|JEUSContextFactory)$|InitialContextFactory$/;
const serverNames = /^(?:java:|ejb[:/]|jdbc\/|jms\/|comp\/env|weblogic|mail\/|jboss)/;

/** Its own package that merely looks like a vendor's is the program itself. */
const isOwn = (name: string, view: ProgramView): boolean =>
  view.types.some(({ file }) => name.startsWith(`${file.package}.`)) || view.names.load(name) !== undefined;

type Use = FactValues['server-use'];
const use = (emit: Emit, place: Place, server: string, how: Use['how'], what: string): void =>
  emit('server-use', place, { server, how, what });

function emitImports(view: ProgramView, emit: Emit): void {
  const seen = new Set<string>();
  for (const { path, file } of view.types) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { name, at } of file.imports) {
      const vendor = vendorPackages.find(([pattern]) => pattern.test(name))?.[1];
      const isStub = vendor !== undefined && file.package !== '' && name.startsWith(`${file.package.split('.')[0]}.`);
      if (vendor && !isStub && !(isOwn(name, view) && name.startsWith(view.module.build.group ?? '\0')))
        use(emit, placeAt(path, at), vendor, 'api', `\`${name}\``);
    }
  }
}

const resourceAnnotations = ['jakarta.annotation.Resource', 'jakarta.ejb.EJB'];
/** `@Resource(lookup = "java:…")` and `mappedName` name something of the server; `name` alone may be a Spring bean. */
function emitInjections(type: TypeView, view: ProgramView, emit: Emit): void {
  for (const field of type.type.fields) {
    const annotation = field.annotations.find(({ name }) => refersTo(type.file, name, ...resourceAnnotations));
    const lookup =
      annotation &&
      (view.names.text(annotation.args.lookup ?? annotation.args.mappedName, type) ?? view.names.text(annotation.args.name, type));
    const isServerName = lookup !== undefined && serverNames.test(lookup);
    const isEjb = annotation !== undefined && refersTo(type.file, annotation.name, 'jakarta.ejb.EJB');
    if (annotation && (isServerName || isEjb))
      use(emit, placeAt(type.path, annotation.at), 'any', 'resource', lookup ? `\`${lookup}\`` : `\`${field.type}\``);
  }
}

function emitLookups(view: ProgramView, emit: Emit): void {
  for (const call of [...view.callsNamed('lookup'), ...view.callsNamed('doLookup')]) {
    const type = view.names.typeOf(call.call.on, call);
    const isContext =
      (type !== undefined && refersTo(call.file, type, 'javax.naming.InitialContext', 'javax.naming.Context')) ||
      (call.call.on?.is === 'new' && /InitialContext$/.test(call.call.on.type));
    const name = view.names.text(call.call.args[0], call);
    if (isContext && !(name !== undefined && /^(?:ldaps?|dns|rmi):/.test(name)))
      use(emit, placeAt(call.path, call.call.at), 'any', 'naming', name ? `\`${name}\`` : 'a name');
  }
  for (const call of view.callsNamed('put', 'setProperty')) {
    const [key, value] = call.call.args;
    const isFactory = key?.is === 'name' && key.path.at(-1) === 'INITIAL_CONTEXT_FACTORY';
    const factory = isFactory ? view.names.text(value, call) : undefined;
    if (factory && factories.test(factory) && !/ldap|dns|fscontext/i.test(factory))
      use(emit, placeAt(call.path, call.call.at), 'any', 'naming', `\`${factory.split('.').at(-1)}\``);
  }
}

/** EJBs by annotation; by interface where no descriptor of the repository lists them (XDoclet writes it when the archive is built). */
function emitComponent({ path, file, type }: TypeView, isListed: boolean, emit: Emit): void {
  const annotated = components.flatMap(([name, what]) =>
    type.annotations.filter((one) => refersTo(file, one.name, name)).map(({ at }) => ({ at, what })),
  )[0];
  const implemented = isListed ? undefined : interfaces.find(([name]) => type.interfaces.some((one) => refersTo(file, one, name)));
  if (annotated) use(emit, placeAt(path, annotated.at), 'any', 'component', annotated.what);
  else if (implemented && type.kind === 'class') use(emit, placeAt(path, type.at), 'any', 'component', implemented[1]);
}

/** What only an application server gives: components, names, and its own classes. An embedded server gives none of them. */
export const serverUse: Recogniser = {
  text: [
    'javax.ejb',
    'jakarta.ejb',
    'javax.naming',
    'weblogic.',
    'com.ibm.',
    'org.jboss.',
    'org.wildfly.',
    'jeus.',
    'com.tmax.',
    'com.bea.',
    'INITIAL_CONTEXT_FACTORY',
    '@Resource',
    'org.apache.catalina',
    'com.sun.appserv',
    'com.sun.enterprise',
    'org.glassfish.',
    'PersistenceContext',
  ],
  recognise(view, emit) {
    if (view.needsServer)
      use(
        emit,
        view.module.build.packagingPlace,
        'any',
        'packaging',
        `${view.module.build.packaging === 'ejb' ? 'EJB' : view.module.build.packaging.toUpperCase()} packaging`,
      );
    emitImports(view, emit);
    emitLookups(view, emit);
    const isListed = view.manifestFacts.some(({ kind, place }) => kind === 'server-use' && place.path.endsWith('ejb-jar.xml'));
    for (const type of view.types) {
      emitInjections(type, view, emit);
      emitComponent(type, isListed, emit);
      const context =
        view.needsServer && !view.dependency(/^org\.springframework:spring-(?:orm|context)/) ? persistenceContext(type) : undefined;
      if (context) use(emit, startOf(type.path, context), 'any', 'resource', 'a persistence context of the container');
    }
  },
};

const persistenceContext = ({ type, file }: TypeView) =>
  type.fields.flatMap(({ annotations }) => annotations).find(({ name }) => refersTo(file, name, 'jakarta.persistence.PersistenceContext'))
    ?.at;
