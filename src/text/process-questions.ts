import type { Platform } from '../facts.ts';
import type { Deployment, Place, Process, ProcessStep, Related, Service } from '../types.ts';
import { maskCommand } from './secret-shapes.ts';

/** A process that is started in production, with what starts it. */
export interface RunProcess {
  readonly process: Process;
  /** Process 1 is an init, or something of the platform. */
  readonly init: boolean;
  /** The platform whose command it is; `image` when the image itself says what runs, `host` for a unit of systemd. */
  readonly by: Platform | 'image' | 'host';
  readonly where: string;
  readonly place: Place;
}

const isProduction = (purpose: string): boolean => purpose !== 'development' && purpose !== 'test';

/** The manifest gives a command of its own, or there is no image that could. */
const overridesCommand = ({ container, image }: Deployment): boolean =>
  container.command !== undefined || container.args !== undefined || image === undefined;

const starterOf = (deployment: Deployment): RunProcess['by'] => {
  if (deployment.workload.value.kind.startsWith('systemd ')) return 'host';
  return overridesCommand(deployment) ? deployment.platform : 'image';
};

/** A platform runs a line of its file, and what it builds without an image, under a process of its own. */
const isLaunched = ({ platform, container, workload }: Deployment): boolean =>
  workload.value.build?.native === true || (platform === 'other' && container.shell === true);

/** Tests may well try the image that is released; a stage of their own is theirs alone. */
const isOwnPurpose = ({ purpose, workload }: Deployment): boolean => purpose !== 'test' || workload.value.build?.target !== undefined;

/**
 * The processes of a service in production: of its deployments, and of its images.
 * An image that only development starts is not one; an image that nothing deploys is.
 */
export function runProcesses(service: Service): RunProcess[] {
  const production = service.deployments.filter(
    ({ purpose, workload, image }) =>
      isProduction(purpose) && isProduction(image?.fact.value.purpose ?? 'unknown') && workload.value.longRunning,
  );
  const deployed = production.map((deployment) => ({
    process: deployment.process,
    init: deployment.container.init === true || isLaunched(deployment),
    by: starterOf(deployment),
    where: `\`${deployment.workload.value.name}\``,
    place: deployment.process.steps[0]?.place ?? deployment.container.namePlace,
  }));
  // Where only development starts something, an image that it does not name may still be what it runs.
  const others = production.length > 0 ? production.filter(({ image }) => image) : service.deployments.filter(isOwnPurpose);
  const images = service.images.filter(
    ({ fact }) => isProduction(fact.value.purpose) && !others.some(({ image }) => image === undefined || image.fact === fact),
  );
  const built = images.map((image) => ({
    process: image.process,
    init: false,
    by: 'image' as const,
    where: 'the image',
    place: image.process.steps[0]?.place ?? image.stage.place,
  }));
  return [...deployed, ...built].filter(({ process }) => process.steps.length > 0);
}

/** The command of a step as its program's name: `node` of `/usr/local/bin/node`. */
export const programOf = ({ words }: ProcessStep): string => (words[0] ?? '').split('/').at(-1) ?? '';

const proxies = /^(?:nginx|openresty|caddy|haproxy|envoy|traefik|httpd(?:-foreground)?|apache2(?:ctl|-foreground)?|apachectl|lighttpd)$/;
/** `service nginx start && gunicorn …`, or both under a manager: what comes from outside reaches the proxy, which hands it on. */
export const hasProxyBeside = ({ steps }: Process): boolean =>
  steps.some((step) => {
    const name = programOf(step);
    return (name === 'service' || name === 'systemctl' ? step.words.slice(1, 3) : [name]).some((word) => proxies.test(word));
  });

/** `websockify 6080 localhost:5900 &`, before the program that is judged: that port is another's. */
export const isPortOfOther = ({ steps }: Process, port: number): boolean =>
  steps.some(({ background, words }) => background === true && words.some((word) => word.split(/[:=]/).at(-1) === String(port)));

/** The words of a step, shortened for a message. */
export const commandText = ({ words }: ProcessStep): string => {
  const text = maskCommand(words.join(' ').replace(/\s+/g, ' '));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** Steps around one, as related places: how it comes to run. */
export const chainTo = (process: Process, step: ProcessStep): Related[] =>
  process.steps
    .slice(0, process.steps.indexOf(step))
    .filter((other) => !other.ends && (other.place.path !== step.place.path || other.place.line !== step.place.line))
    .map((other) => ({ place: other.place, message: `\`${commandText(other)}\` starts it` }));

/** One of each place: deployments often share an image's command. */
export function onePerPlace<T extends { readonly step: ProcessStep }>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter(({ step }) => {
    const key = `${step.place.path}:${step.place.line}:${commandText(step)}`;
    return !seen.has(key) && seen.add(key);
  });
}
