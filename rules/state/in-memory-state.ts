import { copiesText, levelByCopies, otherPlaces } from '../../src/text/copies-questions.ts';
import type { Fact, Related, Report, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type State = Fact<'process-state'>;
/** So many variables of one file are one cause: the file keeps its data in memory. */
const groupFrom = 4;
const mostSiblings = 10;

function byFile(states: readonly State[]): State[][] {
  const files = new Map<string, State[]>();
  for (const state of states) files.set(state.place.path, [...(files.get(state.place.path) ?? []), state]);
  return [...files.values()].flatMap((group) => (group.length >= groupFrom ? [group] : group.map((state) => [state])));
}

/** Counters of one name, as every page of a site has its own, and those of one file. */
function byCounter(states: readonly State[]): State[][] {
  const groups = new Map<string, State[]>();
  const keysOf = ({ value, place }: State) => [`name:${value.name}`, `file:${place.path}`];
  for (const state of states) {
    const [group = [], other] = [...new Set(keysOf(state).flatMap((key) => (groups.has(key) ? [groups.get(key)!] : [])))];
    for (const one of [...(other ?? []), state]) {
      group.push(one);
      for (const key of keysOf(one)) groups.set(key, group);
    }
  }
  return [...new Set(groups.values())];
}

const usesOf = ({ value }: State): readonly Related[] => [
  ...value.writes.slice(0, 3).map((place) => ({ place, message: 'written for a request' })),
  ...value.reads.slice(0, 3).map((place) => ({ place, message: 'read by a later request' })),
];

const kindNames = { map: 'a map', set: 'a set', list: 'a list', object: 'an object', counter: 'a counter', value: 'a variable' } as const;

/** Caches of one process that hold what later requests need. */
function checkCaches(service: Service, report: (finding: Report) => void): void {
  const isLocal = ({ value }: Fact<'cache'>): boolean =>
    value.holds === 'state' && service.possibleStores(value.stores).some(({ kind }) => kind === 'memory' || kind === 'file');
  const [first, ...others] = service.code.all('cache').filter(isLocal);
  if (!first) return;
  const related = others.slice(0, mostSiblings).map(({ place }): Related => ({ place, message: 'kept in the same cache' }));
  report({
    message: service.copies.count === 'many' ? 'cachedScaled' : 'cached',
    data: { library: first.value.library, scaled: copiesText(service) },
    place: first.place,
    related: [...otherPlaces(first.place, related), ...service.copies.evidence],
    level: levelByCopies(service, 'warning'),
    subject: `cache:${first.value.library}`,
  });
}

export default defineRule({
  summary: 'requests share data in the memory of one process',
  factors: [6],
  level: 'warning',
  effort: 3,
  docs: {
    what: 'A variable of a module, a static field or a field of a singleton is changed while one request is served and read by later ones: lists of users, maps of rooms, counters. So is a cache of one process that keeps codes, counts of tries or other data that nothing else holds. Memos, connections, metrics and what is filled at start are not reported.',
    why: 'Every replica has its own copy. A user who reaches another replica finds other data, and a restart loses all of it.',
    how: 'Keep the data in a database or cache that all replicas share.',
    bad: "const users = [];\napp.post('/users', (req, res) => { users.push(req.body); res.sendStatus(201); });",
    good: "app.post('/users', async (req, res) => { await db.users.insertOne(req.body); res.sendStatus(201); });",
    references: ['https://12factor.net/processes'],
  },
  messages: {
    scaled: {
      text: '`{name}` keeps data of requests in {type} of one process, and {scaled}.',
      consequence: 'Replicas answer with different data, and every restart loses it.',
      next: 'Keep it in a database or cache that all replicas share.',
    },
    one: {
      text: '`{name}` keeps data of requests in {type} of one process.',
      consequence: 'Every restart or deploy loses it, and a second replica would have other data.',
      next: 'Keep it in a database or cache that all replicas share.',
    },
    cachedScaled: {
      text: 'The cache of {library} in the memory of one process keeps what later requests need and nothing else holds, and {scaled}.',
      consequence:
        'A replica does not know what another one has stored: users see other data, codes are refused, and limits count too few.',
      next: 'Keep it in a database, or in a cache that all replicas share, such as Redis.',
    },
    cached: {
      text: 'The cache of {library} in the memory of one process keeps what later requests need and nothing else holds.',
      consequence: 'Every restart loses them, and a second worker process or replica would not know them.',
      next: 'Keep it in a database, or in a cache that all replicas share, such as Redis.',
    },
  },
  checkService(service, report) {
    checkCaches(service, report);
    const states = service.code.all('process-state').filter(({ value }) => value.holds === 'state');
    const isCounter = ({ value }: State): boolean => value.type === 'counter';
    const counters = states.filter(isCounter);
    const rest = states.filter((state) => !isCounter(state));
    for (const [first, ...others] of [...byFile(rest), ...byCounter(counters)]) {
      if (!first) continue;
      const siblings = others
        .slice(0, mostSiblings)
        .map(({ place, value }): Related => ({ place, message: `\`${value.name}\` keeps data of requests too` }));
      report({
        message: service.copies.count === 'many' ? 'scaled' : 'one',
        data: { name: first.value.name, type: kindNames[first.value.type], scaled: copiesText(service) },
        place: first.place,
        related: [...otherPlaces(first.place, [...usesOf(first), ...siblings]), ...service.copies.evidence],
        level: levelByCopies(service, 'warning'),
        confidence: first.confidence,
        subject: first.value.name,
      });
    }
  },
});
