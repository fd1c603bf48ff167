import type { StoreChoice } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { CallView } from '../names.ts';
import { importsFrom, refersTo } from '../names.ts';
import { annotationOf, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression, JavaFile, Method } from '../summary.ts';
import { inFiles } from '../views.ts';
import { loginsOfShiro } from './shiro-logins.ts';
import { loginsOfSpring } from './spring-logins.ts';

/** Shiro's session is that of the server, unless a session manager of its own keeps it elsewhere. */
const sessionTypes = [
  'jakarta.servlet.http.HttpSession',
  'org.apache.shiro.session.Session',
  'com.vaadin.flow.server.VaadinSession',
  'com.vaadin.server.VaadinSession',
  'org.zkoss.zk.ui.Session',
];
const scopes = [
  'org.springframework.web.context.annotation.SessionScope',
  'org.springframework.web.bind.annotation.SessionAttributes',
  'jakarta.enterprise.context.SessionScoped',
  'jakarta.enterprise.context.ConversationScoped',
  'jakarta.faces.bean.SessionScoped',
  'net.sourceforge.stripes.action.SessionScope',
  'com.google.inject.servlet.SessionScoped',
];
const stateful = 'jakarta.ejb.Stateful';

/** Spring Session and other libraries that keep sessions outside of the process. */
const externalStores: readonly (readonly [RegExp, string])[] = [
  [
    /^org\.springframework\.session:spring-session-data-(?:redis|geode)$|spring-boot-starter-session-data-redis|^org\.redisson:redisson-(?:tomcat|spring-session)/,
    'redis',
  ],
  [/^org\.crazycake:shiro-redis/, 'redis'],
  [/^org\.springframework\.session:spring-session-jdbc$|spring-boot-starter-session-jdbc/, 'a database'],
  [/^org\.springframework\.session:spring-session-(?:data-)?(?:mongodb|hazelcast|cassandra)/, 'a store of its own'],
  [/memcached-session-manager|tomcat-redis-session|session-managers|hazelcast-wm|hazelcast-tomcat\w*-sessionmanager/, 'a store of its own'],
];
/** Session of Spring Boot before it chose the store from the one module on the class path. */
const plainSession = /^org\.springframework\.session:spring-session(?:-core)?$/;

const enablers = inFiles(({ types }) =>
  types.filter(({ type }) =>
    type.annotations.some(({ name }) => /^Enable(?:Redis|Jdbc|Mongo|Hazelcast|SpringHttp)(?:Http|Web)?Session$/.test(name)),
  ),
);

const partsOfShiro = [
  ...['AbstractSessionDAO', 'CachingSessionDAO', 'EnterpriseCacheSessionDAO', 'SessionDAO'].map(
    (name) => `org.apache.shiro.session.mgt.eis.${name}`,
  ),
  'org.apache.shiro.cache.CacheManager',
  'org.apache.shiro.cache.Cache',
];
const remoteStore = /redi(?:s|sson)|jedis|memcache|mongo|jdbc/i;
const ownStore = /(?:Mapper|Repository|Service|Dao|DAO)$/;
/** Classes of the program that keep the sessions of Shiro in a store: its session DAO or cache, on something that others share. */
const storesOfShiro = inFiles(({ file, types }) =>
  types.filter(({ type }) => {
    const parents = [...(type.superclass ? [type.superclass] : []), ...type.interfaces];
    return (
      parents.some((name) => refersTo(file, name, ...partsOfShiro)) &&
      ([type.name, ...file.imports.map(({ name }) => name)].some((name) => remoteStore.test(name)) ||
        type.fields.some((field) => remoteStore.test(field.type) || ownStore.test(field.type)))
    );
  }),
);

function externalStore(view: ProgramView): { readonly technology: string; readonly place: Place } | undefined {
  const setting = view.settings.of('spring.session.store-type')[0];
  if (setting && /^none$/i.test(setting.text)) return undefined;
  for (const [pattern, technology] of externalStores) {
    const dependency = view.dependency(pattern);
    if (dependency) return { technology, place: setting?.place ?? dependency.place };
  }
  const plain = view.dependency(plainSession);
  if (plain && setting && /^(?:redis|jdbc|mongodb|hazelcast)$/i.test(setting.text))
    return { technology: setting.text, place: setting.place };
  const enabled = enablers(view)[0];
  if (enabled) return { technology: 'Spring Session', place: placeAt(enabled.path, enabled.type.at) };
  const own = storesOfShiro(view)[0];
  return own ? { technology: 'a store of its own', place: placeAt(own.path, own.type.at) } : managerOf(view);
}

