import type { Setting } from '../../src/facts.ts';
import { runsAsFunctions } from '../../src/text/function-questions.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import type { Fact, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** The signal that every production deployment sends, where they agree on another one than SIGTERM. */
function otherStopSignal(service: Service): Extract<Setting<string>, { known: true }> | undefined {
  const production = service.deployments.filter((deployment) => isProduction(deployment) && deployment.workload.value.longRunning);
  const signals = production.map(({ workload, image }) => workload.value.stopSignal ?? image?.stage.stopSignal);
  const [first] = signals;
  if (!first?.known || first.value === 'SIGTERM') return undefined;
  return signals.every((signal) => signal?.known && signal.value === first.value) ? first : undefined;
}

/** Helpers and frameworks listen to the usual signals; what code registers itself is taken by its word. */
const handles = ({ value: { library, signals } }: Fact<'shutdown-handler'>, signal: string): boolean =>
  signals.includes(signal) || (library !== 'process' && signal === 'SIGINT');

const exitMessage = ({ value, place }: Fact<'shutdown-handler'>): string =>
  value.library === 'Spring Boot' ? 'spring' : place.path.endsWith('.go') ? 'exitsInGo' : 'exits';

const missingMessage = (path: string): string => {
  if (path.endsWith('.go')) return 'missingInGo';
  return /\.(?:java|kts?|gradle|xml)$/.test(path) ? 'missingInJava' : 'missing';
};

export default defineRule({
  summary: 'the server does not stop gracefully',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A server that never handles SIGTERM (or the signal that its platform sends instead: Fly sends SIGINT unless told otherwise), or whose handler exits without closing it.',
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
    missingOfMessages: {
      text: 'The program answers messages of {broker}, and nothing in the code handles SIGTERM.',
      consequence: 'Every deploy, scale-in and node drain breaks off the messages that this replica is working on.',
      next: 'Call `app.enableShutdownHooks()`, and let work end in `beforeApplicationShutdown`.',
    },
    missingInGo: {
      text: 'The server listens, and nothing in the code handles SIGTERM.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Wait for SIGTERM with `signal.NotifyContext`, then call `Shutdown` of the server (`GracefulStop` for gRPC).',
    },
    missingInJava: {
      text: 'The server listens, and nothing in the code handles SIGTERM.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Stop the server in a hook of `Runtime.addShutdownHook`, with a stop timeout of its Jetty.',
    },
    exits: {
      text: 'The SIGTERM handler exits without closing the server.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Call `server.close()` in the handler and exit in its callback.',
    },
    exitsInGo: {
      text: 'The program waits for SIGTERM and ends without closing the server.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'After the signal call `Shutdown` of the server (`GracefulStop` for gRPC), then return.',
    },
    spring: {
      text: 'Spring Boot stops at once on SIGTERM instead of waiting for the requests that it is answering.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Set `server.shutdown=graceful` (Spring Boot 2.3 and later), or move to Spring Boot 3.4, where it is the default.',
    },
    notSent: {
      text: 'The platform stops it with {signal}, and the code handles only {signals}.',
      consequence: 'The handler never runs: every deploy and scale-in cuts off the requests that this replica is answering.',
      next: 'Let the platform send SIGTERM (`kill_signal` in fly.toml, STOPSIGNAL in a Dockerfile), or handle {signal} too.',
    },
    otherSignal: {
      text: 'The code handles {signals}, but not SIGTERM, which platforms send.',
      consequence: 'Every deploy, scale-in and node drain cuts off the requests that this replica is answering.',
      next: 'Register the same handler for SIGTERM.',
    },
  },
  checkService(service, report, repository) {
    if (runsAsFunctions(service, repository)) return;
    const listen = service.code.all('listen').find(({ value }) => value.purpose !== 'metrics');
    const [consumer] = service.code.all('message-server');
    const server = listen ?? consumer;
    if (!service.codeRead || !server) return;
    const sent = otherStopSignal(service);
    const signal = sent?.value ?? 'SIGTERM';
    const all = service.code.all('shutdown-handler');
    const handlers = all.filter((handler) => handles(handler, signal));
    const related = listen ? [{ place: listen.place, message: 'the server listens here' }] : [];
    if (handlers.length > 0) {
      if (handlers.every(({ value }) => value.closes === false))
        report({
          message: exitMessage(handlers[0]!),
          place: handlers[0]!.place,
          related,
          subject: 'exits',
        });
      return;
    }
    const [other] = all;
    if (other && sent)
      report({
        message: 'notSent',
        data: { signal, signals: other.value.signals.join(', ') },
        place: sent.place,
        related: [{ place: other.place, message: 'the handler is registered here' }, ...related],
        subject: 'not-sent',
      });
    else if (other)
      report({
        message: 'otherSignal',
        data: { signals: other.value.signals.join(', ') },
        place: other.place,
        related,
        subject: 'other-signal',
      });
    else if (!listen && consumer)
      report({ message: 'missingOfMessages', data: { broker: consumer.value.broker }, place: consumer.place, subject: 'missing' });
    else report({ message: missingMessage(server.place.path), place: server.place, subject: 'missing' });
  },
});
