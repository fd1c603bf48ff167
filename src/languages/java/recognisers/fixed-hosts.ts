/** Hosts that clients of stores and brokers are given without a scheme: `new Jedis("localhost")`, `factory.setHost("10.0.0.7")`. */
import type { FactValues } from '../../../facts.ts';
import { parseAddress } from '../../../text/addresses.ts';
import { importsFrom, type MethodView } from '../names.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';
import { filesThatAskPlatform } from './bound-services.ts';
import { isMachine } from './databases.ts';
import { givenLiteral } from './given-literals.ts';

type Role = FactValues['endpoint']['role'];
interface Client {
  readonly packages: readonly string[];
  readonly role: Role;
  /** Types whose first text is the host. */
  readonly types?: RegExp;
  /** Methods whose first argument is the host. */
  readonly methods?: readonly string[];
}
const clients: readonly Client[] = [
  {
    packages: ['com.rabbitmq.client', 'org.springframework.amqp.rabbit.connection'],
    role: 'broker',
    types: /^CachingConnectionFactory$/,
    methods: ['setHost'],
  },
  {
    packages: ['redis.clients.jedis', 'org.springframework.data.redis.connection'],
    role: 'cache',
    types: /^(?:Jedis|JedisPool|JedisPooled|HostAndPort|RedisStandaloneConfiguration|LettuceConnectionFactory)$/,
    methods: ['setHostName'],
  },
  {
    packages: ['com.mongodb'],
    role: 'database',
    types: /^(?:MongoClient|ServerAddress)$/,
  },
  {
    packages: ['com.datastax', 'org.springframework.data.cassandra', 'org.springframework.cassandra'],
    role: 'database',
    methods: ['setContactPoints', 'addContactPoint', 'addContactPoints'],
  },
  { packages: ['java.net'], role: 'unknown', types: /^Socket$/ },
];
const methodNames = [...new Set(clients.flatMap(({ methods }) => methods ?? []))];

interface Given {
  readonly view: MethodView;
  readonly argument: Expression | undefined;
  readonly role: Role;
}
const made = inFiles(({ file, methods }) => {
  const own = clients.filter(({ packages, types }) => types && importsFrom(file, ...packages));
  if (own.length === 0) return [];
  return methods.flatMap((view) =>
    view.method.creations.flatMap(({ type, args }): readonly Given[] => {
      const client = own.find(({ types }) => types!.test(type.split('.').at(-1)!));
      // `new JedisPool(config, "localhost")`
      const argument = args.slice(0, 2).find(({ is }) => is === 'text') ?? args[0];
      return client ? [{ view, argument, role: client.role }] : [];
    }),
  );
});

/** `props.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092")`. */
const isBootstrap = (key: Expression | undefined): boolean =>
  (key?.is === 'name' && key.path.at(-1) === 'BOOTSTRAP_SERVERS_CONFIG') || (key?.is === 'text' && key.value === 'bootstrap.servers');

/** `new JsonObject().put("host", "10.0.0.7")`: the settings of a client of Vert.x. */
const hostsOfJson = (program: ProgramView): readonly Given[] =>
  program.callsNamed('put').flatMap((view): readonly Given[] => {
    const [key, argument] = view.call.args;
    const isHost = key?.is === 'text' && /^(?:host|hostname)$/.test(key.value) && importsFrom(view.file, 'io.vertx.core.json');
    return isHost ? [{ view, argument, role: 'unknown' }] : [];
  });

const called = (program: ProgramView): readonly Given[] => [
  ...hostsOfJson(program),
  ...program.callsNamed(...methodNames).flatMap((view): readonly Given[] => {
    const client = clients.find(({ methods, packages }) => methods?.includes(view.call.name) && importsFrom(view.file, ...packages));
    return client ? [{ view, argument: view.call.args[0], role: client.role }] : [];
  }),
  ...program
    .callsNamed('put', 'setProperty')
    .flatMap((view): readonly Given[] => (isBootstrap(view.call.args[0]) ? [{ view, argument: view.call.args[1], role: 'broker' }] : [])),
];

/** The machine itself, a number, or a name of a private network; a plain word may be the name of a service. */
export const fixedHosts: Recogniser = {
  text: [
    'CachingConnectionFactory("',
    'setHost(',
    'setHostName(',
    'ontactPoint',
    'redis.clients.jedis',
    'data.redis.connection',
    'com.mongodb',
    'new Socket("',
    'BOOTSTRAP_SERVERS_CONFIG',
    'bootstrap.servers',
    'io.vertx.core.json',
  ],
  recognise(view, emit) {
    const asking = filesThatAskPlatform(view);
    for (const { view: method, argument, role } of [...made(view), ...called(view)]) {
      const literal = givenLiteral(argument, method, view);
      const address = literal && !literal.text.includes('://') ? parseAddress(literal.text.split(',')[0]!, true) : undefined;
      if (!address || !isMachine(address.host)) continue;
      emit('endpoint', literal!.place, { ...address, overridable: asking.has(method.path), role }, { within: method.id });
    }
  },
};
