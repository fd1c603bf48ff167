/** What a runner takes from the repository: action.yml and the committed bundle. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as ActionFile;
const source = (name: string): string => readFileSync(join(root, 'src/action', name), 'utf8');

describe('dist/action', () => {
  it('is what the sources give (else: npm run build:action)', () => {
    const { status, stderr } = spawnSync(process.execPath, ['build/build-action.mjs', '--check'], { cwd: root, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('action.yml', () => {
  it('runs the bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action/index.mjs' });
  });

  it('names the inputs that are read, and no other', () => {
    const read = [...source('inputs.ts').matchAll(/(?:read|flag)\('([\w-]+)'/g)].map(([, name]) => name);
    expect(Object.keys(action.inputs).sort()).toEqual([...new Set(read)].sort());
    expect(Object.keys(action.inputs)).toHaveLength(13);
  });

  it('names the outputs that are set, and no other', () => {
    const names = Object.keys(action.outputs);
    const set = source('outcome.ts').slice(source('outcome.ts').indexOf('const outputs'));
    expect(names).toHaveLength(8);
    for (const name of names) expect(set).toMatch(new RegExp(`^ +'?${name}'?: `, 'm'));
  });
});
