/** The sample systems with all rules: verdicts, errors and warnings as `fixtures/apps/<name>.findings.txt` says. Notes are free. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reporters } from '../src/reporters/index.ts';
import { analyse } from '../src/session.ts';
import type { Result } from '../src/types.ts';

const folder = join(import.meta.dirname, '../fixtures/apps');
const suffix = '.findings.txt';
const apps = readdirSync(folder)
  .filter((name) => name.endsWith(suffix))
  .map((name) => name.slice(0, -suffix.length));

function readExpectations(app: string): readonly string[] {
  const lines = readFileSync(join(folder, app + suffix), 'utf8').split('\n');
  return lines.filter((line) => line && !line.startsWith('#')).sort();
}

/** Verdicts of the services that run on, then errors and warnings. */
function describeOutcome({ services, findings }: Result): readonly string[] {
  const verdicts = services
    .filter(({ kind }) => kind === 'http' || kind === 'worker')
    .map(({ name, verdict }) => `verdict ${name} ${verdict}`);
  const judged = findings
    .filter(({ level }) => level !== 'note')
    .map(({ rule, place, level }) => `${rule} ${place.path}:${place.line} ${level}`);
  return [...verdicts, ...judged].sort();
}

const analyseApp = (app: string): Result => analyse({ root: join(folder, app), cache: false, git: false });

describe.each(apps)('%s', (app) => {
  it('comes out as expected', () => {
    expect(describeOutcome(analyseApp(app))).toEqual(readExpectations(app));
  });

  it('is judged the same as a folder of a larger repository', () => {
    const inside = analyse({ root: join(folder, '../..'), paths: [`fixtures/apps/${app}`], cache: false, git: false, config: false });
    const shorten = (line: string) => line.replace(`fixtures/apps/${app}/`, '');
    expect(describeOutcome(inside).map(shorten)).toEqual(describeOutcome(analyseApp(app)));
  });

  it('is read whole', () => {
    expect(analyseApp(app).notAssessed.filter(({ failed }) => failed)).toEqual([]);
  });

  it('is reported the same twice in every format', () => {
    const options = { color: true, links: true, width: 100, version: '0.0.0', verbose: true };
    const [first, second] = [analyseApp(app), analyseApp(app)];
    for (const { render } of reporters) expect(render(first, options)).toBe(render(second, options));
  });
});
