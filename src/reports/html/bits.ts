/** Small parts that several sections share. */
import type { Factor, Gate, WorkItem } from '../../assessment/types.ts';
import type { Evidence, Finding, Level, Place } from '../../types.ts';
import { type Content, html, type Markup, prose, raw } from './markup.ts';
import { firstSentence, type ShownVerdict, type View } from './view.ts';

type Tone = 'good' | 'fair' | 'bad' | 'none';

/** Shapes differ, so that nothing hangs on colour: tick, triangle, cross in an octagon, question in a dashed ring, dash. */
const shapes: Readonly<Record<Tone | 'dash', string>> = {
  good: '<circle cx="8" cy="8" r="7" class="f"/><path d="M4.6 8.3 7 10.7l4.5-5" class="s"/>',
  fair: '<path d="M8 1.2 15.4 14.4H.6Z" class="f"/><path d="M8 6v4m0 2v.4" class="s"/>',
  bad: '<path d="M5 .9h6L15.1 5v6L11 15.1H5L.9 11V5Z" class="f"/><path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" class="s"/>',
  none: '<circle cx="8" cy="8" r="6.6" class="r"/><path d="M6.2 6.4c0-2.4 3.6-2.3 3.6-.1C9.8 7.6 8 7.7 8 9.2m0 2.2v.4" class="q"/>',
  dash: '<circle cx="8" cy="8" r="6.6" class="r"/><path d="M5.2 8h5.6" class="q"/>',
};

/** All shapes once; the page refers to them. */
export const iconSheet: Markup = raw(
  `<svg class="sheet" width="0" height="0" aria-hidden="true" focusable="false"><defs>${Object.entries(shapes)
    .map(([id, shape]) => `<symbol id="i-${id}" viewBox="0 0 16 16">${shape}</symbol>`)
    .join('')}</defs></svg>`,
);

export const icon = (shape: Tone | 'dash'): Markup =>
  raw(`<svg class="icon" width="16" height="16" aria-hidden="true" focusable="false"><use href="#i-${shape}"/></svg>`);

const verdictTones: Readonly<Record<ShownVerdict, Tone>> = {
  ready: 'good',
  'at risk': 'fair',
  blocked: 'bad',
  unknown: 'none',
  'not asked': 'none',
};
const gateTones: Readonly<Record<Gate['state'], Tone>> = { open: 'good', 'at risk': 'fair', closed: 'bad', unknown: 'none' };
const factorTones: Readonly<Record<Factor['state'], Tone>> = { met: 'good', partly: 'fair', violated: 'bad', 'not assessed': 'none' };
export const levelTones: Readonly<Record<Level, Tone>> = { error: 'bad', warning: 'fair', note: 'none' };
export const verdictTone = (verdict: ShownVerdict): Tone => verdictTones[verdict];

const badge = (tone: Tone, shape: Tone | 'dash', text: string): Markup =>
  html`<span class="badge ${tone}">${icon(shape)}<span>${text}</span></span>`;

export const verdictBadge = ({ say }: View, verdict: ShownVerdict): Markup =>
  badge(verdictTones[verdict], verdict === 'not asked' ? 'dash' : verdictTones[verdict], say(`verdict.${verdict}`));
export const gateBadge = ({ say }: View, state: Gate['state']): Markup => badge(gateTones[state], gateTones[state], say(`gate.${state}`));
export const factorBadge = ({ say }: View, state: Factor['state']): Markup =>
  badge(factorTones[state], state === 'not assessed' ? 'dash' : factorTones[state], say(`factor.${state}`));
/** The answer beside its verdict, which is not said twice (`Unknown: no manifest says how it runs`). */
export function verdictAndAnswer(view: View, verdict: ShownVerdict, answer: string): Markup {
  const word = `${view.say(`verdict.${verdict}`)}: `;
  return html`${verdictBadge(view, verdict)} <span>${prose(answer.startsWith(word) ? answer.slice(word.length) : answer)}</span>`;
}
/** Without an icon: there can be thousands. */
export const levelBadge = ({ say }: View, level: Level): Markup => html`<span class="level ${level}">${say(`level.${level}`)}</span>`;

