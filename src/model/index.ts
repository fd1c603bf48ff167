import type { FileAccess, Language } from '../languages/language.ts';
import type { AnyFact, Artifact, NotAssessed, Repository } from '../types.ts';
import { indexFacts } from './fact-index.ts';

export interface ModelInput {
  /** Facts of all manifests. */
  readonly facts: readonly AnyFact[];
  readonly files: FileAccess;
  readonly languages: readonly Language[];
  readonly roleOf: (path: string) => Artifact['role'];
  readonly tracked?: ReadonlySet<string>;
  readonly notAssessed: readonly NotAssessed[];
}

/** Joins the facts of all manifests, and of the code that they run, into services. */
export function buildRepository(input: ModelInput): Repository {
  return {
    services: [],
    facts: indexFacts(input.facts),
    notAssessed: input.notAssessed,
    tracked: input.tracked,
    exists: (path) => input.files.has(path),
    roleOf: input.roleOf,
  };
}
