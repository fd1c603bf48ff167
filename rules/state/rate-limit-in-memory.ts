import { copiesText, levelByCopies, otherPlaces } from '../../src/text/copies-questions.ts';
import type { Fact, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const isLocal = (service: Service, { value }: Fact<'rate-limit'>): boolean =>
  service.possibleStores(value.stores).some(({ kind }) => kind === 'memory' || kind === 'file');

export default defineRule({
  summary: 'a rate limit counts in one process',
  factors: [6],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A rate limiter counts requests in the memory of its own process: express-rate-limit without `store`, `@nestjs/throttler` without `storage`, `RateLimiterMemory`.',
    why: 'Each replica counts for itself, so a client gets the limit once per replica, and every restart sets the counts to zero. A limit on logins then stops nobody.',
    how: 'Give the limiter a store that all replicas share, such as Redis, or limit at the ingress or gateway.',
    bad: 'app.use(rateLimit({ windowMs: 60_000, limit: 10 }));',
    good: 'app.use(rateLimit({ windowMs: 60_000, limit: 10, store: new RedisStore({ sendCommand }) }));',
    references: ['https://12factor.net/processes', 'https://express-rate-limit.mintlify.app/reference/stores'],
  },
  messages: {
    scaled: {
      text: '{library} counts requests in the memory of one process, and {scaled}.',
      consequence: 'A client gets the limit once per replica, so limits on logins or signups grow with every copy.',
      next: 'Give the limiter a shared store such as Redis, or limit at the ingress.',
    },
    one: {
      text: '{library} counts requests in the memory of one process.',
      consequence: 'Every restart sets the counts to zero, and each further replica multiplies the limit.',
      next: 'Give the limiter a shared store such as Redis before you scale, or limit at the ingress.',
    },
  },
  checkService(service, report) {
    const [first, ...others] = service.code.all('rate-limit').filter((fact) => isLocal(service, fact));
    if (!first) return;
    const related = others.map(({ place }) => ({ place, message: 'another limiter that counts in memory' }));
    report({
      message: service.copies.count === 'many' ? 'scaled' : 'one',
      data: { library: first.value.library, scaled: copiesText(service) },
      place: first.place,
      related: [...otherPlaces(first.place, related), ...service.copies.evidence],
      level: levelByCopies(service, 'warning'),
      subject: first.value.library,
    });
  },
});
