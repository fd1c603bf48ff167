/** Which settings a call of Supervisor reads (supervisord.org, "Configuration File"; `/etc/supervisor/conf.d` is that of Debian). */
import type { Fact } from '../../types.ts';
import { absolute } from '../image-files.ts';
import { isWithin, lastSegment } from '../path-tree.ts';
import type { Surroundings } from './reading.ts';

const usual = ['supervisord.conf', 'etc/supervisord.conf', '/etc/supervisord.conf', '/etc/supervisor/supervisord.conf'];
const folders = ['/etc/supervisor/conf.d', '/etc/supervisor.d', '/etc/supervisord.d', '/etc/supervisord/conf.d', '/etc/supervisor'];

const givenFile = (words: readonly string[]): string | undefined => {
  const at = words.findIndex((word) => /^(?:-c|--configuration)(?:=|$)/.test(word));
  if (at >= 0) return words[at]!.split('=')[1] ?? words[at + 1];
  return words.find((word) => /^-c\S/.test(word))?.slice(2);
};

/** The programs of the named file, and of those that it includes; else the only settings that the build of the image can hold. */
export function supervisedBy(words: readonly string[], cwd: string, around: Surroundings): readonly Fact<'process-file'>[] {
  const all = [...around.sources.processFiles.values()].filter(({ value }) => value.manager === 'supervisord');
  if (all.length === 0) return [];
  const file = givenFile(words);
  const located = (path: string): readonly Fact<'process-file'>[] => {
    const paths = around.locate(absolute(path, cwd));
    return all.filter(({ place }) => paths.includes(place.path));
  };
  const named = (file === undefined ? usual : [file]).flatMap(located);
  if (named.length > 0) return [...new Set(named)];
  const names = [...new Set([...all.map(({ place }) => lastSegment(place.path)), 'supervisord.conf', 'supervisor.conf', 'app.conf'])];
  const beside = file?.includes('/') ? [absolute(file, cwd).replace(/\/[^/]*$/, '')] : [];
  const included = [...beside, ...folders].flatMap((folder) => names.flatMap((name) => located(`${folder}/${name}`)));
  if (included.length > 0) return [...new Set(included)];
  const homes = around.locate(around.workdir);
  const own = all.length === 1 ? all : all.filter(({ place }) => homes.some((home) => isWithin(place.path, home)));
  return own.length === 1 ? own : [];
}
