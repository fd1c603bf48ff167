/**
 * The report as one HTML file that needs nothing else: no network, no script to be read. Everything is in the markup; the script adds
 * filters, a theme switch and links into an editor. The same input gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { script, style } from 'virtual:report-page';
import type { ReportFormat } from '../report.ts';
import { drawGaps, drawMethod, drawRules } from './appendix.ts';
import { iconSheet } from './bits.ts';
import { drawDetails } from './details.ts';
import { drawFactors, drawTargets } from './factors.ts';
import { drawFindings } from './findings.ts';
import { describeIsland } from './island.ts';
import { drawMap } from './map/draw.ts';
import { type Content, islandJson, type Markup, raw, html as write } from './markup.ts';
import { drawPlan } from './plan.ts';
import { drawServices } from './services.ts';
import type { StringId } from './strings.ts';
import { drawHeader, drawSummary, drawTrend, nameOf } from './summary.ts';
import { makeView, type View } from './view.ts';

export const html: ReportFormat = {
  id: 'html',
  render: (assessment, result, options) => `<!doctype html>\n${drawDocument(makeView(result, assessment, options)).text}\n`,
};

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/** Only the one script and the one style sheet of this page; nothing is loaded, sent or framed. */
const policy = (): string =>
  [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** A drawn icon, so that a server of the file is not asked for one. */
const favicon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Ccircle cx=%228%22 cy=%228%22 r=%227%22 fill=%22%2311684a%22/%3E%3Cpath d=%22M4.6 8.3 7 10.7l4.5-5%22 fill=%22none%22 stroke=%22white%22 stroke-width=%221.8%22/%3E%3C/svg%3E';

function drawDocument(view: View): Markup {
  const { say } = view;
  return write`<html lang="${say.lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="cloudworthy ${view.options.version}">
<title>${say('page.title', { name: nameOf(view) }).trim()}</title>
<link rel="icon" href="${raw(favicon)}">
<style>${raw(style)}</style>
</head>
<body>
${iconSheet}
<a class="skip" href="#content">${say('page.skip')}</a>
<div class="page">
${drawNavigation(view)}
<main id="content" tabindex="-1">
${drawHeader(view)}
${drawSections(view)}
</main>
</div>
<script type="application/json" id="data">${islandJson(describeIsland(view))}</script>
<script>${raw(script)}</script>
</body>
</html>`;
}

const drawSections = (view: View): readonly Content[] => [
  drawSummary(view),
  view.assessment.trend && drawTrend(view, view.assessment.trend),
  drawServices(view),
  drawPlan(view),
  drawMap(view),
  drawFactors(view),
  drawTargets(view),
  drawDetails(view),
  drawFindings(view),
  drawRules(view),
  drawGaps(view),
  drawMethod(view),
];

/** Who reads what: those who decide, those who design, those who build. */
const chapters: readonly (readonly [StringId, readonly (readonly [string, StringId])[]])[] = [
  [
    'nav.decide',
    [
      ['summary', 'summary.title'],
      ['trend', 'trend.title'],
      ['services', 'services.title'],
      ['plan', 'plan.title'],
    ],
  ],
  [
    'nav.design',
    [
      ['map', 'map.title'],
      ['factors', 'factors.title'],
      ['targets', 'targets.title'],
      ['details', 'details.title'],
    ],
  ],
  [
    'nav.build',
    [
      ['findings', 'findings.title'],
      ['rules', 'rules.title'],
    ],
  ],
  [
    'nav.limits',
    [
      ['gaps', 'gaps.title'],
      ['method', 'method.title'],
    ],
  ],
];

function drawNavigation(view: View): Markup {
  const { say, assessment, findings } = view;
  const isThere = (id: string): boolean => (id !== 'trend' || assessment.trend !== undefined) && (id !== 'rules' || findings.length > 0);
  const chapter = ([title, entries]: (typeof chapters)[number]): Markup =>
    write`<div><p>${say(title)}</p><ul>${entries.filter(([id]) => isThere(id)).map(([id, text]) => write`<li><a href="#${id}">${say(text)}</a></li>`)}</ul></div>`;
  return write`<nav aria-label="${say('page.contents')}">${chapters.map(chapter)}<button type="button" id="theme" hidden>${say('page.theme')}</button></nav>`;
}
