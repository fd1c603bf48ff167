/** Ports of a container as manifests name them. */
import type { Container, Probe, Setting } from '../facts.ts';

/** The number behind a port that is given as a number or by the name of a container port. */
export function portNumber(port: Setting<number | string> | undefined, container: Container): number | undefined {
  if (!port?.known) return undefined;
  if (typeof port.value === 'number') return port.value;
  if (/^\d+$/.test(port.value)) return Number(port.value);
  const named = container.ports.find(({ name }) => name === port.value);
  return named?.number.known ? named.number.value : undefined;
}

/** The ports that a container declares; `undefined` when one of them is not known. */
export function declaredPorts(container: Container): readonly number[] | undefined {
  const numbers = container.ports.map(({ number }) => (number.known ? number.value : undefined));
  return numbers.includes(undefined) ? undefined : (numbers as number[]);
}

const address = /^https?:\/\/([\w.-]{1,100})(?::(\d{1,5}))?(?:[/?]|$)/i;

/** A health check that asks the container itself by the name that the network gives it: where, as far as its words tell. */
function askedByName(probe: Probe, names: readonly string[]): number | undefined {
  for (const word of probe.command ?? []) {
    const [, host, port] = address.exec(word) ?? [];
    if (host && names.includes(host)) return port ? Number(port) : word.startsWith('https') ? 443 : 80;
  }
  return undefined;
}

/** The port that a container's own health check asks; `names`: what the network calls the container. */
export function healthcheckPort(container: Container, names: readonly string[]): number | undefined {
  const { healthcheck } = container;
  if (!healthcheck || healthcheck.disabled) return undefined;
  return healthcheck.type === 'exec' ? askedByName(healthcheck, names) : portNumber(healthcheck.port, container);
}
