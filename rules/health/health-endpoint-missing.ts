import { runsAsFunctions } from '../../src/text/function-questions.ts';
import { isHealthPath } from '../../src/text/health-path.ts';
import { routeAnswers } from '../../src/text/route-match.ts';
import { defineRule, type Repository, type Service } from '../../src/types.ts';

/** Node's own servers have no routes: how their handler tells requests apart was read only where some were found. */
const bare = new Set(['http', 'https', 'http2', 'net', 'tls']);

/** Below such a path a health route can hide: `/`, `/api`, `/api/v1`; hardly below `/auth`. */
const mayHoldHealth = (path: string): boolean => path.split('/').every((part) => /^(?:|\*|:.*|api|rest|internal|v\d+)$/i.test(part));

/** Something answers health requests, or could: a router that was mounted but not read. */
function answersHealth({ code }: Service): boolean {
  if (code.has('health-helper')) return true;
  return code
    .all('route')
    .some(({ value: { path, fallback, complete } }) => isHealthPath(path) || (fallback && !complete && mayHoldHealth(path)));
}

/** A probe of Kubernetes asks for one of its routes by name: whatever it is called, it is there for that. */
function isProbed({ code, deployments }: Service): boolean {
  const pods = deployments.filter(({ platform }) => platform === 'kubernetes');
  const probes = pods.flatMap(({ container: { readiness, liveness, startup } }) => [readiness, liveness, startup]);
  const paths = probes.flatMap((probe) => (probe?.type === 'http' && probe.path?.known ? [probe.path.value.split(/[?#]/)[0] ?? ''] : []));
  const named = paths.filter((path) => path.replaceAll('/', '') !== '');
  return (
    named.length > 0 && code.all('route').some(({ value }) => !value.fallback && named.some((path) => answersByName(value.path, path)))
  );
}
const answersByName = (route: string, path: string): boolean => !/[:*]/.test(route) && routeAnswers(route, path);

/** Deployed for developers alone, in a repository that deploys other programs of its own for its users. */
function isForDevelopers({ deployments }: Service, { services, facts }: Repository): boolean {
  const isOnly = deployments.length > 0 && deployments.every(({ purpose }) => purpose === 'development' || purpose === 'test');
  const isReleased = (other: Service): boolean => other.codeRead && other.deployments.some(({ purpose }) => purpose === 'production');
  if (!isOnly || !services.some(isReleased)) return false;
  // A release may run it from an image whose name is not known: `django` of `compose.prod.yml`.
  const names = new Set(deployments.map(({ workload }) => workload.value.name));
  return !facts.all('workload').some(({ value }) => value.purpose === 'production' && names.has(value.name));
}

/** The server is there for metrics alone: who collects them sees that it answers. */
function givesMetricsOnly({ code }: Service): boolean {
  const routes = code.all('route').filter(({ value }) => !value.fallback);
  return routes.length > 0 && routes.every(({ value: { path } }) => /(?:^|\/)(?:metrics|prometheus)\/?$/.test(path));
}

export default defineRule({
  summary: 'an HTTP service has no health route',
  factors: [9, 14],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'The service accepts HTTP requests, and none of its routes is there to tell whether it works: no `/healthz`, `/ready`, `/ping` or helper such as terminus. The home page or an SPA fallback does not count.',
    why: 'A platform that cannot ask keeps sending requests to a copy that hangs, and sends them to a new one before it is ready.',
    how: 'Add a cheap route that answers 200 while the process can work (liveness), and one that answers 503 while it should get no requests (readiness).',
    bad: "app.get('/', page);\napp.listen(port);",
    good: "app.get('/healthz', (req, res) => res.sendStatus(200));\napp.get('/', page);\napp.listen(port);",
    references: [
      'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
      'https://12factor.net/disposability',
    ],
  },
  messages: {
    missing: {
      text: 'No route of the {library} server tells whether it works.',
      consequence: 'The platform cannot tell a copy that hangs or is not ready yet from one that works.',
      next: 'Add a cheap `GET /healthz` and point the readiness and liveness probes at it.',
    },
  },
  checkService(service, report, repository) {
    if (runsAsFunctions(service, repository)) return;
    const [server] = service.code.all('http-server');
    if (!server || !service.codeRead || service.kind !== 'http' || answersHealth(service)) return;
    if (isProbed(service) || givesMetricsOnly(service) || isForDevelopers(service, repository)) return;
    if (service.code.all('http-server').every(({ value }) => bare.has(value.library)) && !service.code.has('route')) return;
    const listens = service.code.all('listen').filter(({ value }) => value.purpose !== 'metrics');
    const listen =
      listens.find(({ value }) => value.library === server.value.library) ??
      listens.find(({ value }) => value.purpose === 'main') ??
      listens[0];
    report({
      message: 'missing',
      data: { library: server.value.library },
      place: listen?.place ?? server.place,
      confidence: listen ? 'certain' : 'likely',
      subject: 'health-endpoint',
    });
  },
});
