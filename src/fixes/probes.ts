/** Probes from the routes and the port that the code really serves. */

import { declaredPorts } from '../text/container-ports.ts';
import { isHealthPath } from '../text/health-path.ts';
import { mayBeMoved } from '../text/health-questions.ts';
import { baseHasTool } from '../text/image-bases.ts';
import { baseOf } from '../text/image-questions.ts';
import { parseImage } from '../text/image-reference.ts';
import { insertEntry, replaceScalar, scalarAt, type YamlText } from '../text/yaml-edit.ts';
import { flowWords, type YamlData } from '../text/yaml-print.ts';
import type { Deployment, Edit, Fact, Finding, Fix, Service } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, samePlace, serviceOf } from './fix-maker.ts';
import { containersOf, type FoundContainer, servedPort, yamlOf } from './manifests.ts';

const containerKeys = ['name', 'image', 'imagePullPolicy', 'command', 'args', 'workingDir', 'ports'];

interface HealthRoute {
  readonly path: string;
  /** It asks other services, so it says nothing of the process alone. */
  readonly asksOthers: boolean;
}

const isAsked = ({ value: { methods, path, complete, fallback } }: Fact<'route'>): boolean =>
  complete && !fallback && (methods.length === 0 || methods.includes('GET')) && isHealthPath(path) && !/[:*]/.test(path);

/** Liveness of Actuator and MicroProfile Health is about the process alone (Spring Boot reference, "Application Availability"). */
const tellsLiveness = /(?:\/liveness|\/live|\/livez)$/;

/** Health routes of the main server where it is deployed, in the order of the code. */
function healthRoutes(service: Service, deployment?: Deployment): readonly HealthRoute[] {
  const main = service.code.all('listen').find(({ value }) => value.purpose === 'main')?.value.server;
  const routes = service.code
    .all('route')
    .filter(isAsked)
    .filter(({ value }) => main === undefined || value.server === undefined || value.server === main)
    .map(({ value }) => ({ path: value.path, asksOthers: service.reachedFrom(value.handlers).has('dependency-check') }));
  const helpers = service.code
    .all('health-helper')
    .filter(({ value }) => value.port === undefined && (!deployment || !value.platform || value.platform === deployment.platform))
    .filter((helper) => !mayBeMoved(helper, deployment))
    .flatMap(({ value }) => value.paths.map((path) => ({ path, asksOthers: !tellsLiveness.test(path) })));
  return [...routes, ...helpers];
}

const prefer = (routes: readonly HealthRoute[], pattern: RegExp): HealthRoute | undefined =>
  routes.find(({ path }) => pattern.test(path)) ?? routes[0];

/** What asks the container: the port by its name where it has one. */
function portOf({ service, container }: FoundContainer): number | string | undefined {
  const declared = container.ports.filter(({ protocol }) => protocol?.toUpperCase() !== 'UDP');
  const only = declared.length === 1 && declared[0]!.number.known ? declared[0]!.number.value : undefined;
  const main = service.deployments.find((deployment) => samePlace(deployment.container.namePlace, container.namePlace));
  const port = (main && servedPort(service, main)) ?? only;
  if (port === undefined) return undefined;
  return declared.find(({ number, name }) => name && number.known && number.value === port)?.name ?? port;
}

const httpProbe = (path: string, port: number | string): YamlData => ({ httpGet: { path, port } });

function addProbes(found: readonly FoundContainer[], gap: string): readonly Fix[] {
  const plans = found.map((each) => ({ each, port: portOf(each), routes: healthRoutes(each.service, each.deployment) }));
  if (plans.some(({ port }) => port === undefined)) return [];
  const insert = (make: (plan: (typeof plans)[number]) => Readonly<Record<string, YamlData>> | undefined): readonly (Edit | undefined)[] =>
    plans.map((plan) => {
      const entry = make(plan);
      return entry && insertEntry(plan.each.yaml, plan.each.map, entry, containerKeys);
    });
  const readiness = ({ routes, port }: (typeof plans)[number]) => {
    const route = prefer(routes, /read/i);
    return route && { readinessProbe: httpProbe(route.path, port!) };
  };
  const both = (plan: (typeof plans)[number]) => {
    const ready = readiness(plan);
    const alone = prefer(
      plan.routes.filter(({ asksOthers }) => !asksOthers),
      /live|alive|ping/i,
    );
    return ready && alone && { ...ready, livenessProbe: httpProbe(alone.path, plan.port!) };
  };
  const path = prefer(plans[0]!.routes, /read/i)?.path;
  return [
    ...(path ? makeFix(`Add a readiness probe that asks \`${path}\``, true, insert(readiness)) : []),
    ...(path && gap.includes('liveness') ? makeFix('Add a readiness and a liveness probe', false, insert(both)) : []),
    ...makeFix(
      'Add a readiness probe that opens the port',
      false,
      insert(({ port }) => ({ readinessProbe: { tcpSocket: { port: port! } } })),
    ),
  ].filter(({ title }) => !path || !title.includes('opens'));
}

