import type { Value } from '../../src/facts.ts';
import { defineRule, type Place, type Service } from '../../src/types.ts';

/** The literal that is the only source of a port. */
function fixedPort(port: Value | undefined): { port: number; place: Place } | undefined {
  if (port?.is === 'choice') {
    const options = port.options.map(({ value }) => fixedPort(value));
    return options.every((option) => option !== undefined) ? options[0] : undefined;
  }
  if (port?.is !== 'literal') return undefined;
  const number = Number(port.value);
  return Number.isInteger(number) && number > 0 && number < 65_536 ? { port: number, place: port.place } : undefined;
}

/** The command that starts a server names it: whoever deploys starts it with another one. */
const isOfCommand = (place: Place, { deployments, images }: Service): boolean =>
  [...deployments, ...images].some(({ process }) =>
    process.steps.some((step) => step.place.path === place.path && step.place.line === place.line),
  );

export default defineRule({
  summary: 'a server listens on a port that only code can change',
  factors: [7, 3],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The port that a server listens on is a literal, and no variable or argument can replace it.',
    why: 'Platforms such as Cloud Foundry, Heroku and Cloud Run tell a process its port in `PORT`; two processes on one host need two ports.',
    how: 'Read the port from the environment and keep the literal as the default.',
    bad: 'app.listen(3000);',
    good: 'app.listen(process.env.PORT || 3000);',
    references: ['https://12factor.net/port-binding', 'https://cloud.google.com/run/docs/container-contract#port'],
  },
  messages: {
    fixed: {
      text: 'The server listens on port {port}, a literal that nothing outside of the code can change.',
      consequence: 'A platform that gives the port in `PORT` cannot reach it, and a second process cannot run on the same host.',
      next: 'Read it from the environment, and keep {port} as its default.',
    },
  },
  checkService(service, report) {
    for (const fact of service.code.all('listen')) {
      const fixed = fact.value.purpose === 'metrics' || fact.confidence === 'guess' ? undefined : fixedPort(fact.value.port);
      if (!fixed || fixed.place.path.endsWith('.json') || isOfCommand(fixed.place, service)) continue;
      const isHere = fixed.place.path === fact.place.path && fixed.place.line === fact.place.line;
      report({
        message: 'fixed',
        data: { port: fixed.port },
        place: isHere ? fact.place : fixed.place,
        related: isHere ? [] : [{ place: fact.place, message: 'the server listens here' }],
        subject: `${fact.value.library}:${fixed.port}`,
      });
    }
  },
});
