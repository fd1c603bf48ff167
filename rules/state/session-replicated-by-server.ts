import { copiesText } from '../../src/text/copies-questions.ts';
import type { Fact, Related } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const most = 30;

/** Descriptors of one folder tell of one choice; several servers' descriptors beside each other too. */
const describe = ({ value: { server, how } }: Fact<'session-replication'>): string => `${server} copies sessions here: ${how}`;

export default defineRule({
  summary: 'the application server replicates sessions between its members',
  factors: [6],
  level: 'error',
  effort: 5,
  docs: {
    what: 'A descriptor or server configuration asks the application server to copy sessions to other members: `<distributable/>`, Tomcat `<Cluster>`, `DeltaManager` and `BackupManager`, replication of JBoss, WebLogic, WebSphere and JEUS. Configuration in comments does not count.',
    why: 'Members have to know and reach each other, each holds the sessions of others, and every new copy adds traffic to all. An autoscaler that adds and removes copies keeps the cluster busy, and a fast scale-in loses sessions.',
    how: 'Keep sessions in a store of their own (Redis, a database) with Spring Session or the like, or keep the state in a signed cookie or token. Then remove the replication.',
    bad: '<web-app><distributable/></web-app>',
    good: 'spring.session.store-type=redis',
    references: [
      'https://12factor.net/processes',
      'https://docs.spring.io/spring-session/reference/',
      'https://tomcat.apache.org/tomcat-10.1-doc/cluster-howto.html',
    ],
  },
  messages: {
    scaled: {
      text: '{server} replicates sessions between copies ({how}), and {scaled}.',
      consequence: 'Each copy holds the sessions of others: adding copies adds traffic, and removing several at once loses sessions.',
      next: 'Keep sessions in a shared store such as Redis with Spring Session, then remove the replication.',
    },
    one: {
      text: '{server} replicates sessions between copies: {how}.',
      consequence: 'Copies must know each other and share memory, so they cannot be added and removed freely.',
      next: 'Keep sessions in a shared store such as Redis with Spring Session, then remove the replication.',
    },
  },
  checkService(service, report) {
    const [first, ...others] = service.code.all('session-replication');
    if (!first) return;
    const many = service.copies.count === 'many';
    report({
      message: many ? 'scaled' : 'one',
      data: { server: capital(first.value.server), how: first.value.how, scaled: copiesText(service) },
      place: first.place,
      related: [
        ...others.slice(0, most).map((fact): Related => ({ place: fact.place, message: describe(fact) })),
        ...service.copies.evidence,
      ],
      subject: first.value.server,
    });
  },
  checkRepository(repository, report) {
    const judged = new Set(repository.services.flatMap(({ code }) => code.all('session-replication')).map(({ place }) => place));
    for (const fact of repository.facts.all('session-replication')) {
      if (judged.has(fact.place) || repository.roleOf(fact.place.path) !== 'production') continue;
      const { server, how } = fact.value;
      report({
        message: 'one',
        data: { server: capital(server), how },
        place: fact.place,
        confidence: 'likely',
        subject: `${server}:${fact.place.path}`,
      });
    }
  },
});

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
