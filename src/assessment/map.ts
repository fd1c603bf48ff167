/** The services map: code ↔ image ↔ workload ↔ service ↔ what it uses. Nodes and edges come in order of their ids. */
import type { Confidence, ServiceResult, Use, Verdict } from '../types.ts';
import type { Say } from './phrases.ts';
import type { MapEdge, MapNode, ServicesMap } from './types.ts';

interface Mapped {
  readonly service: ServiceResult;
  readonly verdict: Verdict;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const serviceId = (name: string): string => `service:${name}`;

/** Why code and image, or image and workload, were joined; the link that names the place. */
function whyJoined({ links }: ServiceResult, path: string, say: Say): { readonly because: string; readonly confidence: Confidence } {
  const link = links.find(({ from, to, places }) => from === path || to === path || places.some((place) => place.path === path));
  return link ? { because: link.because, confidence: link.confidence } : { because: say('map.same-service'), confidence: 'certain' };
}

class Drawing {
  readonly #nodes = new Map<string, MapNode>();
  readonly #edges = new Map<string, MapEdge>();
  readonly #say: Say;

  constructor(say: Say) {
    this.#say = say;
  }

  addService({ service, verdict }: Mapped): void {
    const { name, kind, place } = service;
    const id = serviceId(name);
    this.#node({ id, kind: kind === 'database' ? 'store' : 'service', label: name, service: name, verdict, place });
    const code = this.#addCode(service);
    const images = new Set(service.images.map((image) => this.#addImage(service, image, code)));
    for (const workload of service.workloads) this.#addWorkload(service, workload, code);
    if (!service.workloads.length) for (const image of images) this.#edge(image, id, 'map.runs', this.#say('map.same-service'), 'certain');
    if (!service.workloads.length && !images.size && code) this.#edge(code, id, 'map.runs', this.#say('map.same-service'), 'certain');
  }

  addUses({ service }: Mapped): void {
    for (const use of service.uses) {
      const id = this.#addUsed(use);
      this.#edge(serviceId(service.name), id, use.kind === 'service' ? 'map.calls' : 'map.uses', use.because, use.confidence);
    }
  }

  #addCode({ name, root }: ServiceResult): string | undefined {
    if (root === undefined) return undefined;
    return this.#node({ id: `code:${root}:${name}`, kind: 'code', label: root || '.', service: name });
  }

  #addImage(service: ServiceResult, { name, place }: ServiceResult['images'][number], code: string | undefined): string {
    const id = this.#node({ id: `image:${name}`, kind: 'image', label: name, place });
    const { because, confidence } = whyJoined(service, name, this.#say);
    if (code) this.#edge(code, id, 'map.built', because, confidence);
    return id;
  }

  #addWorkload(service: ServiceResult, workload: ServiceResult['workloads'][number], code: string | undefined): void {
    const { platform, kind, name, place, image } = workload;
    const label = `${kind} ${name} (${this.#say(`platform.${platform}`)})`;
    const id = this.#node({
      id: `workload:${service.name}:${platform}:${kind}:${name}`,
      kind: 'workload',
      label,
      service: service.name,
      place,
    });
    const from = image === undefined ? code : `image:${image}`;
    const { because, confidence } = whyJoined(service, place.path, this.#say);
    if (from !== undefined) this.#edge(from, id, image === undefined ? 'map.deployed' : 'map.started', because, confidence);
    this.#edge(id, serviceId(service.name), 'map.runs', this.#say('map.same-service'), 'certain');
  }

  #addUsed(use: Use): string {
    const own = serviceId(use.name);
    if (use.kind !== 'external' && this.#nodes.has(own)) return own;
    const kind = use.kind === 'store' ? 'store' : 'external';
    const label = use.technology && use.technology !== use.name ? `${use.name} (${use.technology})` : use.name;
    return this.#node({ id: `${kind}:${use.name}`, kind, label, place: use.place });
  }

  #node(node: MapNode): string {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, node);
    return node.id;
  }

  #edge(
    from: string,
    to: string,
    label: 'map.runs' | 'map.built' | 'map.started' | 'map.deployed' | 'map.uses' | 'map.calls',
    because: string,
    confidence: Confidence,
  ): void {
    const key = `${from}\0${to}`;
    if (!this.#edges.has(key)) this.#edges.set(key, { from, to, label: this.#say(label), because, confidence });
  }

  end(): ServicesMap {
    const edges = [...this.#edges.values()].filter(({ from, to }) => this.#nodes.has(from) && this.#nodes.has(to));
    return {
      nodes: [...this.#nodes.values()].sort((a, b) => compare(a.id, b.id)),
      edges: edges.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to)),
    };
  }
}

export function drawMap(services: readonly Mapped[], say: Say): ServicesMap {
  const drawing = new Drawing(say);
  for (const service of services) drawing.addService(service);
  for (const service of services) drawing.addUses(service);
  return drawing.end();
}
