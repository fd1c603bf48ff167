/** The services map as SVG, with the same as a list. Colours come from the page, so it follows its theme. */
import stringWidth from 'string-width';
import type { MapEdge, MapNode, ServicesMap } from '../../../assessment/types.ts';
import { list, placeRef, scroller, section, verdictTone } from '../bits.ts';
import { type Content, html, type Markup, prose, raw } from '../markup.ts';
import type { View } from '../view.ts';
import { type Box, type Column, drumRim, type Layout, type Line, layOut, lineHeight, roomIn } from './layout.ts';
import { mergeAlike } from './merge-alike.ts';

/** Above, nobody could read the drawing. */
const nodeLimit = 400;
const edgeLimit = 1500;

export function drawMap(view: View): Markup {
  const { say, assessment } = view;
  const map = mergeAlike(assessment.map);
  const sizes = { nodes: say.count('nodes', map.nodes.length), links: say.count('links', map.edges.length) };
  const tooLarge = map.nodes.length > nodeLimit || map.edges.length > edgeLimit;
  const drawing = tooLarge
    ? html`<p>${say('map.too-large', sizes)}</p>`
    : [scroller(say('map.scroll'), drawSvg(view, layOut(map), say('map.desc', sizes))), drawLegend(view, map)];
  return section(
    { id: 'map', title: say('map.title'), lede: say('map.lede') },
    map.nodes.length === 0 ? html`<p>${say('map.none')}</p>` : [drawing, drawList(view, assessment.map)],
  );
}

function drawSvg(view: View, { width, height, columns, boxes, lines }: Layout, description: string): Markup {
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="map-name map-desc"><title id="map-name">${view.say('map.title')}</title><desc id="map-desc">${description}</desc>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse"><path d="M1 1 7.5 4 1 7" class="arrow"/></marker></defs>
<g class="heads" aria-hidden="true">${columns.map((column) => drawHead(view, column))}</g>
<g class="edges" aria-hidden="true">${lines.map((line) => drawLine(line, boxes))}</g>
<g class="nodes">${boxes.map((box, index) => drawBox(view, box, index))}</g></svg>`;
}

const drawHead = ({ say }: View, { x, kinds }: Column): Markup =>
  html`<text x="${x}" y="16">${kinds.map((kind) => say(`map.kind.${kind}`)).join(' · ')}</text>`;

/** Holds the numbers of its ends, for the script that lights up what belongs to a box. */
function drawLine({ edge, path, from, to }: Line, boxes: readonly Box[]): Markup {
  const words = html`${boxes[from]!.node.label} ${edge.label} ${boxes[to]!.node.label}: ${edge.because}`;
  return html`<path d="${path}" class="edge ${edge.confidence}" marker-end="url(#arrow)" data-ends="${from} ${to}"><title>${words}</title></path>`;
}

function drawBox(view: View, box: Box, index: number): Markup {
  const { node, x, y, width, height, lines } = box;
  const { say } = view;
  const tone = node.verdict && verdictTone(node.verdict);
  const words = [`${say(`map.kind.${node.kind}`)} ${node.label}`, ...(node.verdict ? [say(`verdict.${node.verdict}`)] : [])].join(', ');
  const mark = tone && raw(`<use href="#i-${tone}" x="${x + width - 24}" y="${y + height / 2 - 7}" width="14" height="14"/>`);
  const first = y + (height + (node.kind === 'store' ? drumRim : 0)) / 2 - ((lines.length - 1) * lineHeight) / 2 + 4;
  const text = lines.map((line, row) => html`<text x="${x + 12}" y="${first + row * lineHeight}"${fitText(line, node)}>${line}</text>`);
  const drawing = html`<g class="node ${node.kind} ${tone}" data-node="${index}"><title>${words}</title>${drawShape(box)}${text}${mark}</g>`;
  const target = findTarget(view, node);
  return target === undefined ? drawing : html`<a href="${target}" aria-label="${words}">${drawing}</a>`;
}

/** A word that is wider than its box. */
const fitText = (line: string, node: MapNode): Content =>
  stringWidth(line) > roomIn(node) && raw(` textLength="${roomIn(node) * 6.6}" lengthAdjust="spacingAndGlyphs"`);

/** A store is a drum, an image has a folded corner, what lies outside has a broken line, everything else is a box. */
function drawShape({ node: { kind }, x, y, width, height }: Box): Markup {
  if (kind === 'store') {
    const dip = drumRim / 2 + 1;
    const body = `M${x} ${y + dip}a${width / 2} ${dip} 0 0 1 ${width} 0v${height - 2 * dip}a${width / 2} ${dip} 0 0 1 ${-width} 0Z`;
    return raw(`<path class="shape" d="${body}"/><path class="rim" d="M${x} ${y + dip}a${width / 2} ${dip} 0 0 0 ${width} 0"/>`);
  }
  if (kind === 'image') {
    const fold = 11;
    const body = `M${x} ${y}h${width - fold}l${fold} ${fold}v${height - fold}h${-width}Z`;
    return raw(`<path class="shape" d="${body}"/><path class="rim" d="M${x + width - fold} ${y}v${fold}h${fold}"/>`);
  }
  const round = kind === 'workload' || kind === 'service' ? 10 : 3;
  return raw(`<rect class="shape" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`);
}

const findTarget = (view: View, { service }: MapNode): string | undefined =>
  service !== undefined && view.assessment.services.some((entry) => entry.service.name === service)
    ? `#${view.anchor('service', service)}`
    : undefined;

/** How sure the connections are that occur. */
function drawLegend({ say }: View, { edges }: ServicesMap): Content {
  const confidences = (['certain', 'likely', 'guess'] as const).filter((confidence) =>
    edges.some((edge) => edge.confidence === confidence),
  );
  const sample = (confidence: string): Markup =>
    html`<svg class="sample-line" width="36" height="8" viewBox="0 0 36 8" aria-hidden="true" focusable="false"><path d="M0 4H36" class="edge ${confidence}"/></svg>`;
  return list(
    confidences.map(
      (confidence) => html`${sample(confidence)} ${say(`confidence.${confidence}`)}: ${say(`confidence.${confidence}.means`)}`,
    ),
    'legend',
  );
}

function drawList(view: View, { nodes, edges }: ServicesMap): Markup {
  const { say } = view;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const alone = nodes.filter(({ id }) => !linked.has(id));
  const name = (id: string): Content => {
    const node = byId.get(id);
    return node ? drawName(view, node) : id;
  };
  const row = ({ from, to, label, because, confidence }: MapEdge): Markup =>
    html`<tr><td>${name(from)}</td><td>${label}</td><td>${name(to)}</td><td>${prose(because)}</td><td>${say(`confidence.${confidence}`)}</td></tr>`;
  const heads = [say('map.from'), say('map.relation'), say('map.to'), say('map.because'), say('map.confidence')];
  return html`<details class="why screen-only"><summary>${say('map.list')}</summary>${
    edges.length > 0 &&
    html`<table class="stack"><thead><tr>${heads.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead><tbody>${edges.map(row)}</tbody></table>`
  }${alone.length > 0 && html`<p class="label">${say('map.alone')}</p>${list(alone.map((node) => drawName(view, node)))}`}</details>`;
}

const drawName = (view: View, { kind, label, place }: MapNode): Markup =>
  html`<span class="muted">${view.say(`map.kind.${kind}`)}</span> <b>${label}</b>${place && html` ${placeRef(view, place)}`}`;
