/** The pipeline: the one entry for the command line, the library, and every other face. */
import { extractManifests } from './extract/extract-manifests.ts';
import { openFiles, type RepositoryFiles } from './files/access.ts';
import { chooseRoles } from './files/classify.ts';
import { type Listing, listFiles } from './files/host/list-files.ts';
import { finish } from './findings/finish.ts';
import { languages } from './languages/index.ts';
import { manifestAdapters } from './manifests/index.ts';
import { buildRepository } from './model/index.ts';
import { loadRules } from './rules/load-rules.ts';
import { runRules } from './rules/run-rules.ts';
import type { Repository, Result, Rule } from './types.ts';

export interface AnalyseOptions {
  /** Folder to analyse. */
  readonly root: string;
  /** Folders or files below the root whose services and findings are reported; absent: all. */
  readonly paths?: readonly string[];
  /** Only these rules. */
  readonly rules?: readonly string[];
  readonly ignoreRules?: readonly string[];
  /** Keep facts between runs in the user's cache folder; default false for the library. */
  readonly cache?: boolean;
  /** List files with git where the folder is a work tree; default true. */
  readonly git?: boolean;
  /** Texts that replace or add files: unsaved buffers of an editor. */
  readonly overlay?: ReadonlyMap<string, string>;
}

function selectRules({ rules, ignoreRules }: AnalyseOptions): readonly Rule[] {
  const ignored = new Set(ignoreRules);
  return loadRules().filter(({ id }) => (!rules || rules.includes(id)) && !ignored.has(id));
}

interface Opened {
  readonly listing: Listing;
  readonly files: RepositoryFiles;
  readonly repository: Repository;
  readonly parsed: number;
}

function readRepository(options: AnalyseOptions): Opened {
  const bases = (options.paths ?? []).filter((path) => path !== '');
  const listing = listFiles(options.root, { git: options.git ?? true, wanted: bases });
  const files = openFiles({ listing, overlay: options.overlay ?? new Map() });
  const paths = files.under('');
  const roleOf = chooseRoles({ paths: new Set(paths), bases });
  const manifests = extractManifests({
    adapters: manifestAdapters,
    paths: paths.filter((path) => !listing.aliases.has(path)),
    roleOf,
    derive: (path, kind, make) => files.derive(path, kind, make),
  });
  const repository = buildRepository({
    facts: manifests.facts,
    files,
    languages,
    roleOf,
    tracked: listing.tracked,
    notAssessed: [...listing.notAssessed, ...manifests.notAssessed],
  });
  return { listing, files, repository, parsed: manifests.parsed };
}

/** Analyses a folder. Throws only when the folder cannot be listed at all. */
export function analyse(options: AnalyseOptions): Result {
  const rules = selectRules(options);
  const { listing, files, repository, parsed } = readRepository(options);
  const run = runRules(rules, repository);
  return finish({ rules, repository, run, files, root: listing.root, parsed });
}
