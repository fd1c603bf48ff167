/** What a fix maker gets and gives. */
import type { Deployment, Edit, Finding, Fix, Place, Repository, Service, SourceFile } from '../types.ts';

/** What fix makers may see. Nothing is read before one of them asks. */
export interface FixContext {
  readonly repository: Repository;
  /** A file of the repository that people write: not generated, not of others. */
  source(path: string): SourceFile | undefined;
  /** True when the repository holds a file at this path. */
  has(path: string): boolean;
  /** Paths below a folder (`''` is the root), sorted. */
  under(folder: string): readonly string[];
  /** Made once for each file and kind. */
  parsed<T>(path: string, kind: string, parse: (file: SourceFile) => T): T | undefined;
}

export interface FixMaker {
  readonly rule: string;
  /** For the documents, one line for each fix: half a sentence in the imperative, and whether it is safe. */
  readonly offers: readonly { readonly what: string; readonly safe: boolean }[];
  /** The best fix first; none where the place or the way is not certain. */
  make(finding: Finding, context: FixContext): readonly Fix[];
}

/** A fix of several edits; none when one of them cannot be made. */
export function makeFix(title: string, safe: boolean, edits: readonly (Edit | undefined)[]): readonly Fix[] {
  const made = edits.filter((edit) => edit !== undefined);
  return made.length > 0 && made.length === edits.length ? [{ title, safe, edits: made }] : [];
}

export const samePlace = (a: Place, b: Place): boolean => a.path === b.path && a.line === b.line && a.column === b.column;
export const serviceOf = ({ service }: Finding, { repository }: FixContext): Service | undefined =>
  service === undefined ? undefined : repository.services.find(({ name }) => name === service);

/** The place of a finding and those that repeat it (`reportOnce`). */
export const repeatedPlaces = ({ place, related }: Finding): readonly Place[] => [
  place,
  ...related.filter(({ message }) => message === 'the same here').map((repeated) => repeated.place),
];

/** The deployment whose workload or container a place belongs to. */
export const deploymentAt = (service: Service | undefined, place: Place): Deployment | undefined =>
  service?.deployments.find(
    ({ workload, container }) =>
      samePlace(container.namePlace, place) ||
      samePlace(workload.value.namePlace, place) ||
      workload.value.containers.some(({ namePlace, resources }) =>
        [namePlace, resources.place].some((other) => other && samePlace(other, place)),
      ),
  );
