import type { FactValues } from '../../facts.ts';
import { concernsOwnCopy } from '../../text/job-names.ts';
import { purposeOf } from '../../text/purpose.ts';
import type { XmlElement } from '../../text/xml-document.ts';
import type { AnyFact, Place } from '../../types.ts';
import { distributedTransaction, externalSessions, remoteProtocol, scheduledJob, schemaChange, secretFacts, serverUse } from './facts.ts';
import { databaseFacts, machineFacts } from './jdbc-facts.ts';
import { changesSchema } from './persistence.ts';
import { attributeOf, type BeanProperty, classOf, propertyOf } from './spring-properties.ts';
import { readQuartz } from './spring-quartz.ts';

const engines: Readonly<Record<string, string>> = { HSQL: 'hsqldb', H2: 'h2', DERBY: 'derby' };

/** Beans of a profile for developers or tests do not run in production. */
const isLocal = (element: XmlElement): boolean => {
  const profile = attributeOf(element, 'profile') ?? '';
  return profile !== '' && profile.split(/[,\s]+/).every((name) => ['development', 'test'].includes(purposeOf(`${name}.xml`)));
};

function readDataSource(bean: XmlElement): readonly AnyFact[] {
  const url = propertyOf(bean, /^(?:url|jdbcUrl)$/);
  const password = propertyOf(bean, /^password$/);
  return [
    ...(url ? databaseFacts(url.text, 'Spring', url.place, true) : []),
    ...(password ? secretFacts(password.text, password.place, url?.text, propertyOf(bean, /^(?:user|username)$/)?.text) : []),
  ];
}

const lastName = (bean: XmlElement): string => `\`${classOf(bean).split('.').at(-1)}\``;
const remote =
  (protocol: string) =>
  (bean: XmlElement): readonly AnyFact[] => [remoteProtocol(protocol, lastName(bean), bean.place)];

/** Clients that Spring's XML gives an address, and what answers there. */
const clients: readonly (readonly [RegExp, FactValues['endpoint']['role']])[] = [
  [/(?:Jedis|Lettuce)ConnectionFactory$|JedisPool$|RedisStandaloneConfiguration$/, 'cache'],
  [/(?:ActiveMQ\w*|rabbit\.connection\.\w*)ConnectionFactory$/, 'broker'],
  [/Mongo(?:Client)?FactoryBean$/, 'database'],
  [/JavaMailSenderImpl$/, 'unknown'],
];

function addressOf(bean: XmlElement): readonly AnyFact[] {
  const role = clients.find(([pattern]) => pattern.test(classOf(bean)))?.[1];
  const address = role && propertyOf(bean, /^(?:hostName|host|brokerURL|addresses)$/);
  return role && address ? machineFacts(address.text, role, address.place) : [];
}

/** Sessions of Shiro and of Spring Session that a bean keeps outside of the process. */
const sessionStores =
  /(?:Redis|Memcached?|Mongo|Jdbc|Hazelcast|Database)\w*Session(?:DAO|Dao|Repository)$|\.Redis(?:Indexed)?HttpSessionConfiguration$/;

/** They take a lock, so that copies wait for each other. */
const migration = (library: string, place: Place): AnyFact => ({
  kind: 'schema-change',
  place,
  confidence: 'certain',
  value: { library, how: 'at start', locks: true },
});

/** `#{T(org.apache.shiro.codec.Base64).decode('…')}`: Shiro encrypts its cookies with it. */
function cipherKeyOf(bean: XmlElement): readonly AnyFact[] {
  const property = propertyOf(bean, /^cipherKey$/);
  const key = property && /\bdecode\('([\w+/=]{16,100})'\)/.exec(property.text)?.[1];
  return key
    ? [{ kind: 'secret', place: property.place, confidence: 'certain', value: { what: 'key', origin: 'literal', holder: 'manifest' } }]
    : [];
}

