/** Caddyfile: `reverse_proxy` that chooses its upstream by the client (caddyserver.com/docs/caddyfile/directives/reverse_proxy). */

import { type ProxyServer, pinFacts } from '../../text/proxy/pool.ts';
import { type Row, readRows } from '../../text/proxy/rows.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { isSample } from './names.ts';

const pinning = new Set(['ip_hash', 'client_ip_hash', 'cookie']);

interface Proxy {
  readonly depth: number;
  readonly servers: ProxyServer[];
  open: boolean;
  pin?: Row;
}

const isAddress = (word: string): boolean => !/^[@{]/.test(word) && !/^[/*]/.test(word);
const addServers = (proxy: Proxy, words: readonly string[]): void => {
  for (const word of words) if (isAddress(word)) proxy.servers.push({ address: word, spare: false });
};

function finish({ pin, servers, open }: Proxy): readonly AnyFact[] {
  return pin ? pinFacts({ how: `\`lb_policy ${pin.words[1]}\` of Caddy`, place: pin.place, servers, open }) : [];
}

function readInside(proxy: Proxy, row: Row): void {
  const [name, first = ''] = row.words;
  if (name === 'to' || name === 'upstream') addServers(proxy, row.words.slice(1));
  else if (name === 'dynamic' || name === 'import') proxy.open = true;
  else if ((name === 'lb_policy' || name === 'policy') && pinning.has(first)) proxy.pin ??= row;
}

function extract(file: SourceFile): Extraction {
  const facts: AnyFact[] = [];
  let depth = 0;
  let proxy: Proxy | undefined;
  for (const row of readRows(file)) {
    const [name] = row.words;
    const opens = row.words.at(-1) === '{';
    if (name === '}') {
      depth--;
      if (proxy && depth <= proxy.depth) {
        facts.push(...finish(proxy));
        proxy = undefined;
      }
    } else if ((name === 'reverse_proxy' || name === 'proxy') && opens && !proxy) {
      proxy = { depth, servers: [], open: false };
      addServers(proxy, row.words.slice(1, -1));
    } else if (proxy && depth === proxy.depth + 1) readInside(proxy, row);
    if (opens) depth++;
  }
  return { facts, notAssessed: [] };
}

const caddyfile = /(?:^|\/)(?:[\w.-]*\.)?Caddyfile(?:[._-][\w.-]+)?$|\.caddy(?:file)?$/i;

export const caddyAdapter: Adapter = {
  id: 'caddy',
  classify: (path) => caddyfile.test(path) && !isSample(path),
  extract,
};
