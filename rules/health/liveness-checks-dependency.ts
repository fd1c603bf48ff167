import type { Container, Platform } from '../../src/facts.ts';
import { routeAnswers } from '../../src/text/route-match.ts';
import { defineRule, type Fact, type Place, type Service } from '../../src/types.ts';

interface Dependency {
  readonly place: Place;
  readonly on: string;
}
const isProduction = (purpose: string): boolean => purpose === 'production' || purpose === 'unknown';
/** Asks this process itself: no dependency. */
const own = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[?::1\]?)(?:[:/]|$)/i;

/** One check for both also takes the copy out of the balancer: its platform asks for one that tells whether the copy can work. */
const isReadinessToo = ({ liveness, readiness }: Container, platform: Platform): boolean =>
  platform === 'other' && liveness?.place.line === readiness?.place.line && liveness?.place.path === readiness?.place.path;

/** The path of an HTTP probe whose failure restarts the copy. */
const livenessPath = ({ liveness }: Container): string | undefined =>
  liveness?.type === 'http' && liveness.path?.known ? (liveness.path.value.split(/[?#]/)[0] ?? '') : undefined;

function routesFor(service: Service, path: string): readonly Fact<'route'>[] {
  const routes = service.code.all('route').filter(({ value }) => value.methods.length === 0 || value.methods.includes('GET'));
  const exact = routes.filter(({ value }) => value.complete && !value.fallback && routeAnswers(value.path, path));
  const literal = exact.filter(({ value }) => !value.path.includes(':'));
  return literal.length > 0 ? literal : exact;
}

/** What the handlers of a route ask of others. */
function dependenciesOf(service: Service, route: Fact<'route'>): readonly Dependency[] {
  if (route.value.handlers.length === 0) return [];
  const reached = service.reachedFrom(route.value.handlers);
  const checks = reached.all('dependency-check').map(({ place, value }) => ({ place, on: value.on }));
  const calls = reached.all('outgoing-call').flatMap(({ place, value }) => {
    const targets = service.literals(value.target).values.map((target) => String(target.value));
    return targets.some((target) => own.test(target)) ? [] : [{ place, on: 'another service' }];
  });
  return [...checks, ...calls];
}

export default defineRule({
  summary: 'a liveness probe fails when a dependency does',
  factors: [9, 4],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The route that a Kubernetes liveness probe asks queries a database, a cache or another service.',
    why: 'When that dependency is slow or away, all copies fail the probe at once and are restarted, which mends nothing and adds the load of starting to the outage.',
    how: 'Let liveness tell only whether the process itself works. Check dependencies in the readiness route, if at all.',
    bad: "app.get('/live', async (req, res) => { await pool.query('select 1'); res.send('ok'); });",
    good: "app.get('/live', (req, res) => res.send('ok'));\napp.get('/ready', async (req, res) => { await pool.query('select 1'); res.send('ok'); });",
    references: [
      'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#liveness-probe',
      'https://srcco.de/posts/kubernetes-liveness-probes-are-dangerous.html',
    ],
  },
  messages: {
    checks: {
      text: 'The liveness probe asks `{path}`, and its handler waits for {on}.',
      consequence: 'When {on} is slow or away, every copy is restarted at once, although restarting mends nothing.',
      next: 'Answer `{path}` without asking anybody; check dependencies in the readiness route.',
    },
  },
  checkService(service, report) {
    const reported = new Set<string>();
    for (const { container, purpose, platform } of service.deployments) {
      const path = isProduction(purpose) && !isReadinessToo(container, platform) ? livenessPath(container) : undefined;
      if (path === undefined || reported.has(path)) continue;
      for (const route of routesFor(service, path)) {
        const [first, ...others] = dependenciesOf(service, route);
        if (!first || reported.has(path)) continue;
        reported.add(path);
        report({
          message: 'checks',
          data: { path, on: first.on },
          place: route.place,
          related: [
            { place: container.liveness!.path!.place, message: 'the liveness probe asks here' },
            ...[first, ...others].slice(0, 3).map(({ place, on }) => ({ place, message: `it asks ${on} here` })),
          ],
          subject: `${path}:${first.on}`,
        });
      }
    }
  },
});
