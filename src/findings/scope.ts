/** Which of the results belong to the folders and services that were asked for. */

import type { RawFinding } from '../rules/run-rules.ts';
import { servicesOf } from '../text/finding-questions.ts';
import type { Confidence, Level, NotAssessed, Place, Repository, Service } from '../types.ts';
import { isAsSure, isAtLeast } from './order-findings.ts';

export interface Scope {
  holdsService(service: Service): boolean;
  holdsFinding(finding: RawFinding): boolean;
  holdsNote(note: NotAssessed): boolean;
}
export interface ScopeInput {
  readonly repository: Repository;
  /** Empty: everything. */
  readonly paths: readonly string[];
  /** Names of services; empty: all. */
  readonly services: readonly string[];
  readonly minSeverity: Level;
  readonly minConfidence: Confidence;
}

const isInside = (path: string, folder: string): boolean => folder === '' || path === folder || path.startsWith(`${folder}/`);

export function makeScope({ repository, paths, services, minSeverity, minConfidence }: ScopeInput): Scope {
  const holdsPath = (path: string): boolean => !paths.length || paths.some((folder) => isInside(path, folder));
  const holdsPlace = (place: Place): boolean => holdsPath(place.path);
  /** A service lies in a folder, or around it; one at the root lies around everything and counts by its own line only. */
  const holdsService = (service: Service): boolean => {
    if (services.length && !services.includes(service.name)) return false;
    if (holdsPlace(service.place)) return true;
    return (
      service.root !== undefined && service.root !== '' && (holdsPath(service.root) || paths.some((path) => isInside(path, service.root!)))
    );
  };
  const held = new Set(repository.services.filter(holdsService).map(({ name }) => name));
  const inside = new Set(repository.services.filter(({ name, root }) => held.has(name) && root && holdsPath(root)).map(({ name }) => name));
  return {
    holdsService,
    holdsFinding(finding) {
      const { place, related, level, confidence } = finding;
      if (!isAtLeast(level, minSeverity) || !isAsSure(confidence, minConfidence)) return false;
      if (services.length && !servicesOf(finding).some((name) => services.includes(name))) return false;
      return holdsPlace(place) || related.some((other) => holdsPlace(other.place)) || servicesOf(finding).some((name) => inside.has(name));
    },
    holdsNote({ service, place }) {
      if (service !== undefined && !held.has(service)) return false;
      return place === undefined || holdsPlace(place);
    },
  };
}