/** What a bean of this class means. */
const meanings: readonly (readonly [RegExp, (bean: XmlElement) => readonly AnyFact[]])[] = [
  [
    /(?:JndiObjectFactoryBean|WebLogicJtaTransactionManager|WebSphereUowTransactionManager)$/,
    (bean) => [serverUse('any', 'naming', lastName(bean), bean.place)],
  ],
  [/\.rmi\.(?:Rmi(?:ServiceExporter|ProxyFactoryBean)|JndiRmi\w+)$/, remote('RMI')],
  [/\.httpinvoker\.\w*(?:Exporter|ProxyFactoryBean)$/, remote('Spring HTTP Invoker')],
  [/\.caucho\.(?:Simple)?(?:Hessian|Burlap)\w*(?:Exporter|ProxyFactoryBean)$/, remote('Hessian')],
  [/\.ejb\.access\.\w*Remote\w*FactoryBean$/, remote('remote EJB')],
  [
    /^com\.atomikos\.(?:jdbc|jms|icatch)\.|\.jta\.JtaTransactionManager$|XADataSource$/,
    (bean) => [distributedTransaction(classOf(bean).split('.').at(-1)!, bean.place), ...readDataSource(bean)],
  ],
  [/DataSource\w*$/, readDataSource],
  [/(?:^|\.)Flyway$/, (bean) => (attributeOf(bean, 'init-method') === 'migrate' ? [migration('Flyway', bean.place)] : [])],
  [/\.\w*SpringLiquibase$/, (bean) => (propertyOf(bean, /^shouldRun$/)?.text === 'false' ? [] : [migration('Liquibase', bean.place)])],
  [/\.SpringProcessEngineConfiguration$/, (bean) => engineSchema(propertyOf(bean, /^databaseSchemaUpdate$/))],
  [/\.CookieRememberMeManager$/, cipherKeyOf],
  [/\.shiro\.(?:web\.)?session\.mgt\.Default(?:Web)?SessionManager$/, (bean) => [sessionBean(bean.place, 'The login of Shiro')]],
  [sessionStores, (bean) => [externalSessions('Spring', 'a store of its own', bean.place)]],
  [/\.HibernateJpaVendorAdapter$|\.EclipseLinkJpaVendorAdapter$/, (bean) => generatedSchema(propertyOf(bean, /^generateDdl$/))],
];

/** Activiti, Flowable and Camunda bring tables of their own. */
const engineSchema = (property: BeanProperty | undefined): readonly AnyFact[] =>
  property && /^(?:true|create|create-drop|drop-create)$/.test(property.text.trim())
    ? [schemaChange('The process engine', `databaseSchemaUpdate=${property.text.trim()}`, property.place)]
    : [];
const generatedSchema = (property: BeanProperty | undefined): readonly AnyFact[] =>
  property && /^true$/i.test(property.text) ? [schemaChange('JPA', 'generateDdl=true', property.place)] : [];

/** `<bean scope="session">` and `<aop:scoped-proxy>` beans of old schemas: one object a session, in its memory. */
const sessionBean = (place: Place, library = 'HttpSession'): AnyFact => ({
  kind: 'session',
  place,
  confidence: 'certain',
  value: { library, stores: [{ kind: 'memory', place }] },
});

/** Mail senders, brokers, encryptors: whatever the bean is, its password stands here. */
function passwordOf(bean: XmlElement): readonly AnyFact[] {
  const password = propertyOf(bean, /^password$/);
  return password ? secretFacts(password.text, password.place) : [];
}

function readBean(bean: XmlElement): readonly AnyFact[] {
  const type = classOf(bean);
  const meaning = meanings.find(([pattern]) => pattern.test(type))?.[1];
  return [
    ...(meaning?.(bean) ?? []),
    ...(meaning ? [] : [...passwordOf(bean), ...addressOf(bean)]),
    ...(attributeOf(bean, 'scope') === 'session' ? [sessionBean(bean.place)] : []),
  ];
}

function readScheduled(element: XmlElement): readonly AnyFact[] {
  const cron = attributeOf(element, 'cron');
  const repeats = cron !== undefined || element.attributes.has('fixed-rate') || element.attributes.has('fixed-delay');
  if (!repeats || cron === '-') return [];
  return [scheduledJob('Spring', cron, concernsOwnCopy(attributeOf(element, 'method') ?? '') ? 'harmless' : 'work', element.place)];
}

