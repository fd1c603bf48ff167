/** nginx: `upstream` blocks that send a client to the same server again (nginx.org, ngx_http_upstream_module). */

import type { AnyFact, Extraction, NotAssessed, SourceFile } from '../../types.ts';
import { LineMap } from '../positions.ts';
import { type BraceFile, type Directive, readBraces } from './braces.ts';
import { pinFacts } from './pool.ts';

/** What a client brings along in every request. */
const clientVariable =
  /\$\{?(?:binary_remote_addr|remote_addr|remote_user|realip_remote_addr|proxy_protocol_addr|cookie_\w+|http_cookie|http_x_forwarded_for|http_x_real_ip|http_cf_connecting_ip|http_true_client_ip|http_authorization|(?:http|arg)_\w*(?:session|sid|token|user|client|device)\w*)\b/i;

const all = (directives: readonly Directive[]): readonly Directive[] =>
  directives.flatMap((directive) => [directive, ...(directive.block ? all(directive.block) : [])]);

/** Variables that `map` and `set` make from what the client brings. */
function derivedVariables(directives: readonly Directive[]): ReadonlySet<string> {
  const sources = directives.flatMap(({ words, block }) => {
    const [name, first = '', second = ''] = words;
    if (name === 'map' && block) return [{ from: first, to: second }];
    return name === 'set' ? [{ from: second, to: first }] : [];
  });
  const derived = new Set<string>();
  for (let pass = 0; pass < 4; pass++)
    for (const { from, to } of sources) if (/^\$\w+$/.test(to) && hashesClient(from, derived)) derived.add(to);
  return derived;
}

const hashesClient = (key: string, derived: ReadonlySet<string>): boolean =>
  clientVariable.test(key.slice(0, 200)) || (key.slice(0, 200).match(/\$\w{1,100}/g) ?? []).some((name) => derived.has(name));

/** How one directive of an upstream pins a client; `undefined` when it does not. */
function pinOf({ words }: Directive, derived: ReadonlySet<string>): string | undefined {
  const [name, first = ''] = words;
  if (name === 'ip_hash' || name === 'session_sticky' || name === 'jvm_route') return `\`${name}\``;
  if (name === 'sticky' && first !== 'off') return '`sticky`';
  if ((name === 'hash' || name === 'consistent_hash') && hashesClient(first, derived)) return `\`hash ${first.slice(0, 60)}\``;
  return undefined;
}

/** Inside of a condition of the template, counted from the start of the upstream. */
function isConditional({ marks }: BraceFile, from: number, at: number): boolean {
  const stack: string[] = [];
  for (const mark of marks) {
    if (mark.at < from || mark.at >= at) continue;
    if (mark.kind === 'end') stack.pop();
    else if (mark.kind !== 'other') stack.push(mark.kind);
  }
  return stack.includes('condition');
}

const maxUpstreams = 1000;
const upstreamsOf = (directives: readonly Directive[]) =>
  directives
    .flatMap(({ block, ...directive }) => (directive.words[0] === 'upstream' && block ? [{ ...directive, block }] : []))
    .slice(0, maxUpstreams);

export function readNginx(file: SourceFile): Extraction {
  const lines = file.places ?? new LineMap(file.path, file.text);
  const read = readBraces(file.text);
  const directives = all(read.directives);
  const derived = derivedVariables(directives);
  const facts: AnyFact[] = [];
  const notAssessed: NotAssessed[] = [];
  for (const { block, start, blockEnd = start } of upstreamsOf(directives)) {
    const servers = block.flatMap(({ words: [name, address, ...options] }) =>
      name === 'server' && address !== undefined ? [{ address, spare: options.includes('backup') || options.includes('down') }] : [],
    );
    const open =
      block.some(({ words: [name = ''] }) => name === 'include' || /^[${]/.test(name) || name.endsWith('_by_lua_block')) ||
      read.marks.some(({ at, kind }) => kind === 'loop' && at > start && at < blockEnd);
    const pin = block.find((directive) => pinOf(directive, derived) !== undefined);
    if (!pin) continue;
    const place = lines.place(pin.start, pin.end);
    if (isConditional(read, start, pin.start))
      notAssessed.push({ reason: 'template', message: 'A template decides whether nginx pins clients to a server.', place, failed: false });
    else facts.push(...pinFacts({ how: `${pinOf(pin, derived)} of nginx`, place, servers, open }));
  }
  if (read.brokenAt !== undefined && read.marks.length === 0)
    notAssessed.push({
      reason: 'syntax-error',
      message: 'The braces of this nginx configuration do not match.',
      place: lines.place(read.brokenAt, read.brokenAt),
      failed: true,
    });
  return { facts, notAssessed };
}

const upstream = /^[ \t]{0,99}upstream[ \t]{1,99}[^\s;#]{1,200}\s{0,99}\{/m;
/** Only texts with an `upstream` can pin anybody. */
export const hasUpstream = (text: string): boolean => upstream.test(text);
