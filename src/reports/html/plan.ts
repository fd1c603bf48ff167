/** Work items in waves. */
import type { Wave, WorkItem } from '../../assessment/types.ts';
import { findingItem, itemLink, levelBadge, list, section, serviceLink, shortList } from './bits.ts';
import { type Content, html, type Markup, prose } from './markup.ts';
import type { View } from './view.ts';

const placeLimit = 10;
const fileLimit = 12;

export function drawPlan(view: View): Markup {
  const { say, assessment } = view;
  const waves = assessment.waves.map((wave, index) => drawWave(view, wave, index + 1));
  return section(
    { id: 'plan', title: say('plan.title'), lede: say('plan.lede') },
    assessment.items.length === 0 ? html`<p>${say('plan.none')}</p>` : html`<ol class="waves">${waves}</ol>`,
  );
}

function drawWave(view: View, wave: Wave, number: number): Markup {
  const { say } = view;
  const items = wave.items.flatMap((id) => view.item.get(id) ?? []);
  const size = `${say.count('items', items.length)} · ${say.count('points', wave.effort)}`;
  return html`<li class="wave" id="wave-${number}"><h3><span class="ordinal">${number}</span> ${wave.title} <span class="muted">${size}</span></h3>${drawOpens(view, wave)}${
    items.length === 0
      ? html`<p class="muted">${say('plan.empty')}</p>`
      : html`<div class="items">${items.map((item) => drawItem(view, item))}</div>`
  }</li>`;
}

/** Gates that turn green, by service. */
function drawOpens(view: View, { opens }: Wave): Content {
  if (opens.length === 0) return undefined;
  const byService = new Map<string, string[]>();
  for (const { service, gate } of opens) byService.set(service, [...(byService.get(service) ?? []), view.say(`gate.${gate}`)]);
  const draw = ([service, gates]: readonly [string, readonly string[]]): Markup =>
    html`<b>${serviceLink(view, service)}</b> ${gates.join(', ')}`;
  return html`<div class="opens"><p class="label">${view.say('plan.opens')}</p>${shortList(view, [...byService], 8, draw, 'ticks inline')}</div>`;
}

function drawItem(view: View, item: WorkItem): Markup {
  const { say } = view;
  const scope =
    item.services.length === 0
      ? say('plan.repository')
      : item.services.length > 2
        ? say.count('services', item.services.length)
        : item.services.join(', ');
  const fix = item.fix && html`<span class="pill">${say(`plan.fix.${item.fix}.short`)}</span>`;
  const rows: readonly (readonly [string, Content])[] = [
    [say('plan.next'), prose(item.next)],
    [say('plan.effort'), html`${say.count('points', item.effort)} <span class="muted">${item.formula}</span>`],
    [
      say('plan.services'),
      item.services.length > 0 && item.services.map((name, index) => html`${index > 0 && ', '}${serviceLink(view, name)}`),
    ],
    [say('plan.after'), list(item.dependsOn.flatMap((id) => view.item.get(id) ?? []).map((other) => itemLink(view, other)))],
    [say('plan.fix'), item.fix && prose(say(`plan.fix.${item.fix}`))],
    [say('plan.files'), shortList(view, item.files, fileLimit, (path) => html`<code class="at">${path}</code>`)],
    [say('plan.findings'), shortList(view, item.findings, placeLimit, (fingerprint) => findingItem(view, fingerprint))],
    [say('findings.rule'), html`<a href="#${view.anchor('rule', item.rule)}"><code>${item.rule}</code></a>`],
  ];
  return html`<details class="item"><summary>${levelBadge(view, item.level)}<span class="grow">${prose(item.title)} <span class="muted">${scope} · ${say.count('places', item.occurrences)}</span></span>${fix} <span class="points">${say.count('points', item.effort)}</span></summary><dl class="rows" id="${view.anchor('work', item.id)}">${rows.map(
    ([name, value]) => value !== undefined && value !== false && html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl></details>`;
}
