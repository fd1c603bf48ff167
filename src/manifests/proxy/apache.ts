/** Apache: balancers of mod_proxy_balancer and mod_jk that follow a session to its server. */
import { readProperties } from '../../text/properties-document.ts';
import { type ProxyServer, pinFacts } from '../../text/proxy/pool.ts';
import { type Row, readRows } from '../../text/proxy/rows.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import { isSample } from './names.ts';

interface Balancer {
  readonly members: { readonly address: string; readonly routed: boolean; readonly spare: boolean }[];
  sticky?: Place;
  open: boolean;
}

const balancerName = (word: string): string | undefined =>
  /^balancer:\/\/([^/>\s]{1,200})/i.exec(word.replace(/^</, ''))?.[1]?.toLowerCase();

class Balancers {
  readonly #byName = new Map<string, Balancer>();
  #current: string | undefined;

  of(name: string): Balancer {
    const known = this.#byName.get(name);
    if (known) return known;
    const made: Balancer = { members: [], open: false };
    this.#byName.set(name, made);
    return made;
  }

  all(): readonly Balancer[] {
    return [...this.#byName.values()];
  }

  read({ words, place }: Row): void {
    const [first = '', ...rest] = words.map((word) => word.replace(/>$/, ''));
    const directive = first.toLowerCase();
    if (directive === '<proxy') this.#current = balancerName(rest[0] ?? '');
    else if (directive === '</proxy') this.#current = undefined;
    const name = rest.map(balancerName).find((found) => found !== undefined) ?? this.#current;
    if (name === undefined) return;
    const balancer = this.of(name);
    if (directive === 'balancermember') readMember(balancer, rest);
    else if (/^(?:<\?|<%|\{[{%]|include)/.test(directive)) balancer.open = true;
    else if (/^(?:proxyset|proxypass|proxypassmatch|<proxy)$/.test(directive)) {
      if (rest.some((word) => /^stickysession=./i.test(word))) balancer.sticky ??= place;
    }
  }
}

function readMember(balancer: Balancer, words: readonly string[]): void {
  const address = words.find((word) => balancerName(word) === undefined);
  if (address === undefined) return;
  const routed = words.some((word) => /^route=./i.test(word));
  const spare = words.some((word) => /^status=[+]?[hd]/i.test(word));
  balancer.members.push({ address, routed, spare });
}

/** A cookie leads back only to members that have a `route`. */
function extractBalancers(file: SourceFile): Extraction {
  const balancers = new Balancers();
  for (const row of readRows(file)) balancers.read(row);
  const facts = balancers.all().flatMap(({ members, sticky, open }): readonly AnyFact[] => {
    const routed = members.filter((member) => member.routed);
    if (!sticky || (routed.length === 0 && !open)) return [];
    return pinFacts({ how: '`stickysession` of Apache', place: sticky, servers: members, open });
  });
  return { facts, notAssessed: [] };
}

/** A load balancer of mod_jk follows sessions unless it is told not to (Tomcat connectors, workers.properties). */
function extractWorkers(file: SourceFile): Extraction {
  const properties = readProperties(file);
  const get = (key: string) => properties.findLast((one) => one.key === key);
  const facts = properties.flatMap(({ key, value, place }): readonly AnyFact[] => {
    const name = /^worker\.([\w.-]{1,200})\.balance(?:_|d_)workers$/.exec(key)?.[1];
    const sticky = get(`worker.${name}.sticky_session`);
    if (name === undefined || get(`worker.${name}.type`)?.value !== 'lb' || /^(?:0|false|no|off|f|n)$/i.test(sticky?.value ?? ''))
      return [];
    const servers = value
      .split(/[\s,]+/)
      .filter(Boolean)
      .slice(0, 200)
      .map((worker): ProxyServer => {
        const host = get(`worker.${worker}.host`)?.value ?? worker;
        return {
          address: `${host}:${get(`worker.${worker}.port`)?.value ?? '8009'}`,
          spare: get(`worker.${worker}.activation`) !== undefined,
        };
      });
    return pinFacts({ how: 'sticky sessions of mod_jk', place: sticky?.place ?? place, servers, open: false });
  });
  return { facts, notAssessed: [] };
}

const workersFile = /(?:^|\/)[\w.-]*workers?\.properties(?:\.(?:template|tmpl|tpl|j2|erb))?$/i;
const mayBe = (path: string): boolean =>
  (workersFile.test(path) ||
    /\.(?:conf|vhost)(?:\.(?:template|tmpl|tpl|j2|jinja2?|erb))*$/i.test(path) ||
    /(?:^|\/)sites-(?:available|enabled)\/[^/]+$/.test(path)) &&
  !isSample(path);

export const apacheAdapter: Adapter = {
  id: 'apache',
  needsText: mayBe,
  classify: (path, head) => {
    if (head === undefined || !mayBe(path)) return false;
    return workersFile.test(path) ? /^worker\.\S+\.type[ \t]*=[ \t]*lb\b/m.test(head) : /balancer:\/\//i.test(head);
  },
  extract: (file) => (workersFile.test(file.path) ? extractWorkers(file) : extractBalancers(file)),
};
