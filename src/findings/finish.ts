/** From raw reports to the result: settings, one finding per root cause, order, identity, verdicts. */
import type { Config, FolderConfig } from '../config/load-config.ts';
import { settingFor } from '../config/load-config.ts';
import type { RepositoryFiles } from '../files/access.ts';
import { openFixes } from '../fixes/make-fixes.ts';
import type { RawFinding, RuleRun } from '../rules/run-rules.ts';
import type { NotAssessed, Place, Repository, Result, Rule } from '../types.ts';
import type { Baseline } from './baseline.ts';
import type { Touches } from './changed.ts';
import { compareFindingsWithKnown, type EarlierFindings } from './compare.ts';
import { nameConcerned } from './concerns.ts';
import { openTexts } from './excerpt.ts';
import { addFingerprints, type Surroundings } from './fingerprints.ts';
import { compareFindings, comparePlaces, mergeRootCauses } from './order-findings.ts';
import { tellOrigins } from './origins.ts';
import type { Scope } from './scope.ts';
import { applySuppressions, type Suppressed } from './suppress.ts';
import { judgeServices } from './verdict.ts';

export interface FinishInput {
  readonly root: string;
  /** Rules that ran. */
  readonly rules: readonly Rule[];
  /** Ids of all rules. */
  readonly known: ReadonlySet<string>;
  readonly repository: Repository;
  readonly run: RuleRun;
  readonly files: RepositoryFiles;
  readonly parsed: number;
  /** Sets of values or overlays that exclude each other. */
  readonly sets?: readonly (readonly string[])[];
  /** Files that charts and overlays are made of. */
  readonly sources?: ReadonlySet<string>;
  readonly config: Config;
  readonly nested: readonly FolderConfig[];
  /** Limits what is reported. */
  readonly scope: Scope;
  readonly today: string;
  /** False when only a part of the repository was read. */
  readonly complete: boolean;
  readonly baseline?: Baseline;
  readonly earlier?: EarlierFindings;
  readonly touches?: Touches;
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
export function secretPlaces(repository: Repository): ReadonlyMap<string, readonly Place[]> {
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

/** Levels that a configuration sets, rules that it turns off for some folder. */
function applySettings(findings: readonly RawFinding[], { config, nested }: FinishInput): readonly RawFinding[] {
  return findings.flatMap((finding) => {
    const setting = settingFor(finding.rule, finding.place.path, config, nested);
    return setting === 'off' ? [] : setting === 'on' ? finding : { ...finding, level: setting };
  });
}

export function finish(input: FinishInput): Result {
  const { repository, run, files, scope } = input;
  const sorted = applySettings(tellOrigins(nameConcerned(run.findings, repository), input.sets ?? [], input.sources), input).toSorted(
    compareFindings,
  );
  const {
    kept,
    suppressed,
    notAssessed: idle,
  } = applySuppressions({
    findings: sorted,
    inFiles: files.suppressions,
    config: input.config,
    nested: input.nested,
    ran: new Set(input.rules.map(({ id }) => id)),
    known: input.known,
    today: input.today,
  });
  const secrets = secretPlaces(repository);
  const surroundings: Surroundings = { text: (path) => files.text(path), secrets: (path) => secrets.get(path) ?? [] };
  const { notAssessed: known, ...compared } = compareFindingsWithKnown({
    ...input,
    findings: addFingerprints(mergeRootCauses(kept), surroundings),
    isInScope: scope.holdsFinding,
    ran: new Set(input.rules.map(({ id }) => id)),
  });
  const notes = [...repository.notAssessed, ...run.notAssessed, ...files.notAssessed, ...idle];
  const notAssessed = orderNotes(notes.filter(({ place }) => !place?.inArchive)).filter(scope.holdsNote);
  return {
    root: input.root,
    services: judgeServices({ services: repository.services.filter(scope.holdsService), repository, findings: kept, notAssessed }),
    ...compared,
    suppressed: addFingerprintsTo(suppressed, surroundings).filter(({ finding }) => scope.holdsFinding(finding)),
    notAssessed: orderNotes([...notAssessed, ...known]),
    counts: { files: files.under('').length, read: files.used.size, parsed: input.parsed },
    rules: input.rules,
    ...openTexts((path) => files.text(path), secrets),
    ...openFixes(repository, files),
  };
}

/** Suppressed findings have an identity, too; they are counted apart, so that suppressing one changes no other. */
function addFingerprintsTo(suppressed: readonly Suppressed[], surroundings: Surroundings): Result['suppressed'] {
  const findings = addFingerprints(
    suppressed.map(({ finding }) => finding),
    surroundings,
  );
  return suppressed.map(({ reason, place }, index) => ({ finding: findings[index]!, reason, place }));
}
