import { copiesText, levelByCopies, otherPlaces, pins } from '../../src/text/copies-questions.ts';
import type { Fact, Related, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Sends to more than the own client, and nothing carries the message to the other replicas. */
const isAlone = (service: Service, { value }: Fact<'socket-server'>): boolean =>
  value.broadcasts === true && service.possibleStores(value.adapters)[0]?.kind === 'memory';

const remedies: readonly (readonly [RegExp, string])[] = [
  [/^socket\.io$|^Nest/, 'Attach a shared adapter such as `@socket.io/redis-adapter`.'],
  [/simple broker of Spring/, 'Take `enableStompBrokerRelay` with a broker that all replicas share, such as RabbitMQ.'],
  [/graphql/, 'Use a PubSub that all replicas share, such as `graphql-redis-subscriptions`.'],
];
const remedyFor = (library: string): string =>
  remedies.find(([pattern]) => pattern.test(library))?.[1] ??
  'Publish each message to a broker, such as Redis, to which every replica listens.';

const broadcastOf = ({ value }: Fact<'socket-server'>): readonly Related[] =>
  value.broadcastPlace ? [{ place: value.broadcastPlace, message: 'sends to other clients here' }] : [];

export default defineRule({
  summary: 'messages to clients stay in one process',
  factors: [6],
  level: 'error',
  effort: 3,
  docs: {
    what: 'A WebSocket or event-stream server sends messages to several clients, but knows only those that are connected to its own process: socket.io without an adapter, a loop over `wss.clients`, a list of open responses.',
    why: 'With two replicas, users who happen to be on different ones never see each other’s messages.',
    how: 'Attach an adapter that all replicas share (`@socket.io/redis-adapter`), or publish each message to a broker that every replica listens to.',
    bad: "const io = new Server(server);\nio.on('connection', (socket) => socket.on('chat', (text) => io.emit('chat', text)));",
    good: 'const io = new Server(server, { adapter: createAdapter(publisher, subscriber) });',
    references: ['https://socket.io/docs/v4/using-multiple-nodes/', 'https://socket.io/docs/v4/adapter/', 'https://12factor.net/processes'],
  },
  messages: {
    scaled: {
      text: '{library} reaches only the clients of its own process, and {scaled}.',
      consequence: 'Users on different replicas never get each other’s messages.',
      next: '{remedy}',
    },
    one: {
      text: '{library} reaches only the clients of its own process.',
      consequence: 'As soon as a second replica runs, users on different replicas never get each other’s messages.',
      next: '{remedy}',
    },
  },
  checkService(service, report) {
    const [first, ...others] = service.code.all('socket-server').filter((fact) => isAlone(service, fact));
    if (!first) return;
    const more = others.flatMap((fact): Related[] => [{ place: fact.place, message: 'another server of this kind' }, ...broadcastOf(fact)]);
    report({
      message: service.copies.count === 'many' ? 'scaled' : 'one',
      data: { library: first.value.library, remedy: remedyFor(first.value.library), scaled: copiesText(service) },
      place: first.place,
      related: [...otherPlaces(first.place, [...broadcastOf(first), ...more]), ...service.copies.evidence, ...pins(service)],
      level: levelByCopies(service, 'error'),
      subject: first.value.library,
    });
  },
});
