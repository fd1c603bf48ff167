/** From raw reports to the result: settings, one finding per root cause, order, identity, verdicts. */
import type { RepositoryFiles } from '../files/access.ts';
import type { RuleRun } from '../rules/run-rules.ts';
import type { NotAssessed, Place, Repository, Result, Rule } from '../types.ts';
import { makeExcerpt } from './excerpt.ts';
import { addFingerprints, compareFindings, comparePlaces, mergeRootCauses } from './order-findings.ts';
import { judgeService } from './verdict.ts';

export interface FinishInput {
  readonly root: string;
  readonly rules: readonly Rule[];
  readonly repository: Repository;
  readonly run: RuleRun;
  readonly files: RepositoryFiles;
  readonly parsed: number;
}

const noteKey = ({ reason, message, place, service }: NotAssessed): string =>
  [reason, place?.path ?? '', place?.line ?? '', service ?? '', message].join('\0');

/** By place, each once. */
export function orderNotes(notes: readonly NotAssessed[]): readonly NotAssessed[] {
  const unique = [...new Map(notes.map((note) => [noteKey(note), note])).values()];
  const nowhere: Place = { path: '', line: 0, column: 0, endLine: 0, endColumn: 0 };
  return unique.sort((a, b) => comparePlaces(a.place ?? nowhere, b.place ?? nowhere) || (noteKey(a) < noteKey(b) ? -1 : 1));
}

/** Where secrets stand, by path: excerpts must not show them. */
function secretPlaces(repository: Repository): ReadonlyMap<string, readonly Place[]> {
  const byPath = new Map<string, Place[]>();
  for (const index of [repository.facts, ...repository.services.map(({ code }) => code)]) {
    for (const { place } of index.all('secret')) {
      const places = byPath.get(place.path);
      if (places) places.push(place);
      else byPath.set(place.path, [place]);
    }
  }
  return byPath;
}

export function finish({ root, rules, repository, run, files, parsed }: FinishInput): Result {
  const sorted = [...run.findings].sort(compareFindings);
  const findings = addFingerprints(mergeRootCauses(sorted));
  const notAssessed = orderNotes([...repository.notAssessed, ...run.notAssessed, ...files.notAssessed]);
  const secrets = secretPlaces(repository);
  return {
    root,
    services: repository.services.map((service) => judgeService(service, sorted, notAssessed)),
    findings,
    suppressed: [],
    notAssessed,
    counts: { files: files.under('').length, read: files.used.size, parsed },
    rules,
    excerpt(place, context) {
      const text = files.text(place.path);
      return text === undefined ? undefined : makeExcerpt(place.path, text, place, context, secrets.get(place.path) ?? []);
    },
    text: (path) => files.text(path),
  };
}
