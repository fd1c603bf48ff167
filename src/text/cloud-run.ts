/** What Cloud Run does without being asked (cloud.google.com/run/docs/container-contract). */
import type { Container } from '../facts.ts';

/** "The default … is 8080": requests go there. */
const usualPort = 8080;

/** Requests go to the container that names a port, else to the first one. */
export function withPort(containers: readonly Container[]): readonly Container[] {
  const [first, ...others] = containers;
  if (!first || containers.some(({ ports }) => ports.length > 0)) return containers;
  const { namePlace: place } = first;
  return [{ ...first, ports: [{ number: { known: true, value: usualPort, place }, place }] }, ...others];
}
