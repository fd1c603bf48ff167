/** Questions about copies of a service that several rules on state ask. */
import type { Level, Place, Related, Service } from '../types.ts';

/** State in one process is wrong today where several copies run, and waits for the next restart where one does. */
export const levelByCopies = (service: Service, unknown: Level): Level =>
  service.copies.count === 'many' ? 'error' : service.copies.count === 'one' ? 'warning' : unknown;

/** What says that several copies run, for a message. */
export const copiesText = (service: Service): string => service.copies.evidence[0]?.message ?? 'more than one copy runs';

const isSame = (a: Place, b: Place): boolean => a.path === b.path && a.line === b.line;

/** Other occurrences of the same cause, without the one that is reported and without doubles of a line. */
export function otherPlaces(reported: Place, others: readonly Related[]): readonly Related[] {
  return others.filter(({ place }, index) => !isSame(place, reported) && others.findIndex((other) => isSame(other.place, place)) === index);
}

/** Lines that pin clients to a replica: they hide the fault until that replica goes. */
export function pins(service: Service): readonly Related[] {
  const all = service.deployments.flatMap(({ sticky }) =>
    sticky.map(({ place }): Related => ({ place, message: 'clients are pinned to one replica here' })),
  );
  return all.filter(({ place }, index) => all.findIndex((other) => isSame(other.place, place)) === index);
}
