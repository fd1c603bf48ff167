/** Files that start with a byte order mark keep it, on the disk. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceTexts } from '../../src/files/host/replace-text.ts';
import { fixFolder } from '../../src/session.ts';
import { makeFolder } from '../temporary-repository.ts';
import { fixtures, textsOf } from './faults.ts';

const mark = '\uFEFF';
/** Every form of file. */
const samples = [
  'credential-in-image/bad-env-file',
  'hardcoded-credential/bad-nomad-and-functions',
  'hardcoded-credential/bad-terraform',
  'log-to-file/bad-java-logback',
  'probe-missing/bad-fly-route',
  'session-in-memory/bad-default-store',
  'shutdown-not-graceful/bad-java-boot-2',
  'signal-lost/bad-npm-start',
];
const ruleOf = (name: string): string => name.slice(0, name.indexOf('/'));

describe('a byte order mark stays', () => {
  it.each(samples)('%s', async (name) => {
    const texts = textsOf(join(fixtures, name), (text) => mark + text);
    const root = makeFolder(Object.fromEntries(texts));
    const fix = () => fixFolder({ root, rules: [ruleOf(name)], cache: false, git: false, config: false }, { unsafe: true });
    const { files, refused } = await fix();
    expect(refused).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
    expect(replaceTexts(root, files)).toEqual([]);
    for (const { path, before, after } of files) {
      const text = readFileSync(join(root, path), 'utf8');
      expect(text).toBe((before === undefined ? '' : mark) + after);
      expect(after).not.toContain(mark);
    }
    expect((await fix()).files).toEqual([]);
  });
});
