/** Health routes that the code really serves, and how each platform can ask for them. */
import { declaredPorts } from '../text/container-ports.ts';
import { isHealthPath } from '../text/health-path.ts';
import { mayBeMoved } from '../text/health-questions.ts';
import { baseHasTool } from '../text/image-bases.ts';
import { baseOf } from '../text/image-questions.ts';
import { parseImage } from '../text/image-reference.ts';
import type { Deployment, Fact, Service } from '../types.ts';
import { servedPort } from './manifests.ts';

export interface HealthRoute {
  readonly path: string;
  /** It asks other services, so it says nothing of the process alone. */
  readonly asksOthers: boolean;
}

const isAsked = ({ value: { methods, path, complete, fallback } }: Fact<'route'>): boolean =>
  complete && !fallback && (methods.length === 0 || methods.includes('GET')) && isHealthPath(path) && !/[:*]/.test(path);

/** Liveness of Actuator and MicroProfile Health is about the process alone (Spring Boot reference, "Application Availability"). */
const tellsLiveness = /(?:\/liveness|\/live|\/livez)$/;

/** Health routes of the main server where it is deployed, in the order of the code. */
export function healthRoutes(service: Service, deployment?: Deployment): readonly HealthRoute[] {
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

export const prefer = (routes: readonly HealthRoute[], pattern: RegExp): HealthRoute | undefined =>
  routes.find(({ path }) => pattern.test(path)) ?? routes[0];

/** A command of the image that asks an address; `undefined` when nothing in it is known to do so. */
export function askCommand({ image }: Deployment, url: string): readonly string[] | undefined {
  const base = image && baseOf(image.lineage);
  if (!base?.known) return undefined;
  const { name, tag = '' } = parseImage(base.value);
  if (name === 'node' && Number(/^\d+/.exec(tag)?.[0]) >= 18)
    return ['CMD', 'node', '-e', `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`];
  if (baseHasTool(base.value, 'wget')) return ['CMD', 'wget', '-q', '-O', '/dev/null', url];
  return baseHasTool(base.value, 'curl') ? ['CMD', 'curl', '-fsS', '-o', '/dev/null', url] : undefined;
}

/** The port that is served; `undefined` where only others are published: something else may listen there. */
export function publishedPort(service: Service, deployment: Deployment): number | undefined {
  const port = servedPort(service, deployment);
  const declared = declaredPorts(deployment.container);
  return declared && (declared.length === 0 || (port !== undefined && declared.includes(port))) ? port : undefined;
}
