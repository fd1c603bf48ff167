/** Results and reports in Korean, from samples as their owners would run them. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { assess, readSavedResult } from '../../src/assessment/index.ts';
import { localeOf, localise, sayOf } from '../../src/locales/index.ts';
import { makeTranslate } from '../../src/locales/templates.ts';
import { json } from '../../src/reporters/json.ts';
import { markdown as summary } from '../../src/reporters/markdown.ts';
import { pretty } from '../../src/reporters/pretty.ts';
import { html } from '../../src/reports/html/index.ts';
import { markdown } from '../../src/reports/markdown.ts';
import { analyse, listRules } from '../../src/session.ts';
import type { Result } from '../../src/types.ts';

const options = { color: false, width: 100, links: false, version: '1.2.3', verbose: false };
const report = { lang: 'ko', version: '1.2.3' } as const;

/** Words in Latin letters that Korean text has, too: names of products, libraries, standards and of this sample. */
const allowed = new Set(
  [
    'II IV compose kubernetes cloudworthy HTTP API CPU SIGTERM IX VI VII VIII III XI XII PORT json CI ECS EFS CronJob Redis root',
    'Kubernetes Cloud Foundry Run Fly Nomad Render App Engine Railway SIGINT Compose Swarm Amazon Fargate Application Auto Scaling Migration Toolkit for Applications',
    'Deployment HorizontalPodAutoscaler PodDisruptionBudget ReadWriteOnce Dockerfile VS Code gRPC WebSocket',
    'express session socket io node cron postgres postgresql http cpu orders web service payments example com',
    'request baseline DATABASE URL ORDERS SESSION SECRET SHOP CURRENCY healthz health CSV verbose fix unsafe diff explain dest',
    // Documentation of rules names products, kinds and levels.
    'shop KEDA ScaledObject prom client OpenTelemetry SDK scalable target Job DaemonSet StatefulSet fetch axios got opossum cockatiel ConfigMap Secret',
    'RestTemplate RestClient WebClient HttpClient JAX RS Spring Resilience Blazor Server Go',
    'schedule BullMQ Agenda GCS Azure Blob note graceful shutdown Node js Nest fastify close with grace terminator exec tini init',
  ]
    .join(' ')
    .split(' '),
);
/** What stands in code, addresses and paths is nobody's prose. */
const latinWords = (text: string): readonly string[] =>
  [
    ...new Set(
      text
        .replaceAll(/https?:\/\/\S+/g, ' ')
        .replaceAll(/[\w.@-]*\/[\w./@-]*/g, ' ')
        .match(/[A-Za-z]{2,}/g) ?? [],
    ),
  ].filter((word) => !allowed.has(word));

describe('a result in Korean', () => {
  let result: Result;
  let korean: Result;
  beforeAll(() => {
    result = analyse({ root: join(import.meta.dirname, '../../fixtures/apps/shop'), cache: false, git: false });
    korean = localise(result, localeOf('ko'));
  });

  it('says every finding, gap and answer in Korean, and moves nothing', () => {
    const said = [
      ...korean.findings.flatMap(({ text, consequence, next, related }) => [
        text,
        consequence,
        next,
        ...related.map(({ message }) => message),
      ]),
      ...korean.services.flatMap(({ answer, evidence, links }) => [
        answer,
        ...evidence.map(({ text }) => text),
        ...links.map(({ because }) => because),
      ]),
      ...korean.notAssessed.map(({ message }) => message),
      ...korean.findings.flatMap((finding) => korean.fixes(finding).map(({ title }) => title)),
    ];
    expect(said.length).toBeGreaterThan(50);
    expect(said.filter((text) => !/[가-힣]/.test(text))).toEqual([]);
    const bare = ({ findings }: Result) =>
      findings.map(({ rule, fingerprint, place, level, data }) => ({ rule, fingerprint, place, level, data }));
    expect(bare(korean)).toEqual(bare(result));
    expect(korean.findings.map((finding) => korean.fixes(finding).map(({ edits }) => edits))).toEqual(
      result.findings.map((finding) => result.fixes(finding).map(({ edits }) => edits)),
    );
  });

  it('is the same from a saved result', () => {
    const saved = readSavedResult('saved.json', json.render(result, options), listRules());
    const again = localise(saved, localeOf('ko'));
    const said = ({ findings, services }: Result) => [findings.map(({ text, next }) => [text, next]), services.map(({ answer }) => answer)];
    const bySaved = new Map(again.findings.map((finding) => [finding.fingerprint, finding]));
    expect(said({ ...again, findings: korean.findings.map(({ fingerprint }) => bySaved.get(fingerprint)!) })).toEqual(said(korean));
  });

  it('leaves no English in a report, a summary or at a terminal, except code and names', () => {
    const assessment = assess(korean, { say: sayOf('ko') });
    const page = html
      .render(assessment, korean, report)
      .replaceAll(/<(script|style|pre|code|title)\b[^>]*>[\s\S]*?<\/\1>/g, ' ')
      .replaceAll(/<text\b[^>]*class="[^"]*mono[^"]*"[^>]*>[\s\S]*?<\/text>/g, ' ')
      .replaceAll(/<[^>]*>/g, ' ');
    expect(latinWords(page)).toEqual([]);
    const document = markdown
      .render(assessment, korean, report)
      .replaceAll(/<code>.*?<\/code>/g, ' ')
      .replaceAll(/<[^>]*>/g, ' ');
    expect(latinWords(document)).toEqual([]);
    const told = summary
      .render(korean, { ...options, lang: 'ko' })
      .replaceAll(/<code>.*?<\/code>/g, ' ')
      .replaceAll(/<[^>]*>/g, ' ');
    expect(latinWords(told)).toEqual([]);
    const terminal = pretty
      .render(korean, { ...options, lang: 'ko', width: 1000 })
      .replaceAll(/^.*[│╭├].*$/gm, ' ')
      .replaceAll(/`[^`]*`/g, ' ')
      .replaceAll(/[✖▲•] \S+ · [a-z-]+|explain [a-z-]+/g, ' ');
    expect(latinWords(terminal)).toEqual([]);
  });
});

describe('fragments', () => {
  const translate = makeTranslate({
    'it runs {count} copies': '{count}개',
    'No: {why}': '아니요: {why}',
    'uses `{name}` at {where}': '{where}: `{name}`',
    here: '여기',
  });
  it.each([
    ['it runs three copies', '3개'],
    ['it runs some copies', 'it runs some copies'],
    ['No: it runs 4 copies', '아니요: 4개'],
    ['uses `here` at here', '여기: `here`'],
    ['No: {why}', '아니요: {why}'],
    ['text of nobody', 'text of nobody'],
  ])('%s', (text, expected) => expect(translate(text)).toBe(expected));
});
