/**
 * Programs that keep their data in their own process or folder, or tell it to somebody who would then have it twice: nobody runs two
 * of them without more.
 */
import type { Container } from '../facts.ts';
import { parseImage } from './image-reference.ts';

const alone = new Set(
  'prometheus alertmanager kube-state-metrics loki tempo all-in-one zipkin mailhog mailpit maildev mailcatcher smtp4dev graphite graphite-statsd sonarqube jenkins nexus3 portainer portainer-ce pgadmin4 uptime-kuma seq'.split(
    ' ',
  ),
);
/** What moves the data out of the process. */
const elsewhere: Readonly<Record<string, RegExp>> = {
  grafana: /^GF_DATABASE_(?:TYPE|URL|HOST)$/,
  zipkin: /^STORAGE_TYPE$/,
  'all-in-one': /^(?:ES|CASSANDRA|KAFKA)_/,
};

/** By its image alone: a name says nothing about where data lies. */
export function isAloneByNature({ image, env }: Container): boolean {
  if (!image?.known) return false;
  const { name } = parseImage(image.value);
  const pattern = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined;
  return (alone.has(name) || pattern !== undefined) && !(pattern && env.some((entry) => pattern.test(entry.name)));
}