/** A session manager of Tomcat, or a bean of Spring's XML, that keeps them in Redis or Memcached. */
const managerOf = (view: ProgramView): { readonly technology: string; readonly place: Place } | undefined =>
  view.manifestFacts.flatMap((fact) => {
    const store = fact.kind === 'session' ? fact.value.stores.find(({ kind }) => kind === 'external') : undefined;
    return store ? [{ technology: store.technology ?? 'a store of its own', place: fact.place }] : [];
  })[0];

/** `session.setAttribute(…)`, `request.getSession().setAttribute(…)`. */
function isSessionWrite(call: CallView, { names }: ProgramView): boolean {
  const { on, args } = call.call;
  if (!on || args.length !== 2 || args[1]?.is === 'null') return false;
  if (on.is === 'call') return on.name === 'getSession' || on.name === 'session' || isCurrentSession(on, call.file);
  const type = names.typeOf(on, call);
  if (type !== undefined && refersTo(call.file, type, ...sessionTypes)) return true;
  const variable = on.is === 'name' && on.path.length === 1 ? names.variable(call, on.path[0]!) : undefined;
  return variable?.type === 'var' && variable.value?.is === 'call' && variable.value.name === 'getSession';
}

/** `VaadinSession.getCurrent()`, `Sessions.getCurrent()` of ZK. */
const isCurrentSession = ({ name, on }: Extract<Expression, { is: 'call' }>, file: JavaFile): boolean =>
  name === 'getCurrent' && on?.is === 'name' && refersTo(file, on.path.join('.'), ...sessionTypes, 'org.zkoss.zk.ui.Sessions');

/** `RequestContextHolder.getRequestAttributes().setAttribute(name, value, SCOPE_SESSION)`, session maps of JSF. */
const isScopedWrite = ({ call: { args, on } }: CallView): boolean =>
  args.length === 3 && args[2]?.is === 'name' && args[2].path.at(-1) === 'SCOPE_SESSION' && on !== undefined;
const isJsfWrite = ({ call: { on } }: CallView): boolean => on?.is === 'call' && on.name === 'getSessionMap';

/** `session.put(…)` in an action of Struts 2: the map that it injects, or asks its context for, is the session. */
function isStrutsWrite(call: CallView, { names }: ProgramView): boolean {
  const { on, args } = call.call;
  if (!on || args.length !== 2 || args[1]?.is === 'null') return false;
  const isAware = call.type.interfaces.some((name) => /(?:^|\.)SessionAware$/.test(name));
  if (on.is === 'call') return on.name === 'getSession' && on.args.length === 0 && (isAware || isActionContext(on.on));
  if (on.is !== 'name' || on.path.length !== 1) return false;
  const [name] = on.path;
  const variable = names.variable(call, name!);
  if (variable && refersTo(call.file, variable.type, 'org.apache.struts2.dispatcher.SessionMap')) return true;
  if (variable?.value?.is === 'call' && variable.value.name === 'getSession' && isActionContext(variable.value.on)) return true;
  return isAware && call.type.methods.some((method) => /^(?:set|with)Session$/.test(method.name) && setsField(method, name!));
}
const isActionContext = (on: Expression | undefined): boolean => on?.is === 'call' && /^(?:getContext|getActionContext)$/.test(on.name);
const setsField = ({ assignments }: Method, field: string): boolean =>
  assignments.some(({ target }) => target.length === 1 && target[0] === field);

const annotatedBeans = inFiles(({ types }) =>
  types.flatMap(({ path, file, type }) => {
    const annotation = type.annotations.find(({ name }) => refersTo(file, name, stateful));
    return annotation && type.kind === 'class' ? [placeAt(path, annotation.at)] : [];
  }),
);
/** Stateful beans by annotation and by ejb-jar.xml: one client's data in the memory of the server. */
function statefulBeansOf(view: ProgramView): readonly Place[] {
  return [...annotatedBeans(view), ...declaredPlaces(view, (library) => library !== 'HttpSession' && library !== loginOfShiro)];
}

