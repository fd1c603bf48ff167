/** Whether a platform runs a service as functions. */
import type { Repository, Service } from '../types.ts';
import { adaptsToFunctions } from './function-adapters.ts';

/**
 * No image and no workload, and the nearest host above its folder, or a library of its own, has it called for each request: there is no
 * server to ask, stop or measure.
 */
export function runsAsFunctions(service: Service, repository: Repository): boolean {
  const { root } = service;
  if (root === undefined || service.images.length > 0 || service.deployments.length > 0) return false;
  if (adaptsToFunctions(service)) return true;
  return repository.facts
    .all('function-host')
    .some(({ value }) => (value.exact ? value.root === root : value.root === '' || `${root}/`.startsWith(`${value.root}/`)));
}
