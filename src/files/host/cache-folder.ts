import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The user's cache folder (XDG Base Directory Specification); relative values are to be ignored. */
export function cacheFolder(): string | undefined {
  const given = process.env['XDG_CACHE_HOME'];
  if (given && isAbsolute(given)) return join(given, 'cloudworthy');
  try {
    return join(homedir(), '.cache', 'cloudworthy');
  } catch {
    return undefined;
  }
}
