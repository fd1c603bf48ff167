import { defineRule } from '../../src/types.ts';

const most = 20;

export default defineRule({
  summary: 'one transaction spans several resources',
  factors: [4],
  level: 'warning',
  effort: 7,
  docs: {
    what: 'A transaction manager for several resources (JTA with XA, Atomikos, Narayana, Seata) is used, or resources take part as XA.',
    why: 'The manager keeps its log on the disk of one copy and locks rows until all resources have answered. When that copy is removed, transactions stay in doubt and block others.',
    how: 'Keep each transaction in one database. Join several by messages: an outbox table, idempotent consumers, a saga with compensations.',
    bad: 'XADataSource orders, XAConnectionFactory queue in one @Transactional method',
    good: 'write the order and an outbox row in one transaction; a relay publishes the row',
    references: ['https://microservices.io/patterns/data/transactional-outbox.html', 'https://microservices.io/patterns/data/saga.html'],
  },
  messages: {
    found: {
      text: 'Transactions span several resources ({library}).',
      consequence: 'A copy that is removed leaves transactions in doubt, and their locks hold up all others.',
      next: 'Keep a transaction in one database and pass on the rest by an outbox and messages.',
    },
  },
  checkService(service, report) {
    const [first, ...others] = service.code.all('distributed-transaction');
    if (!first) return;
    report({
      message: 'found',
      data: { library: first.value.library },
      place: first.place,
      related: others.slice(0, most).map(({ place }) => ({ place, message: 'takes part here' })),
      subject: first.value.library,
    });
  },
});
