import { beforeEach, expect, it } from 'vitest';
import { ReadyFixes } from '../../src/lsp/ready-fixes.ts';
import { analyse } from '../../src/session.ts';
import type { Finding, Fix } from '../../src/types.ts';
import { makeFolder, makeWorkTree, shop } from '../temporary-repository.ts';

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

function openReady() {
  const made: string[] = [];
  const result = analyse({ root: makeWorkTree(shop) });
  const fixes = (finding: Finding): readonly Fix[] => {
    made.push(`fix ${finding.rule}`);
    return result.fixes(finding);
  };
  const ready = new ReadyFixes({ ...result, fixes }, (path) => {
    made.push(`read ${path}`);
    return result.text(path);
  });
  return { made, ready };
}

it('makes what is offered in a file before anybody asks, one finding a step', () => {
  const { made, ready } = openReady();
  const steps = ready.prepare(['server.js']);
  steps.next();
  expect(made).toHaveLength(2);
  expect([...steps]).toHaveLength(ready.findings('server.js').length - 1);
  expect(made.filter((what) => what === 'read server.js')).toHaveLength(ready.findings('server.js').length);
  made.length = 0;
  for (const finding of ready.findings('server.js')) expect(ready.suppression(finding)?.place.path).toBe('server.js');
  expect(made).toEqual([]);
});

it('rehearses each rule once', () => {
  const { made, ready } = openReady();
  Array.from(ready.rehearse());
  const rules = made.filter((what) => what.startsWith('fix '));
  expect(rules.length).toBeGreaterThan(1);
  expect(new Set(rules).size).toBe(rules.length);
});
