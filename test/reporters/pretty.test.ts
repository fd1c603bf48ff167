import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { pretty } from '../../src/reporters/pretty.ts';
import type { ReporterOptions, Result } from '../../src/types.ts';
import { at, makeFinding, makeHostileResult, makeManyFindings, makeResult, makeService, options } from './results.ts';

const render = (result: Result, change: Partial<ReporterOptions> = {}) => pretty.render(result, { ...options, ...change });
const stripCodes = (text: string) => text.replace(/\u001b\]8;;[^\u0007]*\u0007|\u001b\[\d+(;\d+)*m/g, '');

describe('pretty', () => {
  it('answers first, then shows both places, why, and what to do next', () => {
    expect(render(makeResult())).toBe(
      [
        '',
        '── web ─────────────────────────────────────────────────────────────────────────',
        ' Can it autoscale?  ✖ No: 1 blocker',
        ' HTTP service · web · Kubernetes',
        '',
        '  ✖ error · session-in-memory',
        '    express-session keeps sessions in the memory of one process, and',
        '    `replicas: 3` runs three copies.',
        '      ╭─ web/src/server.js:3:9',
        '    2 │ const app = express();',
        '    3 │ app.use(session({ secret: process.env.SECRET }));',
        '      ·         ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━',
        '    4 │ const password = "***";',
        '      ├─ k8s/web.yaml:2:3',
        '    2 │   replicas: 3',
        '      ·   ━━━━━━━━━━━ three copies run',
        '      ╰─',
        '    why   A request that reaches another replica finds no session: users are',
        '          logged out at random.',
        '    next  Give it a store that all replicas share, such as Redis.',
        '    docs  https://example.com/rules/session-in-memory',
        '',
        '  Already right',
        '  ✔ A lock file pins what is installed  web/package-lock.json:1',
        '',
        '────────────────────────────────────────────────────────────────────────────────',
        '',
        ' cloudworthy explain session-in-memory tells more about a rule.',
        ' 1 service: 1 blocked · 1 error, 0 warnings, 0 notes · 6 of 10 files read',
        '',
      ].join('\n'),
    );
  });

  it('shows the worst services first, and those with the same answer in their order', () => {
    const services = (['ready', 'unknown', 'at risk', 'blocked', 'blocked'] as const).map((verdict, index) =>
      makeService({ name: `service-${index}`, verdict }),
    );
    const text = render(makeResult({ services, findings: [] }));
    const sections = [...text.matchAll(/^── (service-\d)/gm)].map(([, name]) => name);
    expect(sections).toEqual(['service-3', 'service-4', 'service-2', 'service-1', 'service-0']);
    const answers = [...text.slice(text.indexOf('── Can it autoscale?')).matchAll(/(service-\d)/g)].map(([, name]) => name);
    expect(answers).toEqual(sections);
  });

  it('says the same in colour, with the rule linked to its page', () => {
    const colored = render(makeResult(), { color: true, links: true });
    expect(colored).toContain('\u001b]8;;https://example.com/rules/session-in-memory\u0007');
    expect(colored).toContain('\u001b[31m');
    const plain = render(makeResult())
      .replaceAll('`', '')
      .replace(/ +docs .*\n/, '');
    expect(stripCodes(colored).replace(/ +$/gm, '')).toBe(plain);
  });

  it.each([40, 80, 140])('keeps within %i columns', (width) => {
    const results = [makeResult(), makeHostileResult(), makeResult({ findings: makeManyFindings(200) })];
    for (const result of results)
      for (const verbose of [false, true])
        for (const line of render(result, { width, verbose, color: true, links: true }).split('\n'))
          if (!line.includes('docs')) expect(stringWidth(stripCodes(line)), line).toBeLessThanOrEqual(width);
  });

  it('lets no text of the repository move the cursor, add a line or command a runner', () => {
    const text = render(makeHostileResult(), { verbose: true });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|##\[/);
    for (const line of text.split('\n')) expect(line.trimStart()).not.toMatch(/^::/);
  });

  it('marks the same cells in lines with tabs and wide characters', () => {
    const finding = makeFinding({ place: at('a.js', 1, 6, 9), related: [] });
    const text = render(makeResult({ findings: [finding] }, { 'a.js': '\t한글= abc' }));
    expect(text).toContain('    1 │   한글= abc\n      ·         ━━━\n');
  });

  it('moves along a giant line to the range', () => {
    const line = `${'x'.repeat(1_000_000)}HERE${'y'.repeat(1_000_000)}`;
    const start = performance.now();
    const text = render(makeResult({ findings: [makeFinding({ place: at('a.js', 1, 1_000_001), related: [] })] }, { 'a.js': line }));
    expect(performance.now() - start).toBeLessThan(5000);
    const [code, mark] = text.split('\n').filter((each) => /^ +1 │|^ +· +━/.test(each));
    expect(code!.indexOf('HERE')).toBe(mark!.indexOf('━━━━'));
    expect(code).toMatch(/│ …x+HEREy+…$/);
  });

  it('underlines the first line of a range over several lines, and at least one cell', () => {
    const place = { path: 'web/src/server.js', line: 2, column: 7, endLine: 5, endColumn: 1 };
    expect(render(makeResult({ findings: [makeFinding({ place, related: [] })] }))).toContain(' ·       ━━━━━━━━━━━━━━━━\n');
    const empty = at('web/src/server.js', 2, 1, 1);
    expect(render(makeResult({ findings: [makeFinding({ place: empty, related: [] })] }))).toContain(' · ━\n');
  });

  it('shows the places alone when the file cannot be read', () => {
    const related = [{ place: at('gone.yaml', 7), message: 'it was here' }];
    expect(render(makeResult({ findings: [makeFinding({ place: at('gone.js', 3), related })] }))).toContain(
      '╭─ gone.js:3:1\n      ├─ gone.yaml:7:1\n      · it was here\n      ╰─\n',
    );
  });

  it('shows one finding of a rule in full and the others by line', () => {
    const findings = Array.from({ length: 12 }, (_, index) => makeFinding({ place: at('web/src/server.js', 1), subject: `${index}` }));
    const text = render(makeResult({ findings }));
    expect(text.match(/╭─/g)).toHaveLength(1);
    expect(text).toContain('    also  web/src/server.js:1:1  express-session keeps');
    expect(text).toContain('… and 5 more (--verbose shows all)');
    expect(render(makeResult({ findings }), { verbose: true }).match(/╭─/g)).toHaveLength(12);
  });

  it('collapses notes to a line each unless asked', () => {
    const note = makeFinding({ level: 'note', rule: 'spread-missing', text: 'Replicas may share a node.' });
    expect(render(makeResult({ findings: [note] }))).toContain(
      '  • note · spread-missing\n    Replicas may share a node.  web/src/server.js:3\n',
    );
    expect(render(makeResult({ findings: [note, note] }))).toContain('    web/src/server.js:3:9  Replicas may share a node.\n    web/');
    expect(render(makeResult({ findings: [note] }), { verbose: true })).toContain('╭─ web/src/server.js:3:9');
  });

  it('shows three related places and counts the others', () => {
    const related = [1, 2, 3, 4, 5].map((line) => ({ place: at('web/src/server.js', line), message: `place ${line}` }));
    expect(render(makeResult({ findings: [makeFinding({ related })] }))).toContain('and 2 more places');
  });

  it('tells which findings are inferred', () => {
    expect(render(makeResult({ findings: [makeFinding({ confidence: 'guess' })] }))).toContain('session-in-memory · inferred from names');
  });

  it('repeats all answers at the end of a run over several services', () => {
    const services = [makeService(), makeService({ name: 'orders', verdict: 'ready', answer: 'Yes', blockers: 0 })];
    const text = render(makeResult({ services }));
    expect(text).toContain(' ✖ web     No: 1 blocker\n ✔ orders  Yes\n');
    expect(text).toContain('2 services: 1 blocked, 1 ready · ');
  });

  it('leaves images of others out until something is found in them', () => {
    const services = [makeService(), makeService({ name: 'postgres', kind: 'database', verdict: 'unknown', answer: 'Not judged' })];
    expect(render(makeResult({ services }))).not.toContain('── postgres');
    expect(render(makeResult({ services, findings: [makeFinding({ service: 'postgres' })] }))).toContain('── postgres');
  });

  it('lists what was not assessed, damaged files first', () => {
    const notAssessed = [
      { reason: 'template', message: '3 Helm templates are not rendered.', failed: false },
      { reason: 'syntax-error', message: 'It is not valid YAML.', place: at('k8s/broken.yaml', 12), failed: true },
    ];
    const text = render(makeResult({ notAssessed }));
    expect(text).toContain(' Not assessed\n ▲ It is not valid YAML.  k8s/broken.yaml:12\n ? 3 Helm templates are not rendered.\n');
    expect(text).toContain('2 not assessed');
  });

  it('has a summary for an empty result', () => {
    expect(render(makeResult({ services: [], findings: [] }))).toMatch(
      / 0 services · 0 errors, 0 warnings, 0 notes · 6 of 10 files read\n$/,
    );
  });

  it('shows findings of the whole repository, also of a service that is not listed', () => {
    const findings = [makeFinding({ service: undefined }), makeFinding({ service: 'gone' })];
    const text = render(makeResult({ findings }));
    expect(text.slice(text.indexOf('── Whole repository')).match(/╭─/g)).toHaveLength(2);
  });
});
