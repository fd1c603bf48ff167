/** From a finding to ways to remove it. Whatever a maker offers is checked here: the files can still be read afterwards. */
import type { FileAccess } from '../languages/language.ts';
import { readJson } from '../text/json-document.ts';
import { applyEdits, collide } from '../text/text-edits.ts';
import { openYaml } from '../text/yaml-edit.ts';
import type { Edit, Finding, Fix, Repository, SourceFile } from '../types.ts';
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
  if (/\.json$/i.test(path)) return 'root' in readJson({ path, text }, true);
  if (/\.[cm]?[jt]sx?$/i.test(path)) return parseScript({ path, text }) !== undefined;
  return true;
}

const isFixed = ({ place, text }: Edit): boolean => !place.decidedBy?.length && text.length < 100_000;

function isSound({ edits }: Fix, context: FixContext): boolean {
  if (edits.some((edit, index) => !isFixed(edit) || edits.slice(0, index).some((other) => collide(edit, other)))) return false;
  return [...new Set(edits.map(({ place }) => place.path))].every((path) => {
    const own = edits.filter(({ place }) => place.path === path);
    const creates = own.some((edit) => edit.creates);
    const before = creates ? '' : context.source(path)?.text;
    if (before === undefined || creates === context.has(path)) return false;
    const after = applyEdits(path, before, own);
    return after !== before && canBeRead({ path, text: after });
  });
}

/** What a maker cannot cope with costs its fix, not the report. */
function makeGuarded(maker: FixMaker, finding: Finding, context: FixContext): readonly Fix[] {
  try {
    return maker.make(finding, context).filter((fix) => isSound(fix, context));
  } catch {
    return [];
  }
}

/** Makes the fixes of findings when they are asked for, each once. */
export function openFixes(repository: Repository, files: FileAccess): (finding: Finding) => readonly Fix[] {
  let context: FixContext | undefined;
  const known = new WeakMap<Finding, readonly Fix[]>();
  return (finding) => {
    const before = known.get(finding);
    if (before) return before;
    context ??= makeContext(repository, files);
    const open = context;
    const fixes = fixMakers.filter(({ rule }) => rule === finding.rule).flatMap((maker) => makeGuarded(maker, finding, open));
    known.set(finding, fixes);
    return fixes;
  };
}
