/** For the developer: every finding with both sides of the evidence, by service. */

import { homeOf, servicesOf } from '../../text/finding-questions.ts';
import { groupBy } from '../../text/group-by.ts';
import type { Finding, Fix } from '../../types.ts';
import { levelBadge, list, placeRef, section, serviceLink, shortList } from './bits.ts';
import { drawExcerpt } from './excerpt.ts';
import { type Content, html, type Markup, prose } from './markup.ts';
import type { View } from './view.ts';

/** Places with their lines; the others are named. */
const excerptLimit = 4;
const placeLimit = 20;

export function drawFindings(view: View): Markup {
  const { say, findings } = view;
  const groups = groupFindings(view);
  return section({ id: 'findings', title: say('findings.title'), lede: say('findings.lede') }, [
    findings.length === 0 ? html`<p>${say('findings.none')}</p>` : [drawToolbar(view), groups.map((group) => drawGroup(view, group))],
  ]);
}

interface Group {
  readonly service?: string;
  readonly findings: readonly Finding[];
}

/** Services in the order of the page, then what belongs to none. */
export function groupFindings({ findings, asked, others }: View): readonly Group[] {
  const names = [...asked, ...others].map(({ service }) => service.name);
  const known = new Set(names);
  const byService = groupBy(findings, (finding) => {
    const home = homeOf(finding);
    return home !== undefined && known.has(home) ? home : undefined;
  });
  const groups: readonly Group[] = [...names, undefined].map((service) => ({ service, findings: byService.get(service) ?? [] }));
  return groups.filter((group) => group.findings.length > 0);
}

function drawGroup(view: View, { service, findings }: Group): Markup {
  const { say } = view;
  return html`<section class="group"><h3>${service ?? say('findings.repository')} <span class="muted">${say.count('findings', findings.length)}</span></h3>${findings.map((finding) => drawFinding(view, finding))}</section>`;
}

function drawFinding(view: View, finding: Finding): Markup {
  const { say } = view;
  const { level, text, place, consequence, next, related, status, fingerprint } = finding;
  const shown = related.slice(0, excerptLimit - 1);
  const named = related.slice(shown.length, placeLimit);
  const rest = related.length - shown.length - named.length;
  const isNew = status === 'new' || view.assessment.trend?.new.includes(fingerprint);
  return html`<details class="finding"><summary>${levelBadge(view, level)}<span class="grow">${prose(text)}</span>${isNew && html`<span class="pill">${say('findings.new')}</span>`}${placeRef(view, place)}</summary><div class="body" id="${view.anchor('finding', fingerprint)}"><p>${prose(consequence)}</p>${drawExcerpt(view, place)}${shown.map(
    (entry) => drawExcerpt(view, entry.place, entry.message),
  )}${
    named.length > 0 &&
    html`<p class="label">${say('findings.moreFiles')}</p>${list([...named.map((entry) => html`${placeRef(view, entry.place)} ${prose(entry.message)}`), ...(rest > 0 ? [say.count('more', rest)] : [])])}`
  }${drawConcerns(view, finding)}<p><b>${say('findings.next')}</b> ${prose(next)}</p>${drawFixes(view, view.result.fixes(finding))}${drawOrigin(view, finding)}</div></details>`;
}

/** The services that it counts for, where its group does not tell. */
function drawConcerns(view: View, finding: Finding): Content {
  const names = servicesOf(finding).filter((name) => name !== homeOf(finding));
  return (
    names.length > 0 &&
    html`<div><b>${view.say('findings.counts')}</b>${shortList(view, names, placeLimit, (name) => serviceLink(view, name))}</div>`
  );
}

function drawFixes({ say }: View, fixes: readonly Fix[]): Content {
  const draw = ({ title, safe }: Fix): Markup =>
    html`${prose(title)} <span class="muted">${prose(say(safe ? 'findings.fix.safe' : 'findings.fix.unsafe'))}</span>`;
  return fixes.length > 0 && html`<div><b>${say('findings.fix')}</b>${list(fixes.slice(0, 3).map(draw))}</div>`;
}

/** Which rule found it, how sure it is, and the work that it is part of. */
function drawOrigin(view: View, { rule, confidence, fingerprint }: Finding): Markup {
  const { say } = view;
  const item = view.itemOf.get(fingerprint);
  return html`<p class="muted"><a href="#${view.anchor('rule', rule)}"><code>${rule}</code></a> · ${say(`confidence.${confidence}`)}: ${say(`confidence.${confidence}.means`)}${
    item && html` · <a href="#${view.anchor('work', item.id)}">${say('findings.work')}</a> (${say.count('points', item.effort)})`
  }</p>`;
}

/** Works only with the script, which shows it. Its choices are filled by the script, from the data island. */
function drawToolbar({ say }: View): Markup {
  const choice = (name: 'service' | 'level' | 'wave' | 'factor'): Markup =>
    html`<label>${say(`findings.filter.${name}`)}<select name="${name}"><option value="">${say('findings.filter.any')}</option></select></label>`;
  return html`<form class="toolbar" id="filters" hidden aria-label="${say('findings.filter')}"><label class="search">${say('findings.search')}<input type="search" name="text" placeholder="${say('findings.search.hint')}" autocomplete="off" spellcheck="false"></label>${choice('service')}${choice('level')}${choice('wave')}${choice('factor')}<label class="check" id="only-new" hidden><input type="checkbox" name="new"> ${say('findings.filter.new')}</label><div class="actions"><button type="reset">${say('findings.filter.reset')}</button><button type="button" id="expand">${say('findings.expand')}</button><button type="button" id="collapse">${say('findings.collapse')}</button></div><p role="status" id="shown" class="muted"></p><details class="editor"><summary>${say('findings.open')}</summary><label>${say('findings.editor')}<input type="text" name="editor" placeholder="${say('findings.editor.hint')}" autocomplete="off" spellcheck="false"></label></details></form>`;
}
