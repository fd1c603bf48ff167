/** The HTML report as text: what holds without a browser. `html-in-browser.test.ts` looks at it in one. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { script, style } from 'virtual:report-page';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/reports/html/index.ts';
import { codeLines, islandJson, html as markup, prose, webAddress } from '../../src/reports/html/markup.ts';
import { makeSay } from '../../src/reports/html/say.ts';
import { en } from '../../src/reports/html/strings.ts';
import { firstSentence } from '../../src/reports/html/view.ts';
import type { ReportOptions } from '../../src/reports/report.ts';
import { at, makeFinding, makeResult, makeRule, makeService } from '../reporters/results.ts';
import { type Assessed, makeAssessed, makeAssessment, makeHostileAssessed } from './assessments.ts';

const draw = ({ assessment, result }: Assessed, options: Partial<ReportOptions> = {}): string =>
  html.render(assessment, result, { lang: 'en', version: '1.2.3', ...options });

describe('the HTML report', () => {
  it('is the same twice, and knows no time and no path of the machine', () => {
    const page = draw(makeAssessed({ root: '/home/somebody/work/shop' }));
    expect(draw(makeAssessed({ root: '/home/somebody/work/shop' }))).toBe(page);
    expect(page).not.toContain('/home/somebody');
    expect(page).not.toMatch(/\b20\d\d-\d\d/);
    expect(draw(makeAssessed(), { date: '2026-11-26' })).toContain('As of 2026-11-26');
  });

  it('allows by its policy the one script and the one style sheet that it holds', () => {
    const page = draw(makeAssessed());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)![1]!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, scriptText] = /<script>(.*?)<\/script>/s.exec(page)!;
    const [, styleText] = /<style>(.*?)<\/style>/s.exec(page)!;
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["default-src 'none'", `script-src ${hash(scriptText!)}`, `style-src ${hash(styleText!)}`, "base-uri 'none'"]),
    );
    expect(policy).not.toContain('unsafe');
    expect(page).not.toMatch(/\sstyle=/);
    expect(page).not.toMatch(/(?:src|srcset|action|poster)="(?!data:)/);
    expect(script).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval\(|<\/script/);
    expect(style).not.toMatch(/url\(|@import|<\/style/);
  });

  it('opens no tag that the product did not write, whatever names hold', () => {
    const page = draw(makeHostileAssessed(), { name: '</title><script>alert(1)</script>' });
    expect(page.match(/<img|\u202e|\u001b/g)).toBe(null);
    expect(page.match(/<\/?script/g)).toEqual(['<script', '</script', '<script', '</script']);
  });

  it('has no id twice and no link that leads nowhere', () => {
    for (const assessed of [makeAssessed(), makeHostileAssessed(), makeAssessed({ services: [], findings: [] })]) {
      const page = draw(assessed);
      const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
      expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  it('shows both sides of the evidence in at most seven lines each, and no secret', () => {
    const long = Array.from({ length: 40 }, (_, index) => `line ${index + 1} hunter2-hunter2`).join('\n');
    const finding = makeFinding({
      place: { ...at('a.js', 10), endLine: 30 },
      related: [{ place: at('b.yaml', 2), message: 'the other side' }],
    });
    const result = makeResult({ findings: [finding] }, { 'a.js': long, 'b.yaml': 'x: 1\nreplicas: 3\n' });
    const page = draw({ result, assessment: makeAssessment(result) });
    const figures = page.match(/<figure class="code">.*?<\/figure>/gs)!;
    expect(figures).toHaveLength(2);
    expect(figures[0]!.match(/class="l/g)).toHaveLength(7);
    expect(figures[1]).toContain('the other side');
    expect(figures[1]).toContain('<mark>repl</mark>');
    expect(page).not.toContain('hunter2');
  });

  it('names the place where a saved result holds no text', () => {
    const result = { ...makeResult(), excerpt: () => undefined };
    const page = draw({ result, assessment: makeAssessment(result) });
    expect(page).toContain('web/src/server.js:3');
    expect(page).not.toContain('<pre></pre>');
  });

  it('links places only where it was told how, and never to what is no page or editor', () => {
    expect(draw(makeAssessed())).not.toContain('blob/');
    const link = 'https://example.com/blob/main/{path}#L{line}';
    expect(draw(makeAssessed(), { sourceLink: link })).toContain('href="https://example.com/blob/main/web/src/server.js#L3"');
    expect(draw(makeAssessed(), { sourceLink: 'javascript:alert(1)//{path}' })).not.toContain('javascript:');
    const rule = makeRule('session-in-memory');
    const references = ['javascript:alert(1)', 'https://example.com/ok'];
    const page = draw(makeAssessed({ rules: [{ ...rule, docs: { ...rule.docs, references } }] }));
    expect(page).toContain('https://example.com/ok');
    expect(page).not.toContain('javascript:');
  });

  it('does not count stores and images of others among those that are asked', () => {
    const postgres = makeService({
      name: 'postgres',
      kind: 'database',
      verdict: 'unknown',
      answer: 'Not asked: it is a store that others make',
    });
    const page = draw(makeAssessed({ services: [makeService({ verdict: 'ready', answer: 'Yes' }), postgres], findings: [] }));
    expect(page).toContain('Yes. The one service can.');
    expect(page).toContain('Stores, jobs and images of others');
  });

  it('says the answer in words', () => {
    const answer = (...verdicts: readonly ('ready' | 'blocked' | 'unknown')[]) => {
      const services = verdicts.map((verdict, index) => makeService({ name: `s${index}`, verdict }));
      return /<p class="answer">(.*?)<\/p>/.exec(draw(makeAssessed({ services, findings: [] })))![1];
    };
    expect(answer()).toBe('No service was found, so there is no answer.');
    expect(answer('unknown')).toBe('Nothing could be judged.');
    expect(answer('ready', 'blocked', 'unknown')).toBe('1 of 3 services can; 1 could not be judged.');
    expect(answer('ready', 'blocked')).toBe('1 of 2 services can.');
    expect(answer('blocked', 'unknown')).toBe('Not yet: the one service that could be judged cannot; 1 could not be judged.');
    expect(answer('blocked')).toBe('Not yet: the one service cannot.');
    expect(answer('blocked', 'blocked')).toBe('Not yet: none of 2 services can.');
    expect(answer('ready', 'ready')).toBe('Yes. All 2 services can.');
  });
});

describe('its markup', () => {
  const hasTag = /<(?!\/?code>)/;
  it('escapes any text in elements and attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { text: written } = markup`<p title="${text}">${text}</p>`;
        expect(written.slice(0, 10)).toBe('<p title="');
        expect(written.match(/["<>]/g)).toEqual(['<', '"', '"', '>', '<', '>']);
        expect(prose(text).text).not.toMatch(hasTag);
        expect(codeLines(text).text).not.toMatch(/[<>"]/);
      }),
    );
  });
  it('takes pairs of backticks for code and leaves an odd one', () => {
    expect(prose('a `b` c').text).toBe('a <code>b</code> c');
    expect(prose('a `b` c `d').text).toBe('a <code>b</code> c `d');
    expect(prose('`').text).toBe('`');
  });
  it('writes data that a script element cannot be ended by', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text } = islandJson({ value, more: '</script><!--' });
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ value, more: '</script><!--' })));
      }),
    );
  });
  it('takes only web pages for addresses', () => {
    expect(['https://a.b/c', 'http://a', 'javascript:x', 'data:x', ' https://a'].map(webAddress)).toEqual([
      'https://a.b/c',
      'http://a',
      undefined,
      undefined,
      undefined,
    ]);
  });
  it('cuts after the first sentence, not within names', () => {
    expect(firstSentence('It reads config.json v1.2 here. The rest follows.')).toBe('It reads config.json v1.2 here.');
    expect(firstSentence('Only one.')).toBe('Only one.');
  });
});

describe('its texts', () => {
  const say = makeSay('en');
  it('are filled with data, and numbers are grouped', () => {
    expect(say('findings.shown', { shown: 12, n: 5000 })).toBe('12 of 5,000 shown');
    expect(say.count('services', 1)).toBe('1 service');
    expect(say.count('services', 0)).toBe('0 services');
  });
  it('are all used', () => {
    const folder = join(import.meta.dirname, '../../src/reports');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && name !== 'strings.ts',
    );
    const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    // Ids that end in data are written as templates: `verdict.${verdict}`.
    const stems = [...text.matchAll(/`([\w.]+\.)\$\{/g)].map(([, stem]) => stem!);
    expect(Object.keys(en).filter((id) => !text.includes(`'${id}'`) && !stems.some((stem) => id.startsWith(stem)))).toEqual([]);
  });
  it('have every plural form', () => {
    const stems = Object.keys(en)
      .filter((id) => id.startsWith('count.'))
      .map((id) => id.replace(/\.\w+$/, ''));
    for (const stem of stems) expect(Object.keys(en)).toEqual(expect.arrayContaining([`${stem}.one`, `${stem}.other`]));
  });
});
