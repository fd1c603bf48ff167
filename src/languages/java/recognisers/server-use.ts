import type { FactValues } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { refersTo, type TypeView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, type Recogniser, startOf } from '../recogniser.ts';
import type { Annotation, At, Field } from '../summary.ts';
import { inFiles } from '../views.ts';

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

const vendorImports = inFiles(({ path, file, types }) =>
  (types.length > 0 ? file.imports : []).flatMap(({ name, at }) => {
    const vendor = vendorPackages.find(([pattern]) => pattern.test(name))?.[1];
    const isStub = vendor !== undefined && file.package !== '' && name.startsWith(`${file.package.split('.')[0]}.`);
    return vendor && !isStub ? [{ name, vendor, place: placeAt(path, at) }] : [];
  }),
);

function emitImports(view: ProgramView, emit: Emit): void {
  for (const { name, vendor, place } of vendorImports(view))
    if (!(isOwn(name, view) && name.startsWith(view.module.build.group ?? '\0'))) use(emit, place, vendor, 'api', `\`${name}\``);
}

const resourceAnnotations = ['jakarta.annotation.Resource', 'jakarta.ejb.EJB'];
interface Injection {
  readonly field: Field;
  readonly annotation: Annotation;
}
const injectionsOf = ({ type, file }: TypeView): readonly Injection[] =>
  type.fields.flatMap((field) => {
    const annotation = field.annotations.find(({ name }) => refersTo(file, name, ...resourceAnnotations));
    return annotation ? [{ field, annotation }] : [];
  });

/** `@Resource(lookup = "java:…")` and `mappedName` name something of the server; `name` alone may be a Spring bean. */
function emitInjection({ field, annotation }: Injection, type: TypeView, view: ProgramView, emit: Emit): void {
  const { args, name, at } = annotation;
  const lookup = view.names.text(args.lookup ?? args.mappedName, type) ?? view.names.text(args.name, type);
  const isServerName = lookup !== undefined && serverNames.test(lookup);
  if (isServerName || refersTo(type.file, name, 'jakarta.ejb.EJB'))
    use(emit, placeAt(type.path, at), 'any', 'resource', lookup ? `\`${lookup}\`` : `\`${field.type}\``);
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

const lookups = [
  'jndi.JndiObjectFactoryBean',
  'jndi.JndiTemplate',
  'jndi.JndiLocatorDelegate',
  'jdbc.datasource.lookup.JndiDataSourceLookup',
].map((name) => `org.springframework.${name}`);
/** Beans of Spring that ask the server for a datasource or a queue by its name. */
const beanLookups = inFiles(({ path, file, methods }) =>
  methods.flatMap((view) =>
    view.method.creations.filter(({ type }) => refersTo(file, type, ...lookups)).map((made) => ({ path, view, made })),
  ),
);
function emitBeanLookups(view: ProgramView, emit: Emit): void {
  for (const { path, view: method, made } of beanLookups(view)) {
    const named = method.method.calls.find(({ name }) => /^(?:setJndiName|getDataSource|lookup)$/.test(name));
    const name = view.names.text(named?.args[0], method);
    if (view.isBean(method))
      use(emit, placeAt(path, made.at), 'any', 'naming', name ? `\`${name}\`` : `\`${made.type.split('.').at(-1)}\``);
  }
}

/** EJBs by annotation; by interface where no descriptor of the repository lists them (XDoclet writes it when the archive is built). */
interface Component {
  readonly annotated: { readonly at: At; readonly what: string } | undefined;
  readonly implemented: string | undefined;
}
function componentOf({ file, type }: TypeView): Component {
  const annotated = components.flatMap(([name, what]) =>
    type.annotations.filter((one) => refersTo(file, one.name, name)).map(({ at }) => ({ at, what })),
  )[0];
  const implemented = interfaces.find(([name]) => type.interfaces.some((one) => refersTo(file, one, name)));
  return { annotated, implemented: type.kind === 'class' ? implemented?.[1] : undefined };
}

function emitComponent({ path, type }: TypeView, { annotated, implemented }: Component, isListed: boolean, emit: Emit): void {
  if (annotated) use(emit, placeAt(path, annotated.at), 'any', 'component', annotated.what);
  else if (implemented !== undefined && !isListed) use(emit, placeAt(path, type.at), 'any', 'component', implemented);
}

const persistenceContext = ({ type, file }: TypeView): At | undefined =>
  type.fields.flatMap(({ annotations }) => annotations).find(({ name }) => refersTo(file, name, 'jakarta.persistence.PersistenceContext'))
    ?.at;

/** Types that ask something of a server. */
const users = inFiles(({ types }) =>
  types.flatMap((type) => {
    const found = { type, injections: injectionsOf(type), component: componentOf(type), context: persistenceContext(type) };
    const { annotated, implemented } = found.component;
    return found.injections.length > 0 || annotated || implemented !== undefined || found.context ? [found] : [];
  }),
);

/** A program of windows asks a server from afar; nobody deploys it there. */
const windows = inFiles(({ file, types }) =>
  types.some(({ type }) => type.superclass !== undefined && refersTo(file, type.superclass, 'javafx.application.Application'))
    ? [true]
    : [],
);

/** What only an application server gives: components, names, and its own classes. An embedded server gives none of them. */
export const serverUse: Recogniser = {
  text: [
    'javax.ejb',
    'jakarta.ejb',
    'javax.naming',
    'org.springframework.jndi',
    'JndiDataSourceLookup',
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
    'javafx.application.Application',
  ],
  recognise(view, emit) {
    if (!view.needsServer && windows(view).length > 0) return;
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
    if (view.needsServer) emitBeanLookups(view, emit);
    const isListed = view.manifestFacts.some(({ kind, place }) => kind === 'server-use' && place.path.endsWith('ejb-jar.xml'));
    for (const { type, injections, component, context } of users(view)) {
      for (const injection of injections) emitInjection(injection, type, view, emit);
      emitComponent(type, component, isListed, emit);
      if (context && view.needsServer && !view.dependency(/^org\.springframework:spring-(?:orm|context)/))
        use(emit, startOf(type.path, context), 'any', 'resource', 'a persistence context of the container');
    }
  },
};
