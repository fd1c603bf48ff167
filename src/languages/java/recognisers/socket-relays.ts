/** What hands messages to all copies, each of which passes them on to its own clients. */
import { importsFrom, type MethodView, type TypeView } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import { idOf, inFiles } from '../views.ts';

/** Copies learn of each other, and which of them answers for what. */
export const membership = ['org.apache.curator.framework.recipes.cache', 'org.apache.curator.x.discovery', 'org.apache.ignite'];
/** Every copy hears messages of these, and passes them on to its own clients. */
const relays = [
  'org.springframework.data.redis.listener',
  'org.springframework.data.redis.connection.MessageListener',
  'redis.clients.jedis.JedisPubSub',
  'io.lettuce.core.pubsub',
  'org.redisson.api.RTopic',
  'com.hazelcast.topic',
  'com.hazelcast.core.ITopic',
  'org.eclipse.paho',
  'org.jgroups',
  'io.nats.client',
  'io.quarkus.redis.datasource.pubsub',
  // Copies that find each other pass messages on by ways of their own.
  ...membership,
];
/** Redis tells all sorts of things with these: changed settings and routes, keys that have run out. */
const containers = /^org\.springframework\.data\.redis\.(?:listener|connection\.MessageListener)/;
/** What pushes to clients, by its name. */
const pushes = /Socket|Sse|Emitter|SimpMessag|Broadcast|Push|Notif|Chat|Room|Subscriber|Stream/;
const hands =
  /^(?:convertAndSend\w*|broadcast\w*|push\w*|publishEvent|fireEvent|fire|tryEmit\w*|emit|sendTo\w*|sendMessage|writeTextMessage)$/;

const relaysTopics = inFiles(({ file, types }) =>
  importsFrom(file, 'jakarta.jms.Topic')
    ? types.filter(
        ({ type }) =>
          /Socket|Sse|Emitter|SimpMessag|Broadcast|Push|Notif/.test(type.name) ||
          type.fields.some((field) => /Socket|Sse|Emitter|SimpMessag|Broadcast|Push|Notif/.test(field.type)),
      )
    : [],
);
const listeners = inFiles(({ file, types }) =>
  importsFrom(file, ...relays) ? [{ types, isPlain: file.imports.every(({ name }) => !isRelay(name) || containers.test(name)) }] : [],
);
const isRelay = (name: string): boolean => relays.some((one) => name === one || name.startsWith(`${one}.`));

/** The listener and the classes of the program that it holds, makes or is handed. */
function partsOf(types: readonly TypeView[], view: ProgramView): readonly TypeView[] {
  const named = types.flatMap(({ file, type }) => {
    const written = [
      ...type.fields.map((field) => field.type),
      ...type.methods.flatMap(({ parameters, creations }) => [...parameters, ...creations].map((one) => one.type)),
    ];
    return written.flatMap((name) => view.names.find(file, name) ?? []);
  });
  return [...types, ...named];
}
const methodsOf = (owner: TypeView): readonly MethodView[] =>
  owner.type.methods.map((method) => ({ ...owner, method, id: idOf(owner.path, owner.type, method) }));

/** Where it leads to may push: to who holds clients, or to who hands it on. */
function mayPush(types: readonly TypeView[], view: ProgramView): boolean {
  const parts = partsOf(types, view);
  if (parts.some(({ type }) => pushes.test(type.name) || type.fields.some((field) => pushes.test(`${field.type} ${field.of ?? ''}`))))
    return true;
  return view
    .calledFrom(parts.flatMap(methodsOf))
    .some(({ type, method }) => pushes.test(type.name) || method.calls.some(({ name }) => hands.test(name)));
}

/** The bus of a cluster of Vert.x reaches the consumers of all copies. */
const isOnClusteredBus = (view: ProgramView): boolean =>
  view.callsNamed('clusteredVertx', 'rxClusteredVertx', 'buildClustered').length > 0 && view.callsNamed('consumer').length > 0;

const topicFiles = inFiles((file) =>
  importsFrom(file.file, 'com.amazonaws.services.sns', 'software.amazon.awssdk.services.sns') ? [file.path] : [],
);
/** Each copy makes a queue of its own and has the topic fill it. */
const hasQueueOfTopic = (view: ProgramView): boolean => {
  const paths = new Set(topicFiles(view));
  const isCalled = (...names: readonly string[]): boolean =>
    paths.size > 0 && view.callsNamed(...names).some(({ path }) => paths.has(path));
  return isCalled('createQueue', 'createQueueAsync') && isCalled('subscribe', 'subscribeQueue');
};

/** True where messages reach the clients of all copies. */
export const isRelayed = (view: ProgramView): boolean =>
  isOnClusteredBus(view) ||
  hasQueueOfTopic(view) ||
  relaysTopics(view).length > 0 ||
  listeners(view).some(({ types, isPlain }) => !isPlain || mayPush(types, view));
