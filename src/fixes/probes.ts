/** Probes from the routes and the port that the code really serves. */

import { insertEntry, replaceScalar, scalarAt, type YamlText } from '../text/yaml-edit.ts';
import { flowWords, type YamlData } from '../text/yaml-print.ts';
import type { Edit, Finding, Fix } from '../types.ts';
import { type FixContext, type FixMaker, makeFix, samePlace, serviceOf } from './fix-maker.ts';
import { askCommand, healthRoutes, prefer, publishedPort } from './health-routes.ts';
import { containersOf, type FoundContainer, servedPort, yamlOf } from './manifests.ts';
import { addPlatformCheck } from './platform-checks.ts';

const containerKeys = ['name', 'image', 'imagePullPolicy', 'command', 'args', 'workingDir', 'ports'];

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

function addHealthcheck(found: readonly FoundContainer[]): readonly Fix[] {
  const edits = found.map((each) => {
    const port = publishedPort(each.service, each.deployment);
    const route = healthRoutes(each.service, each.deployment)[0];
    const test = port === undefined || !route ? undefined : askCommand(each.deployment, `http://127.0.0.1:${port}${route.path}`);
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
    { what: 'add a check that asks that route (Fly, Nomad, Cloud Foundry, a task definition of ECS)', safe: true },
    { what: 'add a liveness probe on a route that asks no other service', safe: false },
    { what: 'where no health route is known, add a readiness probe that opens the port', safe: false },
  ],
  make(finding, context) {
    const { messageId } = finding;
    if (messageId === 'app' || messageId === 'task' || messageId === 'portOnly') return addPlatformCheck(finding, context);
    const found = messageId === 'worker' ? undefined : containersOf(finding, context);
    if (!found) return [];
    return messageId === 'compose' ? addHealthcheck(found) : addProbes(found, String(finding.data['gap'] ?? ''));
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
