import type { Fact, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Handlers of the signal that platforms send, in code that runs in production. */
const handlersOf = (service: Service): readonly Fact<'shutdown-handler'>[] =>
  service.code.all('shutdown-handler').filter(({ value }) => value.signals.includes('SIGTERM'));

export default defineRule({
  summary: 'the server does not stop gracefully',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A server that never handles SIGTERM, or whose handler exits without closing it.',
    why: 'Platforms stop a replica with SIGTERM whenever they deploy, scale in or move it. A process without a handler dies in the middle of its requests; as process 1 of a container, Node.js even ignores the signal and is killed after the grace period.',
    how: 'On SIGTERM stop accepting connections (`server.close()`), let running requests end, close the pools, then exit. Nest has `app.enableShutdownHooks()`; for fastify and express there are helpers such as close-with-grace and http-terminator.',
    bad: 'app.listen(3000);',
    good: "const server = app.listen(3000);\nprocess.on('SIGTERM', () => server.close(() => process.exit(0)));",
    references: [
      'https://12factor.net/disposability',
      'https://nodejs.org/api/process.html#signal-events',
      'https://expressjs.com/en/advanced/healthcheck-graceful-shutdown.html',
    ],
  },
  messages: {
    missing: {
      text: 'The server listens, and nothing in the code handles SIGTERM.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'On SIGTERM call `server.close()`, wait for running requests, then exit.',
    },
    exits: {
      text: 'The SIGTERM handler exits without closing the server.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Call `server.close()` in the handler and exit in its callback.',
    },
    spring: {
      text: 'Spring Boot stops at once on SIGTERM instead of waiting for the requests that it is answering.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Set `server.shutdown=graceful` (Spring Boot 2.3 and later), or move to Spring Boot 3.4, where it is the default.',
    },
    otherSignal: {
      text: 'The code handles {signals}, but not SIGTERM, which platforms send.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Register the same handler for SIGTERM.',
    },
  },
  checkService(service, report) {
    const listen = service.code.all('listen').find(({ value }) => value.purpose !== 'metrics');
    if (!service.codeRead || !listen) return;
    const handlers = handlersOf(service);
    const related = [{ place: listen.place, message: 'the server listens here' }];
    if (handlers.length > 0) {
      if (handlers.every(({ value }) => value.closes === false))
        report({
          message: handlers[0]!.value.library === 'Spring Boot' ? 'spring' : 'exits',
          place: handlers[0]!.place,
          related,
          subject: 'exits',
        });
      return;
    }
    const [other] = service.code.all('shutdown-handler');
    if (other)
      report({
        message: 'otherSignal',
        data: { signals: other.value.signals.join(', ') },
        place: other.place,
        related,
        subject: 'other-signal',
      });
    else report({ message: 'missing', place: listen.place, subject: 'missing' });
  },
});
