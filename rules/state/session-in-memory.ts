import { copiesText, levelByCopies, otherPlaces, pins } from '../../src/text/copies-questions.ts';
import { defineRule, type Service } from '../../src/types.ts';

const messageFor = (circuits: boolean, many: boolean): string =>
  circuits ? (many ? 'circuitsScaled' : 'circuits') : many ? 'scaled' : 'one';

/** Circuits work while clients stay at their replica; without that, most pages fail to connect. */
const levelOfOpen = (service: Service, circuits: boolean): 'warning' | 'error' =>
  circuits && service.copies.count === 'many' && pins(service).length === 0 ? 'error' : 'warning';

export default defineRule({
  summary: 'sessions are kept in one process',
  factors: [6],
  level: 'error',
  effort: 3,
  docs: {
    what: 'Login or session data is kept in the memory or on the disk of one process: the default `MemoryStore` of express-session, a file store, or a fallback branch that uses one of them when a variable is not set. Circuits of Blazor Server, which hold what an open page shows, count as well.',
    why: 'Another replica does not know the session: users are logged out at random as soon as a second copy serves them, and all of them at every deploy.',
    how: 'Keep sessions in a store that all replicas share (Redis, the database), or carry them in a signed cookie.',
    bad: 'app.use(session({ secret: process.env.SESSION_SECRET }));',
    good: 'app.use(session({ secret: process.env.SESSION_SECRET, store: new RedisStore({ client }) }));',
    references: ['https://12factor.net/processes', 'https://github.com/expressjs/session#compatible-session-stores'],
  },
  messages: {
    scaled: {
      text: '{library} keeps sessions in {store} of one process, and {scaled}.',
      consequence: 'A request that reaches another replica finds no session: users are logged out at random.',
      next: 'Give it a store that all replicas share, such as Redis.',
    },
    one: {
      text: '{library} keeps sessions in {store} of one process.',
      consequence: 'Every restart or deploy logs all users out, and a second replica would not know their sessions.',
      next: 'Give it a store that all replicas share, such as Redis, before you scale it.',
    },
    circuitsScaled: {
      text: '{library} keeps each open page in the memory of one process, and {scaled}.',
      consequence: 'A page that reconnects to another replica starts anew: what its user was doing is lost.',
      next: 'Keep clients at one replica for it, and save what must survive in a database.',
    },
    circuits: {
      text: '{library} keeps each open page in the memory of one process.',
      consequence: 'Every restart or deploy throws users out of what they were doing, and a second replica needs sticky routing.',
      next: 'Save what must survive in a database, and render pages that need no circuit statically or in the browser.',
    },
  },
  checkService(service, report) {
    for (const fact of service.code.all('session')) {
      const stores = service.possibleStores(fact.value.stores);
      const local = stores.find((store) => store.kind === 'memory' || store.kind === 'file');
      if (!local) continue;
      // A switch that nobody can read chooses between this and a store that all share.
      const isOpen = !local.when?.length && stores.some((store) => store.kind === 'external' && !store.when?.length);
      report({
        message: messageFor(fact.value.circuits === true, service.copies.count === 'many'),
        data: {
          library: fact.value.library,
          store: local.kind === 'file' ? 'files' : 'the memory',
          scaled: copiesText(service),
        },
        place: fact.place,
        related: [
          ...otherPlaces(fact.place, [{ place: local.place, message: 'the store is chosen here' }]),
          ...(fact.value.uses ?? []).slice(0, 40).map((place) => ({ place, message: 'data is put into the session here as well' })),
          ...service.copies.evidence,
          ...pins(service),
        ],
        level: isOpen || fact.value.circuits ? levelOfOpen(service, fact.value.circuits === true) : levelByCopies(service, 'error'),
        confidence: isOpen ? 'likely' : fact.confidence,
        subject: `${fact.value.library}:${local.kind}`,
      });
    }
  },
});
