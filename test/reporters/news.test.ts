/** What reporters say about new, solved and hidden findings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { json } from '../../src/reporters/json.ts';
import { markdown } from '../../src/reporters/markdown.ts';
import { describeNews } from '../../src/reporters/news.ts';
import { pretty } from '../../src/reporters/pretty.ts';
import { sarif } from '../../src/reporters/sarif.ts';
import { makeTell } from '../../src/reporters/terms.ts';
import { hostile, makeFinding, makeResult, options } from './results.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/result.schema.json'), 'utf8'));
const solved = {
  fingerprint: 'f'.repeat(32),
  rule: 'log-to-file',
  level: 'warning',
  service: 'web',
  path: 'log.js',
  subject: 'winston',
  message: 'Logs went to a file.',
} as const;
const compared = makeResult({
  findings: [makeFinding({ status: 'new' }), makeFinding({ status: 'unchanged', level: 'note' })],
  comparison: { since: 'a'.repeat(40), new: 1, unchanged: 1, solved: [solved] },
  hidden: { baseline: 12, untouched: 1 },
});

describe('news', () => {
  it('are told in a phrase each, and only when something was compared', () => {
    expect(describeNews(compared, makeTell())).toEqual([
      'since aaaaaaaaaaaa: 1 new, 1 unchanged, 1 solved',
      '12 known findings in the baseline not shown',
      '1 finding that the change does not concern not shown',
    ]);
    expect(describeNews(makeResult(), makeTell())).toEqual([]);
    expect(describeNews(makeResult({ hidden: { baseline: 0, untouched: 0 } }), makeTell())).toEqual([]);
  });
  it('stand in the JSON output, which keeps to its schema', () => {
    const data = JSON.parse(json.render(compared, options));
    const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
    validate(data);
    expect(validate.errors).toBeNull();
    expect(data).toMatchObject({ comparison: { new: 1, unchanged: 1, solved: [solved] }, hidden: { baseline: 12, untouched: 1 } });
    expect(data.findings.map(({ status }: { status: string }) => status)).toEqual(['new', 'unchanged']);
    expect(json.render(makeResult(), options)).not.toContain('"comparison"');
  });
  it('stand in SARIF as the state against the baseline', () => {
    const states = (text: string) => JSON.parse(text).runs[0].results.map(({ baselineState }: { baselineState?: string }) => baselineState);
    expect(states(sarif.render(compared, options))).toEqual(['new', 'unchanged']);
    expect(new Set(states(sarif.render(makeResult(), options)))).toEqual(new Set([undefined]));
  });
  it('stand in Markdown, with what is solved', () => {
    const text = markdown.render(compared, options);
    expect(text).toContain('12 known findings in the baseline not shown');
    expect(text.match(/ · \*\*new\*\*/g)).toEqual([' · **new**']);
    expect(text).toMatch(/### Solved\n\n- ✔ Logs went to a file\. <code>log\.js<\/code>/);
  });
  it('in Markdown let no hostile text through', () => {
    const text = markdown.render(
      makeResult({ comparison: { ...compared.comparison!, solved: [{ ...solved, message: hostile, path: hostile }] } }),
      options,
    );
    expect(text.slice(text.indexOf('### Solved'))).not.toMatch(/<img|<script|\]\(|^::/m);
  });
  it('stand in the summary of the terminal, and beside a new finding', () => {
    const text = pretty.render(compared, { ...options, color: false, width: 200 });
    expect(text).toContain('12 known findings in the baseline not shown');
    expect(text.match(/· new$/gm)?.length).toBe(1);
  });
});
