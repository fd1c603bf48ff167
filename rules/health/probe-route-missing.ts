import type { Container, Probe } from '../../src/facts.ts';
import { declaredPorts, healthcheckPort, portNumber } from '../../src/text/container-ports.ts';
import { routeAnswers, tailAnswers } from '../../src/text/route-match.ts';
import { type Deployment, defineRule, type Fact, type Report, type Service, type ServiceImage } from '../../src/types.ts';

type Route = Fact<'route'>;
interface Asked {
  readonly probe: Probe;
  readonly name: string;
  readonly path: string;
  readonly port?: number;
  readonly isPlatformPort?: boolean;
}
const isProduction = (purpose: string): boolean => purpose === 'production' || purpose === 'unknown';

function askedBy(probe: Probe | undefined, name: string, container?: Container): readonly Asked[] {
  if (probe?.type !== 'http' || !probe.path?.known) return [];
  const port = container ? portNumber(probe.port, container) : probe.port?.known ? Number(probe.port.value) : undefined;
  const path = (probe.path.value.split(/[?#]/)[0] ?? '').replace(/^(?!\/)/, '/');
  return [{ probe, name, path, ...(port === undefined ? {} : { port }) }];
}
/** Platforms that give a port to the program and ask that one. */
const asksItsOwnPort = ({ platform, container }: Deployment): boolean =>
  platform === 'cloud-foundry' || (platform === 'other' && container.readiness !== undefined && container.readiness.port === undefined);
/** Readiness and liveness of an app are one check. Its default, `/`, may be a file that no route names. */
const askedByPlatform = ({ container: { readiness } }: Deployment): readonly Asked[] =>
  askedBy(readiness, 'health check').flatMap((asked) => (asked.path === '/' ? [] : [{ ...asked, isPlatformPort: true }]));
const askedByContainer = ({ container }: Deployment): readonly Asked[] => [
  ...askedBy(container.readiness, 'readiness probe', container),
  ...askedBy(container.liveness, 'liveness probe', container),
  ...askedBy(container.startup, 'startup probe', container),
  ...(container.healthcheck?.disabled ? [] : askedBy(container.healthcheck, 'health check', container)),
];
const askedByImage = ({ stage, fact }: ServiceImage): readonly Asked[] =>
  !isProduction(fact.value.purpose) || stage.healthcheck?.disabled ? [] : askedBy(stage.healthcheck, 'health check of the image');

/** The listens that a port belongs to. Where it cannot be told, none: another program may answer there. */
function listensAt(service: Service, { port, isPlatformPort }: Asked, container?: Container): readonly Fact<'listen'>[] {
  const listens = service.code.all('listen');
  const ports = listens.map(({ value }) => service.literals(value.port));
  const at = listens.filter((_, index) => ports[index]!.values.some(({ value }) => Number(value) === port));
  if (at.length > 0) return at;
  const [only] = listens;
  // Cloud Foundry asks the port that it gives to the program.
  if (isPlatformPort && port === undefined) return listens.length === 1 && only!.value.purpose !== 'metrics' ? [only!] : [];
  const declared = container && declaredPorts(container);
  const isOwn = listens.length === 1 && !ports[0]!.complete && declared?.length === 1 && declared[0] === port;
  return only && isOwn ? [only] : [];
}

const mayAnswer = ({ value: { path, complete, fallback, answers, methods } }: Route, asked: string): boolean => {
  const isAsked = methods.length === 0 || methods.includes('GET') || methods.includes('HEAD');
  if (!isAsked) return false;
  if (fallback && answers === 'files') {
    const last = asked.split('/').at(-1) ?? '';
    return (complete ? routeAnswers(path, asked) : true) && (last === '' || last.includes('.'));
  }
  return complete ? routeAnswers(path, asked) : fallback || tailAnswers(path, asked);
};

/** The routes of the application behind the probe's port, when none of them can answer. */
function missingRoutes(service: Service, asked: Asked, container?: Container): readonly Route[] | undefined {
  const listens = listensAt(service, asked, container);
  if (listens.length === 0) return undefined;
  const servers = listens.flatMap(({ value }) => (value.server ? [value.server] : []));
  const routes = service.code
    .all('route')
    .filter(({ value }) => value.server === undefined || servers.length === 0 || servers.includes(value.server));
  if (routes.length === 0 || routes.some((route) => mayAnswer(route, asked.path))) return undefined;
  const helpers = service.code.all('health-helper');
  return helpers.some(({ value }) => value.paths.length === 0 || value.paths.some((path) => tailAnswers(path, asked.path)))
    ? undefined
    : routes;
}

export default defineRule({
  summary: 'a probe asks for a path that no route serves',
  factors: [9, 14],
  level: 'error',
  effort: 1,
  docs: {
    what: 'A probe or health check asks the service for a path, and none of the routes of the application on that port answers it.',
    why: 'The application answers 404: the copy never becomes ready, or is restarted again and again although it works.',
    how: 'Serve the path, or point the probe at a route that exists. Mind prefixes such as `/api` and base paths.',
    bad: "readinessProbe: { httpGet: { path: /health, port: 3000 } }   # app.get('/healthz', …)",
    good: "readinessProbe: { httpGet: { path: /healthz, port: 3000 } }  # app.get('/healthz', …)",
    references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/'],
  },
  messages: {
    port: {
      text: 'The health check asks port {port}, and the web server in this container listens on {listens}.',
      consequence: 'It always fails: the container never counts as healthy, and what waits for it does not start.',
      next: 'Ask port {listens}.',
    },
    missing: {
      text: 'The {probe} asks for `{path}`, and no route of the {library} application answers it.',
      consequence: 'It gets 404: the copy never becomes ready, or is restarted although it works.',
      next: 'Serve `{path}`, or point the probe at a route that exists{nearest}.',
    },
  },
  checkService(service, report) {
    for (const deployment of service.deployments) {
      const wrong = isProduction(deployment.purpose) ? wrongWebServerPort(deployment) : undefined;
      if (wrong) report({ ...wrong, message: 'port' });
    }
    if (!service.codeRead || !service.code.has('http-server')) return;
    const deployed = service.deployments.filter(({ purpose }) => isProduction(purpose));
    const all: readonly { readonly asked: Asked; readonly container?: Container }[] = [
      ...deployed.flatMap((deployment) =>
        (asksItsOwnPort(deployment) ? askedByPlatform(deployment) : askedByContainer(deployment)).map((asked) => ({
          asked,
          container: deployment.container,
        })),
      ),
      ...service.images.flatMap((image) => askedByImage(image).map((asked) => ({ asked }))),
    ];
    const reported = new Set<string>();
    for (const { asked, container } of all) {
      const { path } = asked.probe.place;
      const key = `${path}:${asked.probe.place.line}`;
      const routes = reported.has(key) ? undefined : missingRoutes(service, asked, container);
      if (!routes) continue;
      reported.add(key);
      const [shown] = nearest(routes, asked.path);
      report({
        message: 'missing',
        data: {
          probe: asked.name,
          path: asked.path,
          library: shown!.value.library || 'HTTP',
          nearest: routes.some(({ value }) => value.path === shown!.value.path && isAlike(value.path, asked.path))
            ? ` (\`${shown!.value.path}\`)`
            : '',
        },
        place: asked.probe.path?.place ?? asked.probe.place,
        related: [
          {
            place: shown!.place,
            message: isAlike(shown!.value.path, asked.path) ? `\`${shown!.value.path}\` is served here` : 'routes are registered here',
          },
        ],
        subject: `${asked.name}:${asked.path}`,
      });
    }
  },
});

/**
 * A container that only serves files with nginx: its ports are those that the image exposes and the manifest publishes.
 * The stock configuration listens on 80 as well, unless the image replaces it.
 */
function wrongWebServerPort({ container, workload, image }: Deployment): Omit<Report, 'message'> | undefined {
  const asked = healthcheckPort(container, [workload.value.name, container.name]);
  const declared = declaredPorts(container);
  if (asked === undefined || !image || !declared || declared.length === 0) return undefined;
  const { stage } = image;
  const isNginx = stage.base.known && /(?:^|\/)(?:nginx|nginx-unprivileged)(?:[:@]|$)/.test(stage.base.value);
  const written = [...stage.copies.map(({ target }) => target), ...stage.runs.map(({ command }) => command)];
  const replaced = written.some((text) => /\/etc\/nginx\/(?:nginx\.conf|conf\.d\/(?:default\.conf|$))/.test(text));
  const exposed = stage.expose.flatMap(({ port }) => (port.known ? [port.value] : []));
  const agreed = exposed.length > 0 && exposed.length === stage.expose.length && declared.every((port) => exposed.includes(port));
  if (!isNginx || !replaced || !agreed || exposed.includes(asked)) return undefined;
  return {
    data: { port: asked, listens: exposed.join(', ') },
    place: container.healthcheck!.place,
    related: [{ place: stage.expose[0]!.place, message: 'the image names its port here' }],
    confidence: 'likely',
    subject: `port:${asked}`,
  };
}

const words = (path: string): readonly string[] => path.toLowerCase().match(/[a-z]+/g) ?? [];
/** Two paths that share a word, or the beginning of one: `/health` and `/healthz`. */
const isAlike = (path: string, asked: string): boolean =>
  words(path).some((word) => words(asked).some((other) => word.length > 2 && (word.startsWith(other) || other.startsWith(word))));
/** Routes with the most alike first. */
const nearest = (routes: readonly Route[], asked: string): readonly Route[] => [
  ...routes.filter(({ value }) => isAlike(value.path, asked)),
  ...routes,
];
