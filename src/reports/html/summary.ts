/** For the manager: the answer, what it costs, what stands in the way, what is done, what changed. */
import type { Trend, WorkItem } from '../../assessment/types.ts';
import { levels } from '../../reporters/order.ts';
import type { Verdict } from '../../types.ts';
import { itemLink, levelBadge, list, section, serviceLink, shortList, verdictBadge, verdictTone } from './bits.ts';
import { type Content, html, type Markup, prose, raw } from './markup.ts';
import { type ShownVerdict, shownVerdict, type View } from './view.ts';

const barOrder: readonly ShownVerdict[] = ['ready', 'at risk', 'blocked', 'unknown', 'not asked'];
const topLimit = 5;
const doneLimit = 8;

export function drawHeader(view: View): Markup {
  const { say, options } = view;
  return html`<header class="masthead">
<p class="eyebrow">${say('page.eyebrow')}${nameOf(view) !== '' && html` · <b>${nameOf(view)}</b>`}${options.date !== undefined && html` · ${say('page.date', { date: options.date })}`}</p>
<h1>${say('page.question')}</h1>
<p class="answer">${answer(view)}</p>
${drawBar(view)}
${drawNews(view)}
</header>`;
}

/** What was analysed: the last part of its folder when nobody named it; a saved result knows no folder. */
export const nameOf = ({ options, result }: View): string => options.name ?? result.root.split(/[\\/]/).filter(Boolean).at(-1) ?? '';

/** What could not be judged is never counted as a no. */
function answer({ say, asked, assessment }: View): string {
  const n = asked.length;
  const unknown = asked.filter(({ verdict }) => verdict === 'unknown').length;
  const ready = asked.filter(({ verdict }) => verdict === 'ready').length;
  const judged = n - unknown;
  if (assessment.services.length === 0) return say('summary.none');
  if (judged === 0) return say('summary.unjudged');
  if (ready === n) return n === 1 ? say('summary.only') : say('summary.all', { n });
  if (ready > 0) return say(unknown > 0 ? 'summary.someKnown' : 'summary.some', { ready, n, unknown });
  if (unknown > 0) return say(judged === 1 ? 'summary.noKnownOne' : 'summary.noKnown', { judged, unknown });
  return n === 1 ? say('summary.noOne') : say('summary.no', { n });
}

/** One line for those who come back; the section tells more. */
function drawNews({ say, assessment: { trend } }: View): Content {
  if (!trend) return undefined;
  const numbers = { solved: trend.solved.length, added: trend.new.length, ...trend.effort };
  return html`<p class="news"><a href="#trend">${say('trend.line', numbers)}</a></p>`;
}

/** A bar whose parts stand in the order of the words under it. */
function drawBar({ say, assessment }: View): Content {
  const counts = new Map<ShownVerdict, number>();
  for (const service of assessment.services) counts.set(shownVerdict(service), (counts.get(shownVerdict(service)) ?? 0) + 1);
  const total = assessment.services.length;
  if (total === 0) return undefined;
  let x = 0;
  const parts = barOrder.flatMap((verdict) => {
    const width = ((counts.get(verdict) ?? 0) * 1000) / total;
    const part = `<rect x="${x.toFixed(1)}" y="0" width="${Math.max(0, width - 3).toFixed(1)}" height="14" class="bar ${verdictTone(verdict)}${verdict === 'not asked' ? ' faint' : ''}"/>`;
    x += width;
    return width > 0 ? [part] : [];
  });
  const words = barOrder
    .filter((verdict) => counts.has(verdict))
    .map((verdict) => html`<li>${verdictBadge({ say } as View, verdict)} <b>${counts.get(verdict)!}</b></li>`);
  return html`<div class="verdict-bar">${raw(`<svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">${parts.join('')}</svg>`)}<ul class="legend" aria-label="${say('summary.bar')}">${words}</ul></div>`;
}

export function drawSummary(view: View): Markup {
  const { say } = view;
  return section({ id: 'summary', title: say('summary.title') }, [drawFigures(view), drawTop(view), drawDone(view)]);
}

function drawFigures({ say, assessment, findings, result }: View): Markup {
  const count = (level: string) => findings.filter((finding) => finding.level === level).length;
  const right = assessment.services.reduce((sum, { service }) => sum + service.evidence.length, 0);
  const figures: readonly (readonly [string, number, string, string])[] = [
    [say('summary.effort'), assessment.effort, say('summary.effort.how', { items: say.count('items', assessment.items.length) }), '#plan'],
    [say('summary.blockers'), count('error'), say('summary.blockers.how'), '#findings'],
    [say('summary.risks'), count('warning'), say('summary.risks.how'), '#findings'],
    [say('summary.right'), right, say('summary.right.how'), '#done'],
    [say('summary.gaps'), result.notAssessed.length, say('summary.gaps.how'), '#gaps'],
  ];
  return html`<dl class="figures">${figures.map(
    ([name, value, how, target]) =>
      html`<div><dt><a href="${target}">${name}</a></dt><dd><b>${say.number(value)}</b> <span>${how}</span></dd></div>`,
  )}</dl>`;
}

