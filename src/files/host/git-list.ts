/** Lists a work tree with `git ls-files`: the only process that the product starts. */
import { spawnSync } from 'node:child_process';

export interface GitListing {
  /** Tracked files and untracked ones that .gitignore does not exclude. */
  readonly paths: readonly string[];
  readonly tracked: ReadonlySet<string>;
  /** Paths that git knows to be symbolic links, and untracked ones, which may be. */
  readonly maybeLinks: readonly string[];
  /** Folders that belong to another repository (submodules). */
  readonly submodules: readonly string[];
}

/** The repository's own configuration must start nothing: no file-system monitor, no hooks. */
const safety = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];
const arguments_ = [...safety, 'ls-files', '--cached', '--others', '--exclude-standard', '--stage', '-t', '-z'];
const timeoutMs = 20_000;
const maxOutput = 512 * 1024 * 1024;

/** The caller's own GIT_DIR or index (set inside a hook) must not redirect the listing. */
function quietEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  for (const [name, value] of Object.entries(process.env)) if (!name.startsWith('GIT_') && name !== 'LC_ALL') env[name] = value;
  return env;
}

/** `undefined` when there is no git, no work tree, or git refuses (foreign owner, damaged index). */
export function listByGit(root: string): GitListing | undefined {
  const run = spawnSync('git', arguments_, {
    cwd: root,
    env: quietEnvironment(),
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: maxOutput,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  return run.status === 0 && !run.error ? readListing(run.stdout) : undefined;
}

/** Entries are `H 100644 <object> 0<TAB>path` for tracked files and `? path` for others, each ended by NUL. */
function readListing(output: string): GitListing {
  const tracked = new Set<string>();
  const others: string[] = [];
  const maybeLinks: string[] = [];
  const submodules: string[] = [];
  for (const entry of output.split('\0')) {
    if (entry === '') continue;
    if (entry.startsWith('? ')) {
      const path = entry.slice(2);
      if (path.endsWith('/')) submodules.push(path.slice(0, -1));
      else others.push(path);
      continue;
    }
    const path = entry.slice(entry.indexOf('\t') + 1);
    const mode = entry.slice(2, 8);
    if (mode === '160000') submodules.push(path);
    else tracked.add(path);
    if (mode === '120000') maybeLinks.push(path);
  }
  return { paths: [...tracked, ...others].sort(), tracked, maybeLinks: [...maybeLinks, ...others], submodules };
}

/** `undefined` when there is no git. */
export function gitVersion(): string | undefined {
  const run = spawnSync('git', ['--version'], {
    encoding: 'utf8',
    timeout: timeoutMs,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  });
  return run.status === 0 ? run.stdout.trim() : undefined;
}