/** A command of the image that asks an address; `undefined` when nothing in it is known to do so. */
function askCommand({ deployment }: FoundContainer, url: string): readonly string[] | undefined {
  const base = deployment.image && baseOf(deployment.image.lineage);
  if (!base?.known) return undefined;
  const { name, tag = '' } = parseImage(base.value);
  if (name === 'node' && Number(/^\d+/.exec(tag)?.[0]) >= 18)
    return ['CMD', 'node', '-e', `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
  if (baseHasTool(base.value, 'wget')) return ['CMD', 'wget', '-q', '-O', '/dev/null', url];
  return baseHasTool(base.value, 'curl') ? ['CMD', 'curl', '-fsS', '-o', '/dev/null', url] : undefined;
}

/** The port that is served; `undefined` where only others are published: something else may listen there. */
function publishedPort({ service, deployment }: FoundContainer): number | undefined {
  const port = servedPort(service, deployment);
  const declared = declaredPorts(deployment.container);
  return declared && (declared.length === 0 || (port !== undefined && declared.includes(port))) ? port : undefined;
}

function addHealthcheck(found: readonly FoundContainer[]): readonly Fix[] {
  const edits = found.map((each) => {
    const port = publishedPort(each);
    const route = healthRoutes(each.service, each.deployment)[0];
    const test = port === undefined || !route ? undefined : askCommand(each, `http://127.0.0.1:${port}${route.path}`);
    if (!test) return undefined;
    const healthcheck = { test: inLine(each.yaml, test), interval: '30s', timeout: '3s', start_period: '10s', retries: 3 };
    return insertEntry(each.yaml, each.map, { healthcheck }, ['image', 'build', 'command', 'ports', 'expose']);
  });
  const isSure = found.every(
    ({ deployment, service }) => deployment.process.known && (deployment.workload.value.build || !service.images[1]),
  );
  return makeFix('Add a health check that asks the route that the service has', isSure, edits);
}

/** Words in one line, unless the file writes its commands below each other. */
const inLine = ({ text }: YamlText, words: readonly string[]): YamlData =>
  /^\s*(?:test|command|entrypoint):\s*\r?\n\s*- /m.test(text) ? words : flowWords(words);

export const probeMissing: FixMaker = {
  rule: 'probe-missing',
  offers: [
    { what: 'add a readiness probe (Kubernetes) or a `healthcheck` (Compose) that asks the health route that the code serves', safe: true },
    { what: 'add a liveness probe on a route that asks no other service', safe: false },
    { what: 'where no health route is known, add a readiness probe that opens the port', safe: false },
  ],
  make(finding, context) {
    const found = finding.messageId === 'worker' ? undefined : containersOf(finding, context);
    if (!found) return [];
    return finding.messageId === 'compose' ? addHealthcheck(found) : addProbes(found, String(finding.data['gap'] ?? ''));
  },
};

/** The one health route that a wrong path can have meant. */
function meantRoute(finding: Finding, context: FixContext): string | undefined {
  const service = serviceOf(finding, context);
  const routes = service ? [...new Set(healthRoutes(service).map(({ path }) => path))] : [];
  const asked = String(finding.data['path'] ?? '');
  const stem = (path: string): string =>
    path
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .replace(/z$/, '');
  const alike = routes.filter((path) => stem(path).endsWith(stem(asked)) && stem(asked) !== '');
  return routes.length === 1 ? routes[0] : alike.length === 1 ? alike[0] : undefined;
}

export const probeRouteMissing: FixMaker = {
  rule: 'probe-route-missing',
  offers: [{ what: 'ask the only health route that the service has', safe: true }],
  make(finding, context) {
    const path = finding.messageId === 'missing' ? meantRoute(finding, context) : undefined;
    const yaml = path && yamlOf(context, finding.place.path);
    if (!path || !yaml) return [];
    const asked = String(finding.data['path']);
    const scalar = scalarAt(yaml, finding.place);
    if (scalar && String(scalar.value) === asked) return makeFix(`Ask \`${path}\``, true, [replaceScalar(yaml, scalar, path)]);
    return [];
  },
};
