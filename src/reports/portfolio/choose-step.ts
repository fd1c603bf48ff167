import type { SharedCause } from '../../portfolio/types.ts';

/** What to do first about a cause: a step that is made for few of its services is no advice for all. */
export function chooseStep({ solutions, services, advice }: SharedCause): SharedCause['solutions'][number] | undefined {
  const [first] = solutions;
  const isForFew = first !== undefined && first.services * 2 < services.length;
  return isForFew && advice !== '' ? { next: advice, services: services.length } : first;
}
