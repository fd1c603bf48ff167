/** JUnit and Checkstyle, judged by libxml2. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { checkstyle } from '../../src/reporters/checkstyle.ts';
import { junit } from '../../src/reporters/junit.ts';
import type { Reporter, Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, makeService, options } from './results.ts';

const results: Readonly<Record<string, Result>> = {
  usual: makeResult(),
  empty: makeResult({ findings: [] }),
  'without services': makeResult({ findings: [], services: [] }),
  hostile: makeHostileResult(),
  noncharacters: makeResult({ findings: [makeFinding({ text: 'a\ufffe\uffff\ud800\u0000b', place: at('\u0001&<>"\'.js', 1) })] }),
  many: makeResult({ findings: makeManyFindings(400) }),
};

async function validate(reporter: Reporter, text: string): Promise<readonly string[]> {
  const schema = readFileSync(join(import.meta.dirname, 'schemas', `${reporter.id}.xsd`), 'utf8');
  const { errors } = await validateXML({ xml: { fileName: 'report.xml', contents: text }, schema });
  return errors.map(({ rawMessage }) => rawMessage);
}

describe.each([junit, checkstyle])('$id', (reporter) => {
  it.each(Object.entries(results))('is valid for %s', async (_, result) => {
    const text = reporter.render(result, options);
    expect(await validate(reporter, text)).toEqual([]);
    expect(text).not.toMatch(/^\s*::|##\[|\u001b|\u202e/m);
  });

  it('would be told when it is not', async () => {
    const text = reporter.render(results['usual']!, options);
    expect(await validate(reporter, text.replace(/ line="3"/, ' line="0"'))).not.toEqual([]);
    expect(await validate(reporter, text.replace('</', '<'))).not.toEqual([]);
  });
});

describe('junit', () => {
  const render = (result: Result): string => junit.render(result, options);

  it('fails once for each finding, in the suite of its service', () => {
    const text = render(makeResult());
    expect(text).toContain('<testsuite name="web" tests="1" failures="1"');
    expect(text).toContain('<testcase name="session-in-memory web/src/server.js:3" classname="web" file="web/src/server.js" line="3"');
    expect(text).toContain('<failure message="express-session keeps sessions');
    expect(text).toMatch(/type="error">A request that reaches another replica .*\nNext: Give it a store/);
    expect(text).toContain('\nk8s/web.yaml:2: three copies run</failure>');
  });

  it('passes for a service without findings', () => {
    const service = makeService({ verdict: 'ready', answer: 'Yes', blockers: 0 });
    expect(render(makeResult({ findings: [], services: [service] }))).toContain('<testcase name="can it autoscale? Yes" classname="web"');
  });

  it('counts what it lists', () => {
    const text = render(results['many']!);
    expect(text).toContain('<testsuites name="cloudworthy" tests="400" failures="400"');
    expect(text.match(/<failure /g)).toHaveLength(400);
    expect(text).toContain('<testsuite name="whole repository" tests="80"');
  });
});

describe('checkstyle', () => {
  it('lists findings by file, with the other place', () => {
    const text = checkstyle.render(
      makeResult({ findings: [makeFinding(), makeFinding({ level: 'note', place: at('a.js', 2) })] }),
      options,
    );
    expect(text.match(/<file name="[^"]*">/g)).toEqual(['<file name="a.js">', '<file name="web/src/server.js">']);
    expect(text).toMatch(/<error line="3" column="9" severity="error" message="express-session .* \(k8s\/web\.yaml:2\) A request/);
    expect(text).toContain('severity="info"');
    expect(text).toContain('source="cloudworthy.session-in-memory"/>');
  });
});