/** `<prop key="hibernate.hbm2ddl.auto">update</prop>` and entries of maps. */
const readProperty = ({ attributes, text, place }: XmlElement): readonly AnyFact[] => {
  const key = attributes.get('key')?.value ?? '';
  const value = attributes.get('value')?.value ?? text;
  return changesSchema(key, value) ? [schemaChange('JPA', `${key}=${value}`, place)] : [];
};

/** What an element of Spring's own namespaces means. */
const elements: Readonly<Record<string, (element: XmlElement) => readonly AnyFact[]>> = {
  bean: readBean,
  'embedded-database': (element) => [
    {
      kind: 'backing-service',
      place: element.place,
      confidence: 'certain',
      value: {
        technology: engines[attributeOf(element, 'type')?.toUpperCase() ?? 'HSQL'] ?? 'hsqldb',
        library: 'Spring',
        embedded: true,
      },
    },
  ],
  'jndi-lookup': (element) => [serverUse('any', 'naming', `\`${attributeOf(element, 'jndi-name') ?? 'a name'}\``, element.place)],
  'local-slsb': (element) => [serverUse('any', 'naming', `\`${attributeOf(element, 'jndi-name') ?? 'a name'}\``, element.place)],
  'remote-slsb': (element) => [
    serverUse('any', 'naming', `\`${attributeOf(element, 'jndi-name') ?? 'a name'}\``, element.place),
    remoteProtocol('remote EJB', '`<jee:remote-slsb>`', element.place),
  ],
  'jta-transaction-manager': (element) => [distributedTransaction('JtaTransactionManager', element.place)],
  'initialize-database': (element) =>
    attributeOf(element, 'enabled') === 'false' ? [] : [schemaChange('Spring', '<jdbc:initialize-database>', element.place)],
  scheduled: readScheduled,
  prop: readProperty,
  entry: readProperty,
};

/** All elements that count in production, in document order. */
function liveElements(root: XmlElement): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const stack: XmlElement[] = [root];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (isLocal(next)) continue;
    found.push(next);
    for (let at = next.children.length - 1; at >= 0; at--) stack.push(next.children[at]!);
  }
  return found;
}

const mostBeans = 2000;
const libraries =
  /^(?:org\.(?:springframework|apache|hibernate|mybatis|quartz|aspectj|eclipse)|com\.(?:alibaba|mchange|zaxxer|atomikos)|java|javax|jakarta)\./;
/** Classes of the program of which Spring makes one instance for all. */
function declaredBeans(live: readonly XmlElement[], place: Place): readonly AnyFact[] {
  const classes = live.flatMap((element) => {
    const type = element.name === 'bean' ? classOf(element) : '';
    const scope = attributeOf(element, 'scope') ?? (attributeOf(element, 'singleton') === 'false' ? 'prototype' : 'singleton');
    return scope === 'singleton' && /^[a-z]\w*(?:\.\w+)+$/.test(type) && !libraries.test(type) ? [type] : [];
  });
  // `<task:annotation-driven>` is what `@EnableAsync` says in code.
  const later = live.some(
    ({ name, attributes }) => name === 'annotation-driven' && (attributes.has('executor') || attributes.has('scheduler')),
  );
  if (classes.length === 0 && !later) return [];
  const value = { classes: [...new Set(classes)].slice(0, mostBeans), ...(later ? { later } : {}) };
  return [{ kind: 'declared-beans', place, confidence: 'certain', value }];
}

/** Spring's XML configuration: datasources, JNDI lookups, schedules, exported objects, schemas made at the start. */
export function readSpringBeans(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'beans') return [];
  const live = liveElements(root);
  return [
    ...live.flatMap((element) => (Object.hasOwn(elements, element.name) ? elements[element.name]!(element) : [])),
    ...readQuartz(live),
    ...declaredBeans(live, root.place),
  ];
}
