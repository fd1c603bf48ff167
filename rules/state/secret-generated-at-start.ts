import { copiesText, levelByCopies } from '../../src/text/copies-questions.ts';
import { defineRule } from '../../src/types.ts';

/** Its name says that something else is taken where it is given. */
const isFallback = (name: string): boolean => /fallback|default/i.test(name);

export default defineRule({
  summary: 'a signing secret is made anew by every process',
  factors: [3, 6],
  level: 'error',
  effort: 1,
  docs: {
    what: 'The secret that signs sessions, tokens or cookies is random and made when the process starts, or is the fallback when a variable is not set.',
    why: 'Each replica signs with its own secret and rejects what the others have signed; every restart makes all sessions and tokens invalid.',
    how: 'Give all replicas the same secret from the environment or a secret manager, and stop the start when it is missing.',
    bad: "app.use(session({ secret: crypto.randomBytes(32).toString('hex') }));",
    good: 'app.use(session({ secret: process.env.SESSION_SECRET }));',
    references: ['https://12factor.net/config', 'https://kubernetes.io/docs/concepts/configuration/secret/'],
  },
  messages: {
    scaled: {
      text: '`{name}` is made at random when the process starts, and {scaled}.',
      consequence: 'Tokens and sessions that one replica signs are rejected by the others.',
      next: 'Give all replicas the same secret from the environment.',
    },
    one: {
      text: '`{name}` is made at random when the process starts.',
      consequence: 'Every restart makes all tokens and sessions invalid, and a second replica would reject those of the first.',
      next: 'Give all replicas the same secret from the environment.',
    },
    fallback: {
      text: '`{name}` is made at random when `{env}` is not set.',
      consequence: 'Without the variable each replica signs with its own secret and rejects what the others signed.',
      next: 'Set `{env}` for all replicas, and stop the start when it is missing.',
    },
  },
  checkService(service, report) {
    for (const fact of service.code.all('secret')) {
      const { origin, what, env } = fact.value;
      if (origin !== 'generated') continue;
      const many = service.copies.count === 'many';
      report({
        message: env ? 'fallback' : many ? 'scaled' : 'one',
        data: { name: what, env: env ?? '', scaled: copiesText(service) },
        place: fact.place,
        related: service.copies.evidence,
        level: levelByCopies(service, env || isFallback(what) ? 'warning' : 'error'),
        subject: what,
      });
    }
  },
});
