/** Runs git on a repository that may be hostile. Its own configuration must start nothing and fetch nothing. */
import { spawn, spawnSync } from 'node:child_process';

/** No file-system monitor, no hooks, no pager. */
const safety = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false'];
const timeoutMs = 20_000;
const maxOutput = 512 * 1024 * 1024;

/**
 * The caller's own GIT_DIR or index (set inside a hook) must not redirect what is read. An object that a partial clone
 * lacks must not be fetched: the configured transport would be a command of the repository's choice.
 */
function quietEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) if (!name.startsWith('GIT_') && name !== 'LC_ALL') env[name] = value;
  return {
    ...env,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_REPLACE_OBJECTS: '1',
    LC_ALL: 'C',
  };
}

/** Outputs of commands that were started ahead, by folder and words; each is taken once. */
const ahead = new Map<string, Buffer>();
const nameOf = (root: string | undefined, words: readonly string[]): string => [root ?? '', ...words].join('\0');

/** Runs a command beside other work: the next `runGit` with the same words has its output at once, if it came to a good end. */
export function startGit(root: string, words: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const run = spawn('git', [...safety, ...words], {
      cwd: root,
      env: quietEnvironment(),
      timeout: timeoutMs,
      stdio: ['ignore', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const parts: Buffer[] = [];
    let size = 0;
    run.stdout.on('data', (part: Buffer) => {
      size += part.length;
      parts.push(part);
      if (size > maxOutput) run.kill();
    });
    run.on('error', () => resolve());
    run.on('close', (status) => {
      if (status === 0) ahead.set(nameOf(root, words), Buffer.concat(parts));
      resolve();
    });
  });
}

/**
 * The standard output; `undefined` when git is missing, refuses or takes too long. Only commands that look at neither the
 * contents of the work tree (filters of .gitattributes would run) nor hooks may be asked for.
 */
export function runGit(root: string | undefined, words: readonly string[], input = ''): Buffer | undefined {
  const name = nameOf(root, words);
  const known = ahead.get(name);
  ahead.delete(name);
  if (known) return known;
  const run = spawnSync('git', [...safety, ...words], {
    cwd: root,
    env: quietEnvironment(),
    input,
    timeout: timeoutMs,
    maxBuffer: maxOutput,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  return run.status === 0 && !run.error ? run.stdout : undefined;
}
