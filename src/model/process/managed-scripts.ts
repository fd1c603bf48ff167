import type { Fact } from '../../types.ts';

/** What a call of a process manager starts of its file: `pm2 start ecosystem.config.js --only web,mail` leaves the others out. */
export function managedScripts({ value }: Fact<'process-file'>, words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word === '--only' || word.startsWith('--only='));
  const only = at < 0 ? undefined : (words[at]!.split('=')[1] ?? words[at + 1]);
  const chosen = only?.split(',').flatMap((name) => value.named?.[name.trim()] ?? []);
  return chosen && chosen.length > 0 ? chosen : value.scripts;
}