/** What ejb-jar.xml and Spring's XML say of sessions. */
const declaredPlaces = (view: ProgramView, isWanted: (library: string) => boolean): readonly Place[] =>
  view.manifestFacts.flatMap((fact) =>
    fact.kind === 'session' && fact.value.stores.every(({ kind }) => kind === 'memory') && isWanted(fact.value.library) ? [fact.place] : [],
  );

const scopedTypes = inFiles(({ types }) =>
  types.flatMap(({ path, file, type }) => {
    const annotation = type.annotations.find(
      ({ name, args }) =>
        refersTo(file, name, ...scopes) ||
        (name.endsWith('Scope') && (isSessionScope(args.value ?? args.scopeName) || isSeamSession(file, args.value))),
    );
    return annotation && type.kind === 'class' ? [placeAt(path, annotation.at)] : [];
  }),
);
const scopedBeans = inFiles(({ path, methods }) =>
  methods.flatMap(({ method }) => {
    const annotation =
      annotationOf(method, 'SessionScope') ??
      method.annotations.find(({ name, args }) => name === 'Scope' && isSessionScope(args.value ?? args.scopeName));
    return annotation && annotationOf(method, 'Bean') ? [placeAt(path, annotation.at)] : [];
  }),
);

/** The places that put data into the HTTP session share one cause. */
function httpPlacesOf(view: ProgramView): readonly Place[] {
  const calls = [
    ...view.callsNamed('setAttribute', 'putValue').filter((call) => isSessionWrite(call, view) || isScopedWrite(call)),
    ...view.callsNamed('put').filter((call) => isJsfWrite(call) || isStrutsWrite(call, view)),
  ];
  const inPages = view.pages.filter(({ what }) => what === 'session').map(({ place }) => place);
  const declared = declaredPlaces(view, (library) => library === 'HttpSession');
  return [...calls.map(({ path, call }) => placeAt(path, call.at)), ...scopedTypes(view), ...scopedBeans(view), ...declared, ...inPages];
}

function isSessionScope(value: { readonly is: string } | undefined): boolean {
  const expression = value as { is: string; value?: unknown; path?: readonly string[] } | undefined;
  return (
    (expression?.is === 'text' && expression.value === 'session') ||
    (expression?.is === 'name' && expression.path?.at(-1) === 'SCOPE_SESSION')
  );
}

/** `@Scope(ScopeType.SESSION)` of Seam, also by a static import. */
const isSeamSession = (file: JavaFile, value: Expression | undefined): boolean =>
  value?.is === 'name' && value.path.at(-1) === 'SESSION' && importsFrom(file, 'org.jboss.seam');

/** As Spring's XML says it too. */
const loginOfShiro = 'The login of Shiro';
const libraryOf = (view: ProgramView, http: number, logins: number, shiro: number, beans: number): string => {
  if (http === 0 && logins > 0) return 'The login of Spring Security';
  if (http === 0 && shiro > 0) return loginOfShiro;
  if (http === 0 && beans > 0) return 'A stateful EJB';
  return view.needsServer ? 'HttpSession of the server' : 'HttpSession';
};

export const sessions: Recogniser = {
  text: [
    'formLogin',
    'oauth2Login',
    'saml2Login',
    'HttpSession',
    'getSession',
    'SessionAttributes',
    'SessionScope',
    'SCOPE_SESSION',
    'ConversationScoped',
    '@Stateful',
    '"session"',
    'getSessionMap',
    'SessionAware',
    'HttpSession;',
    'org.apache.shiro.',
    'ScopeType',
    'org.jboss.seam.annotations',
    'com.google.inject.servlet',
    'VaadinSession',
    'org.zkoss.zk.ui.Session',
  ],
  recognise(view, emit) {
    const http = httpPlacesOf(view);
    const logins = loginsOfSpring(view);
    const shiro = [...loginsOfShiro(view), ...declaredPlaces(view, (library) => library === loginOfShiro)];
    const beans = statefulBeansOf(view);
    const places = [...http, ...logins, ...shiro, ...beans];
    const external = externalStore(view);
    const [first, ...uses] = places;
    const place = first ?? external?.place;
    if (!place) return;
    const store: StoreChoice = external
      ? { kind: 'external', technology: external.technology, place: external.place }
      : { kind: 'memory', place };
    emit('session', place, {
      library: libraryOf(view, http.length, logins.length, shiro.length, beans.length),
      stores: [store],
      ...(uses.length > 0 ? { uses } : {}),
    });
  },
};