/** Work items behind blockers and risks: the worst, the most shared, the earliest first. */
function findTop({ assessment }: View): readonly WorkItem[] {
  const wave = new Map(assessment.waves.map(({ id }, index) => [id, index]));
  return assessment.items
    .filter(({ level }) => level !== 'note')
    .sort(
      (a, b) =>
        levels.indexOf(a.level) - levels.indexOf(b.level) ||
        b.services.length - a.services.length ||
        (wave.get(a.wave) ?? 0) - (wave.get(b.wave) ?? 0),
    );
}

function drawTop(view: View): Markup {
  const { say } = view;
  const top = findTop(view);
  const rows = top.slice(0, topLimit).map((item) => {
    const facts = [
      item.services.length > 0 ? say.count('services', item.services.length) : say('plan.repository'),
      say.count('points', item.effort),
      view.assessment.waves.find(({ id }) => id === item.wave)?.title ?? item.wave,
    ];
    return html`<li><p class="strong">${itemLink(view, item)} ${levelBadge(view, item.level)}</p><p class="muted">${facts.join(' · ')}</p></li>`;
  });
  const rest = top.length - rows.length;
  return html`<h3>${say('summary.top')}</h3>${
    top.length === 0
      ? html`<p>${say('summary.top.none')}</p>`
      : html`<p class="lede">${say('summary.top.lede')}</p><ol class="ranked">${rows}</ol>${rest > 0 && html`<p class="muted"><a href="#plan">${say.count('more', rest)}</a></p>`}`
  }`;
}

function drawDone(view: View): Markup {
  const { say, assessment } = view;
  const byText = new Map<string, string[]>();
  for (const { service } of assessment.services)
    for (const { text } of service.evidence) byText.set(text, [...(byText.get(text) ?? []), service.name]);
  const done = [...byText].sort((a, b) => b[1].length - a[1].length);
  const draw = ([text, names]: readonly [string, readonly string[]]): Markup =>
    html`${prose(text)} <span class="muted">${names.length > 3 ? say.count('services', names.length) : names.map((name, index) => html`${index > 0 && ', '}${serviceLink(view, name)}`)}</span>`;
  return html`<h3 id="done">${say('summary.done')}</h3>${done.length === 0 ? html`<p>${say('summary.done.none')}</p>` : shortList(view, done, doneLimit, draw, 'ticks')}`;
}

export function drawTrend(view: View, trend: Trend): Markup {
  const { say } = view;
  const figures: readonly (readonly [string, string])[] = [
    [say('trend.effort'), say('trend.effort.change', trend.effort)],
    [say('trend.solved'), say.number(trend.solved.length)],
    [say('trend.new'), say.number(trend.new.length)],
    [say('trend.unchanged'), say.number(trend.unchanged.length)],
  ];
  const changed = trend.verdicts.filter(({ before, after }) => before !== after);
  return section({ id: 'trend', title: say('trend.title') }, [
    html`<dl class="figures small">${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd><b>${value}</b></dd></div>`)}</dl>`,
    html`<h3>${say('trend.verdicts')}</h3>`,
    changed.length === 0
      ? html`<p>${say('trend.verdicts.none')}</p>`
      : html`<table><thead><tr><th scope="col">${say('services.service')}</th><th scope="col">${say('trend.before')}</th><th scope="col">${say('trend.after')}</th></tr></thead><tbody>${changed.map(
          ({ service, before, after }) =>
            html`<tr><th scope="row">${serviceLink(view, service)}</th><td>${state(view, before)}</td><td>${state(view, after)}</td></tr>`,
        )}</tbody></table>`,
    trend.solved.length > 0 &&
      html`<h3>${say('trend.solved')}</h3>${list(
        trend.solved.map(
          ({ message, rule, service }) =>
            html`${prose(message)} <span class="muted">${service !== undefined && html`${service} · `}<code>${rule}</code></span>`,
        ),
        'ticks',
      )}`,
    trend.new.length > 0 &&
      html`<h3>${say('trend.new')}</h3>${shortList(view, trend.new, 20, (fingerprint) => {
        const finding = view.finding.get(fingerprint);
        return finding ? html`<a href="#${view.anchor('finding', fingerprint)}">${prose(finding.text)}</a>` : fingerprint;
      })}`,
  ]);
}

const state = (view: View, verdict: Verdict | 'absent'): Content =>
  verdict === 'absent' ? view.say('verdict.absent') : verdictBadge(view, verdict);
