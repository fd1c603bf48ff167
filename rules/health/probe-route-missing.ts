import type { Container, Probe } from '../../src/facts.ts';
import { declaredPorts, healthcheckPort, portNumber } from '../../src/text/container-ports.ts';
import {
  type AskedHealth,
  type Helper,
  mayAnswer as helperAnswers,
  isMeant,
  isSettled,
  mayListenThere,
  portsOf,
} from '../../src/text/health-questions.ts';
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
const probesOf = ({ readiness, liveness, startup }: Container): readonly Probe[] =>
  [readiness, liveness, startup].filter((probe) => probe !== undefined);
const givesPort: ReadonlySet<Deployment['platform']> = new Set(['cloud-run', 'other']);
/** Platforms that give a port to the program and ask that one. */
const asksItsOwnPort = ({ platform, container }: Deployment): boolean =>
  platform === 'cloud-foundry' ||
  (givesPort.has(platform) && probesOf(container).length > 0 && probesOf(container).every(({ port }) => port === undefined));
/** Readiness and liveness of an app are often one check. Its default, `/`, may be a file that no route names. */
const askedByPlatform = ({ container: { readiness, liveness, startup } }: Deployment): readonly Asked[] =>
  [
    ...askedBy(readiness, readiness === startup ? 'startup probe' : 'health check'),
    ...(liveness === readiness ? [] : askedBy(liveness, 'liveness probe')),
    ...(startup === readiness ? [] : askedBy(startup, 'startup probe')),
  ].flatMap((asked) => (asked.path === '/' ? [] : [{ ...asked, isPlatformPort: true }]));
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
function missingRoutes(service: Service, asked: Asked, listens: readonly Fact<'listen'>[]): readonly Route[] | undefined {
  const servers = listens.flatMap(({ value }) => (value.server ? [value.server] : []));
  const routes = service.code
    .all('route')
    .filter(({ value }) => value.server === undefined || servers.length === 0 || servers.includes(value.server));
  return routes.some((route) => mayAnswer(route, asked.path)) ? undefined : routes;
}

type Judged = Pick<Report, 'message' | 'data' | 'related'>;

function judgeRoutes(routes: readonly Route[], asked: Asked): Judged | undefined {
  const [shown] = nearest(routes, asked.path);
  if (!shown) return undefined;
  const isNear = isAlike(shown.value.path, asked.path);
  const nearestPath = isNear ? ` (\`${shown.value.path}\`)` : '';
  return {
    message: 'missing',
    data: { probe: asked.name, path: asked.path, library: shown.value.library || 'HTTP', nearest: nearestPath },
    related: [{ place: shown.place, message: isNear ? `\`${shown.value.path}\` is served here` : 'routes are registered here' }],
  };
}

/** The probe means a helper that answers on another port, or other paths. */
function judgeHelper(helper: Helper, asked: AskedHealth, name: string, service: Service): Judged {
  const { library, paths } = helper.value;
  const [port] = portsOf(helper, service)?.ports ?? [];
  const data = { probe: name, path: asked.path, library };
  const related = [{ place: helper.value.port?.place ?? helper.place, message: `${library} answers as this says` }];
  return !mayListenThere(helper, asked, service) && port !== undefined
    ? { message: 'elsewhere', data: { ...data, port }, related }
    : { message: 'unanswered', data: { ...data, answered: paths.find((path) => isAlike(path, asked.path)) ?? paths[0]! }, related };
}

/** What is wrong with one probe; `undefined` where something may answer it. */
function judge(service: Service, asked: Asked, deployment: Deployment | undefined): Judged | undefined {
  const listens = listensAt(service, asked, deployment?.container);
  const health: AskedHealth = { ...asked, isMain: listens.length > 0, ...(deployment ? { deployment } : {}) };
  const helpers = service.code.all('health-helper');
  if (helpers.some((helper) => helperAnswers(helper, health, service))) return undefined;
  const there = (helper: Helper): boolean => mayListenThere(helper, health, service);
  if (listens.length === 0) {
    // Nothing but the helper listens there.
    const only = helpers.find((helper) => there(helper) && helper.value.port && isSettled(helper, health));
    return only && judgeHelper(only, health, asked.name, service);
  }
  const routes = missingRoutes(service, asked, listens);
  const meant =
    routes && (helpers.find((helper) => isMeant(helper, health) && there(helper)) ?? helpers.find((helper) => isMeant(helper, health)));
  if (meant) return judgeHelper(meant, health, asked.name, service);
  return routes && judgeRoutes(routes, asked);
}

export default defineRule({
  summary: 'a probe asks for a path that no route serves',
  factors: [9, 14],
  level: 'error',
  effort: 1,
  docs: {
    what: 'A probe or health check asks the service for a path, and none of the routes of the application on that port answers it. A health library answers as its settings and version say: base path, port of its own, groups, what is exposed.',
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
    elsewhere: {
      text: 'The {probe} asks the main port for `{path}`, and {library} answers it on port {port} only.',
      consequence: 'It gets 404: the copy never becomes ready, or is restarted although it works.',
      next: 'Ask port {port}, or let {library} answer on the main port.',
    },
    unanswered: {
      text: 'The {probe} asks for `{path}`, and {library} is not set up to answer it.',
      consequence: 'It gets 404: the copy never becomes ready, or is restarted although it works.',
      next: 'Switch this path on in the settings of {library}, or ask for one that it answers, such as `{answered}`.',
    },
  },
  checkService(service, report) {
    for (const deployment of service.deployments) {
      const wrong = isProduction(deployment.purpose) ? wrongWebServerPort(deployment) : undefined;
      if (wrong) report({ ...wrong, message: 'port' });
    }
    if (!service.codeRead || !service.code.has('http-server')) return;
    const deployed = service.deployments.filter(({ purpose }) => isProduction(purpose));
    const all: readonly { readonly asked: Asked; readonly deployment?: Deployment }[] = [
      ...deployed.flatMap((deployment) =>
        (asksItsOwnPort(deployment) ? askedByPlatform(deployment) : askedByContainer(deployment)).map((asked) => ({
          asked,
          deployment,
        })),
      ),
      ...service.images.flatMap((image) => askedByImage(image).map((asked) => ({ asked }))),
    ];
    const reported = new Set<string>();
    for (const { asked, deployment } of all) {
      const { path } = asked.probe.place;
      const key = `${path}:${asked.probe.place.line}`;
      const judged = reported.has(key) ? undefined : judge(service, asked, deployment);
      if (!judged) continue;
      reported.add(key);
      report({ ...judged, place: asked.probe.path?.place ?? asked.probe.place, subject: `${asked.name}:${asked.path}` });
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
/** Routes with the most alike first, and folders of files last. */
const nearest = (routes: readonly Route[], asked: string): readonly Route[] => [
  ...routes.filter(({ value }) => isAlike(value.path, asked)),
  ...routes.filter(({ value }) => value.answers !== 'files'),
  ...routes,
];
