/** From a finding to ways to remove it. Whatever a maker offers is checked here: the files can still be read afterwards. */
import type { FileAccess } from '../languages/language.ts';
import { parseHcl } from '../text/hcl/parse.ts';
import { readJson } from '../text/json-document.ts';
import { applyEdits, collide } from '../text/text-edits.ts';
import { readToml } from '../text/toml-document.ts';
import { openYaml } from '../text/yaml-edit.ts';
import type { Edit, Finding, Fix, FixFailure, Repository, Result, SourceFile } from '../types.ts';
import type { FixContext, FixMaker } from './fix-maker.ts';
import { fixMakers } from './index.ts';
import { parseScript } from './scripts.ts';

const handWritten = new Set(['production', 'tooling', 'example']);

function makeContext(repository: Repository, files: FileAccess): FixContext {
  const parsed = new Map<string, unknown>();
  const source = (path: string): SourceFile | undefined => {
    const text = handWritten.has(repository.roleOf(path)) ? files.text(path) : undefined;
    return text === undefined ? undefined : { path, text };
  };
  return {
    repository,
    source,
    has: (path) => files.has(path),
    under: (folder) => files.under(folder),
    parsed<T>(path: string, kind: string, parse: (file: SourceFile) => T): T | undefined {
      const key = `${kind}\0${path}`;
      if (!parsed.has(key)) {
        const file = source(path);
        parsed.set(key, file && parse(file));
      }
      return parsed.get(key) as T | undefined;
    },
  };
}

/** True when the parser of its kind still reads the file. */
function canBeRead({ path, text }: SourceFile): boolean {
  if (/\.ya?ml$/i.test(path)) return openYaml({ path, text }) !== undefined;
  if (/\.toml$/i.test(path)) return readToml({ path, text }).root !== undefined;
  if (/\.(?:hcl|nomad|tf)$/i.test(path)) return parseHcl(text).problems.length === 0;
  if (/\.json$/i.test(path)) return 'root' in readJson({ path, text }, true);
  if (/\.[cm]?[jt]sx?$/i.test(path)) return parseScript({ path, text }) !== undefined;
  return true;
}

const isFixed = ({ place, text }: Edit): boolean => !place.decidedBy?.length && text.length < 100_000;

/** Its edits stand in files that people write, apart from each other, and change something. */
function isSound({ edits }: Fix, context: FixContext): boolean {
  if (edits.some((edit, index) => !isFixed(edit) || edits.slice(0, index).some((other) => collide(edit, other)))) return false;
  return changedFiles(edits, context).every(({ before, after }) => before !== undefined && after !== before);
}

interface ChangedFile {
  readonly path: string;
  /** Absent: it cannot be changed, or is not there to be changed. */
  readonly before?: string;
  readonly after: string;
}
const changedFiles = (edits: readonly Edit[], context: FixContext): readonly ChangedFile[] =>
  [...new Set(edits.map(({ place }) => place.path))].map((path) => {
    const own = edits.filter(({ place }) => place.path === path);
    const creates = own.some((edit) => edit.creates) === true;
    const before = creates === context.has(path) ? undefined : creates ? '' : context.source(path)?.text;
    return { path, before, after: before === undefined ? '' : applyEdits(path, before, own) };
  });

type Failed = (why: string) => void;

/** A sound fix that would leave a file which cannot be read is a mistake of its maker, and named. */
function isReadable({ edits, title }: Fix, context: FixContext, failed: Failed): boolean {
  const broken = changedFiles(edits, context).find(({ path, after }) => !canBeRead({ path, text: after }));
  if (broken) failed(`"${title}" would leave ${broken.path} unreadable`);
  return !broken;
}

/** The complete edits where they can be made and are sound; else those that the fix has anyway. */
function completeOnce(fix: Fix, complete: () => readonly Edit[], context: FixContext, failed: Failed): () => readonly Edit[] {
  let made: readonly Edit[] | undefined;
  const make = (): readonly Edit[] => {
    try {
      const full = { ...fix, edits: complete() };
      return isSound(full, context) && isReadable(full, context, failed) ? full.edits : fix.edits;
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
      return fix.edits;
    }
  };
  return () => (made ??= make());
}

/** What a maker cannot cope with costs its fix, not the report. */
function makeGuarded(maker: FixMaker, finding: Finding, context: FixContext, failed: Failed): readonly Fix[] {
  try {
    const fixes = maker.make(finding, context).filter((fix) => isSound(fix, context) && isReadable(fix, context, failed));
    return fixes.map((fix) => (fix.complete ? { ...fix, complete: completeOnce(fix, fix.complete, context, failed) } : fix));
  } catch (error) {
    failed(error instanceof Error ? error.message : String(error));
    return [];
  }
}

/** Makes the fixes of findings when they are asked for, each once. */
export function openFixes(
  repository: Repository,
  files: FileAccess,
  makers: readonly FixMaker[] = fixMakers,
): Pick<Result, 'fixes' | 'fixFailures'> {
  let context: FixContext | undefined;
  const known = new WeakMap<Finding, readonly Fix[]>();
  const failures: FixFailure[] = [];
  const make = (finding: Finding): readonly Fix[] => {
    context ??= makeContext(repository, files);
    const open = context;
    const failed: Failed = (why) => void failures.push({ rule: finding.rule, place: finding.place, why });
    return makers.filter(({ rule }) => rule === finding.rule).flatMap((maker) => makeGuarded(maker, finding, open, failed));
  };
  return {
    fixes(finding) {
      const fixes = known.get(finding) ?? make(finding);
      known.set(finding, fixes);
      return fixes;
    },
    fixFailures: () => failures,
  };
}
