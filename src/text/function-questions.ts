/** Whether a platform runs a service as functions. */
import type { Repository, Service } from '../types.ts';

/** No image and no workload, and the nearest host above its folder starts it for each request: there is no server to ask, stop or measure. */
export function runsAsFunctions(service: Service, repository: Repository): boolean {
  const { root } = service;
  if (root === undefined || service.images.length > 0 || service.deployments.length > 0) return false;
  return repository.facts
    .all('function-host')
    .some(({ value }) => (value.exact ? value.root === root : value.root === '' || `${root}/`.startsWith(`${value.root}/`)));
}
