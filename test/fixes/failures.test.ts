/** A fix maker that fails costs its own fix, is named, and leaves the others and the report alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { check } from '../../src/commands/check.ts';
import type { FixMaker } from '../../src/fixes/fix-maker.ts';
import { fixMakers } from '../../src/fixes/index.ts';
import { LineMap } from '../../src/text/positions.ts';
import { replaceRange } from '../../src/text/text-edits.ts';
import { makeWorkTree, shop } from '../temporary-repository.ts';

const makers = fixMakers as FixMaker[];
const printed = { out: '', error: '' };
function keep(stream: keyof typeof printed, text: string | Uint8Array): boolean {
  printed[stream] += String(text);
  return true;
}

const makerOf = (rule: string, make: FixMaker['make']): FixMaker => ({ rule, offers: [], make });
const throwing = makerOf('shutdown-not-graceful', () => {
  throw new TypeError('cannot read what is not there');
});
const breaking = makerOf('shutdown-not-graceful', ({ place }, context) => {
  const file = context.source(place.path)!;
  return [{ title: 'Break it', safe: true, edits: [replaceRange(new LineMap(file.path, file.text), 0, 0, 'const = ;\n')] }];
});
const useless = makerOf('shutdown-not-graceful', ({ place }, context) => {
  const file = context.source(place.path)!;
  return [{ title: 'Say hello', safe: true, edits: [replaceRange(new LineMap(file.path, file.text), 0, 0, '// hello\n')] }];
});

let before: readonly FixMaker[];
beforeEach(() => {
  before = [...makers];
  printed.out = '';
  printed.error = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => keep('out', text));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => keep('error', text));
});
afterEach(() => {
  makers.splice(0, makers.length, ...before);
  vi.restoreAllMocks();
});

const run = (root: string, flags: object): Promise<number> =>
  check([root], { lang: 'en', config: false, cache: false, git: true, color: 'never', quiet: true, format: ['json'], ...flags }, []);

describe('a maker that fails', () => {
  const named = 'no fix could be made: shutdown-not-graceful in server.js:6';
  it.each([
    ['throws', throwing, `${named} (cannot read what is not there)`],
    ['breaks the file', breaking, `${named} ("Break it" would leave server.js unreadable)`],
    ['does not help', useless, 'a fix was taken back: shutdown-not-graceful in server.js:6 ("Say hello" did not remove it)'],
  ])('%s: it is named, and the other fixes are applied', async (_, maker, message) => {
    makers.splice(0, makers.length, maker, ...before.filter(({ rule }) => rule !== maker.rule));
    const root = makeWorkTree({ ...shop, Dockerfile: 'FROM node:20.1.0\nCOPY . .\nRUN npm ci\nCMD ["npm", "start"]\n' });
    await run(root, { fix: true, rule: ['shutdown-not-graceful', 'signal-lost'] });
    expect(printed.error).toContain(message);
    expect(printed.error).toContain('Fixed 1 finding in 1 file.');
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toContain('CMD ["node", "server.js"]');
    expect(readFileSync(join(root, 'server.js'), 'utf8')).toBe(shop['server.js']);
    const { findings } = JSON.parse(printed.out) as { findings: readonly { rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toEqual(['shutdown-not-graceful']);
  });

  it('is named by a run that only reports, too', async () => {
    makers.splice(0, makers.length, throwing);
    expect(await run(makeWorkTree(shop), { rule: ['shutdown-not-graceful'] })).toBe(0);
    expect(printed.error).toContain(named);
    expect(JSON.parse(printed.out)).toMatchObject({ findings: [{ rule: 'shutdown-not-graceful' }] });
  });

  it('is named by --diff', async () => {
    makers.splice(0, makers.length, throwing);
    expect(await run(makeWorkTree(shop), { diff: true, rule: ['shutdown-not-graceful'] })).toBe(0);
    expect(printed.error).toContain(named);
  });
});