/** A state as its shape alone, named for those who do not see it. */
export const gateMark = ({ say }: View, state: Gate['state']): Markup =>
  html`<span class="mark ${gateTones[state]}">${icon(gateTones[state])}<span class="mark-text">${say(`gate.${state}`)}</span></span>`;
export const factorMark = ({ say }: View, state: Factor['state']): Markup =>
  html`<span class="mark ${factorTones[state]}" title="${say(`factor.${state}`)}">${icon(state === 'not assessed' ? 'dash' : factorTones[state])}<span class="hidden-text">${say(`factor.${state}`)}</span></span>`;

/** `path:line`, a link where the options say where sources are. */
export function placeRef(view: View, place: Place): Markup {
  const text = html`<code class="at">${place.path}:${place.line}</code>`;
  const address = view.sourceLink(place);
  return address === undefined ? text : html`<a href="${address}" rel="noreferrer">${text}</a>`;
}

export const list = (items: readonly Content[], className = 'plain', rest?: Content): Content =>
  items.length > 0 && html`<ul class="${className}">${items.map((item) => html`<li>${item}</li>`)}${rest}</ul>`;

/** The first ones, and how many more there are. */
export function shortList<T>(view: View, items: readonly T[], limit: number, draw: (item: T) => Content, className = 'plain'): Content {
  const shown = items.length > limit + 1 ? items.slice(0, limit) : items;
  const rest = items.length - shown.length;
  return list(shown.map(draw), className, rest > 0 && html`<li class="rest">${view.say.count('more', rest)}</li>`);
}

export const evidenceItem =
  (view: View) =>
  ({ text, place }: Evidence): Markup =>
    html`${prose(text)} ${placeRef(view, place)}`;

/** A finding in one line, as a link to where it is told in full. */
export function findingLink(view: View, finding: Finding): Markup {
  const anchor = view.anchor('finding', finding.fingerprint);
  return html`${levelBadge(view, finding.level)} <a href="#${anchor}">${prose(firstSentence(finding.text))}</a> ${placeRef(view, finding.place)}`;
}

export function findingItem(view: View, fingerprint: string): Content {
  const finding = view.finding.get(fingerprint);
  return finding ? findingLink(view, finding) : html`<code>${fingerprint}</code>`;
}

export function serviceLink(view: View, name: string): Markup {
  const known = view.assessment.services.some(({ service }) => service.name === name);
  return known ? html`<a href="#${view.anchor('service', name)}">${name}</a>` : html`${name}`;
}

export const itemLink = (view: View, item: WorkItem): Markup => html`<a href="#${view.anchor('work', item.id)}">${prose(item.title)}</a>`;

export interface SectionInput {
  readonly id: string;
  readonly title: string;
  readonly lede?: string;
}

/** A part of the page with its heading, or nothing when it has no content. */
export const section = ({ id, title, lede }: SectionInput, content: Content): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${lede !== undefined && html`<p class="lede">${prose(lede)}</p>`}${content}</section>`;

/** A wide table or drawing that scrolls by itself, reachable by keyboard. */
export const scroller = (label: string, content: Content): Markup =>
  html`<div class="scroller" role="region" aria-label="${label}" tabindex="0">${content}</div>`;

/** Words for the kind of a service and where it runs. */
export function describeKind({ say }: View, kind: string, platforms: readonly string[]): string {
  const id = `kind.${kind}` as 'kind.http';
  return [say(id), ...platforms.map((platform) => platformNames[platform] ?? platform)].join(' · ');
}
const platformNames: Readonly<Record<string, string>> = {
  kubernetes: 'Kubernetes',
  compose: 'Compose',
  'cloud-foundry': 'Cloud Foundry',
  ecs: 'Amazon ECS',
  'cloud-run': 'Cloud Run',
  heroku: 'Heroku',
  other: 'other',
};
