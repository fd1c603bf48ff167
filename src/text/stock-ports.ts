/** Ports on which official images listen as long as nobody configures them. */
import type { Container, Workload } from '../facts.ts';
import { parseImage } from './image-reference.ts';

/** Official images (`docker.io/library`) with the port of their default configuration. */
const ports: Readonly<Record<string, number>> = {
  nginx: 80,
  httpd: 80,
  'nginxinc/nginx-unprivileged': 8080,
  redis: 6379,
  memcached: 11211,
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongo: 27017,
};
/** Where databases, caches and brokers listen by convention. */
const storePorts = new Set([1433, 1521, 3306, 5432, 5672, 6379, 8086, 9042, 9092, 9200, 11211, 27017, 50000]);
export const isStorePort = (port: number): boolean => storePorts.has(port);

const isScratch = (workload: Workload, name: string): boolean =>
  workload.volumes.some((volume) => volume.name === name && (volume.type === 'empty-dir' || volume.type === 'claim'));

/** The port of an image that runs as it was published: no command, no files mounted into it, no variable that names a port. */
export function stockPort(workload: Workload, { image, command, args, mounts, env, envFrom }: Container): number | undefined {
  if (!image?.known || command || args || envFrom.length > 0) return undefined;
  if (workload.initContainers.length > 0 || env.some(({ name }) => /port/i.test(name))) return undefined;
  const { repository } = parseImage(image.value);
  // Files of a web server may lie anywhere; a database keeps its data on a volume, and that changes no port.
  if (!mounts.every(({ volume, path }) => isScratch(workload, volume) && path.known && !/\/etc\/|conf/.test(path.value))) return undefined;
  return Object.hasOwn(ports, repository) ? ports[repository] : undefined;
}
