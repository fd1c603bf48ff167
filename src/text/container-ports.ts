/** Ports of a container as manifests name them. */
import type { Container, Setting } from '../facts.ts';

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
