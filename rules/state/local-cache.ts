import { copiesText, otherPlaces } from '../../src/text/copies-questions.ts';
import type { Fact, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const isLocal = (service: Service, { value }: Fact<'cache'>): boolean =>
  value.holds === 'data' && service.possibleStores(value.stores).some(({ kind }) => kind === 'memory' || kind === 'file');

export default defineRule({
  summary: 'shared data is cached per process',
  factors: [6],
  level: 'note',
  effort: 3,
  docs: {
    what: 'Data of a database or another service is cached in the memory of one process (node-cache, lru-cache, cache-manager with its default store). Memos of values that never change are not reported.',
    why: 'A change that one replica makes is not seen by the caches of the others: users see old and new data in turns, and each replica fills its own cache.',
    how: 'Use a cache that all replicas share, keep the time to live short, or tell other replicas when an entry changes.',
    bad: 'const cache = new NodeCache();\ncache.set(id, await db.products.findById(id));',
    good: "await redis.set(`product:${id}`, JSON.stringify(product), 'EX', 60);",
    references: ['https://12factor.net/processes', 'https://12factor.net/backing-services'],
  },
  messages: {
    scaled: {
      text: '{library} caches data in the memory of one process, and {scaled}.',
      consequence: 'After a change, replicas answer with old and new data in turns until entries expire.',
      next: 'Share the cache (Redis), or keep its time to live short enough for stale answers.',
    },
    one: {
      text: '{library} caches data in the memory of one process.',
      consequence: 'With a second replica, answers differ between replicas until entries expire.',
      next: 'Share the cache (Redis), or keep its time to live short enough for stale answers.',
    },
  },
  checkService(service, report) {
    const [first, ...others] = service.code.all('cache').filter((fact) => isLocal(service, fact));
    if (!first) return;
    const related = others.map(({ place }) => ({ place, message: 'another cache of this process' }));
    report({
      message: service.copies.count === 'many' ? 'scaled' : 'one',
      data: { library: first.value.library, scaled: copiesText(service) },
      place: first.place,
      related: [...otherPlaces(first.place, related), ...service.copies.evidence],
      subject: first.value.library,
    });
  },
});
