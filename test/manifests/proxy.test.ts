/** Configurations of proxies: who is pinned, exactly where, and what hostile files do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apacheAdapter } from '../../src/manifests/proxy/apache.ts';
import { caddyAdapter } from '../../src/manifests/proxy/caddy.ts';
import { envoyAdapter } from '../../src/manifests/proxy/envoy.ts';
import { haproxyAdapter } from '../../src/manifests/proxy/haproxy.ts';
import { nginxAdapter } from '../../src/manifests/proxy/nginx.ts';
import { traefikAdapter } from '../../src/manifests/proxy/traefik.ts';
import { readBraces } from '../../src/text/proxy/braces.ts';
import type { Adapter } from '../../src/types.ts';
import { factsOf, read } from './read.ts';

const pins = (adapter: Adapter, path: string, text: string) => factsOf(read(adapter, path, text), 'sticky-routing');
const nginx = (block: string) => pins(nginxAdapter, 'nginx.conf', `upstream a {\n${block}\n}\n`);
const two = 'server b:1; server c:1;';

describe('nginx', () => {
  it('tells the exact place and the servers', () => {
    expect(nginx(`  ip_hash;\n  ${two}`)).toMatchObject([
      {
        place: { line: 2, column: 3, endLine: 2, endColumn: 10 },
        value: { how: '`ip_hash` of nginx', to: ['b', 'c'], purpose: 'unknown' },
      },
    ]);
  });
  it('takes the name of a Service from its address in a cluster', () => {
    expect(nginx('hash $remote_addr; server b.shop.svc.cluster.local; server c.shop.svc;')[0]?.value.to).toEqual(['b', 'c']);
  });
  it.each([
    'hash $cookie_sid;',
    'hash "$http_x_forwarded_for$uri" consistent;',
    'sticky;',
    'sticky learn create=$x;',
    'hash $arg_userId;',
    'session_sticky;',
  ])('is pinned by %s', (line) => expect(nginx(`${line} ${two}`)).toHaveLength(1));
  it.each([
    'hash $request_uri;',
    'hash $request_id;',
    'least_conn;',
    'random two;',
    'fair;',
    'sticky off;',
    'hash $arg_room;',
    '# ip_hash;',
  ])('is not pinned by %s', (line) => expect(nginx(`${line}\n${two}`)).toEqual([]));
  it('counts servers of an included file as unknown, many', () => {
    expect(nginx('ip_hash; include servers.conf;')).toHaveLength(1);
  });
  it('says where a template decides', () => {
    const extraction = read(nginxAdapter, 'nginx.conf.j2', `upstream a {\n  {% if sticky %}ip_hash;{% endif %}\n  ${two}\n}\n`);
    expect(extraction).toMatchObject({ facts: [], notAssessed: [{ reason: 'template', place: { line: 2 }, failed: false }] });
  });
  it('follows what map and set make of a cookie', () => {
    const text = `map $cookie_sid $key { default $cookie_sid; }\nserver { set $other $key; }\nupstream a { hash $other; ${two} }\n`;
    expect(pins(nginxAdapter, 'nginx.conf', text)).toHaveLength(1);
  });
  it('leaves the configurations of other programs alone', () => {
    expect(nginxAdapter.classify('application.conf', 'http {\n server { port = 1 }\n}')).toBe(false);
    expect(nginxAdapter.classify('nginx.conf.sample', 'upstream a { ip_hash; }')).toBe(false);
  });
});

describe('HAProxy', () => {
  const backend = (rows: string) =>
    pins(haproxyAdapter, 'haproxy.cfg', `backend a\n  server x b:1 cookie x\n  server y c:1 cookie y\n${rows}`);
  it.each([
    'balance source',
    'cookie S insert',
    'cookie S prefix',
    'appsession S len 5 timeout 1h',
    'balance hdr(Cookie)',
    'stick on src',
    'balance hash src',
  ])('is pinned by %s', (row) =>
    expect(backend(`  ${row}\n`)).toMatchObject([{ place: { line: 4, column: 3 }, value: { to: ['b', 'c'] } }]),
  );
  it.each([
    'balance roundrobin',
    'balance uri',
    'stick-table type ip size 1k',
    'http-request track-sc0 src',
    '# balance source',
    'balance hdr(Host)',
    'stick on dst',
  ])('is not pinned by %s', (row) => expect(backend(`  ${row}\n`)).toEqual([]));
  it('takes the balance of the defaults', () => {
    const text =
      'defaults\n  balance source\nbackend a\n  server x 10.0.0.1:80\n  server y 10.0.0.2:80\nbackend b\n  balance leastconn\n  server x 10.0.0.1:81\n';
    expect(pins(haproxyAdapter, 'haproxy.cfg', text)).toMatchObject([{ place: { line: 2 } }]);
  });
  it('knows no cookie in TCP', () => expect(backend('  mode tcp\n  cookie S insert\n')).toEqual([]));
});

describe('Apache', () => {
  it('reads a balancer without a block', () => {
    const text =
      'BalancerMember balancer://a http://b:1 route=1\nBalancerMember balancer://a http://c:1 route=2\nProxyPass / balancer://a/ stickysession=X\n';
    expect(pins(apacheAdapter, 'httpd.conf', text)).toMatchObject([{ place: { line: 3 }, value: { to: ['b', 'c'] } }]);
  });
  it('knows that mod_jk follows sessions by default', () => {
    const text = 'worker.a.host=b\nworker.c.host=d\nworker.all.type=lb\nworker.all.balance_workers=a,c\n';
    expect(pins(apacheAdapter, 'conf/workers.properties', text)).toMatchObject([{ place: { line: 4 }, value: { to: ['b', 'd'] } }]);
  });
});

const deep = 5000;
const repeat = (text: string, times = 100_000): string => text.repeat(times);
const upstream = 'upstream a { ip_hash; server b:1; server c:1; }\n';
const section = 'backend a\n  balance source\n  server x b:1\n  server y c:1\n';
const balancer =
  '<Proxy balancer://a>\nProxySet stickysession=S\nBalancerMember http://b:1 route=1\nBalancerMember http://c:1 route=2\n</Proxy>\n';
const caddy = 'x {\n reverse_proxy b:1 c:1 {\n  lb_policy ip_hash\n }\n}\n';

describe('hostile files', () => {
  it.each<[string, string]>([
    ['an open block', 'upstream b { server c:1;'],
    ['many open blocks', repeat('a {\n', deep)],
    ['many closing braces', repeat('}', deep)],
    ['open templates', repeat('{{')],
    ['open conditions', repeat('{% if ')],
    ['closed conditions', repeat('{% if a %}')],
    ['open variables', repeat('${')],
    ['open variables in one word', `a${repeat('${')}`],
    ['an open string', `a "${repeat('x')}`],
    ['many strings', repeat('"')],
    ['a giant word', repeat('$http_session')],
    ['a giant hash', `upstream b { hash $http_${repeat('a')}; server c:1; server d:1; }`],
    ['many directives', repeat('a b;\n')],
    ['many upstreams', repeat('upstream b { ip_hash; }\n', 20_000)],
    ['many maps', repeat('map $a $b { default 1; }\n', 20_000)],
    ['circles of maps', 'map $a $b { default 1; }\nmap $b $a { default 1; }\n'],
    ['backslashes', repeat('\\')],
    ['NUL and escape codes', '\0\u001b[31m;'],
    ['blanks', repeat(' \t\n')],
    ['semicolons', repeat(';')],
    ['marks of an alien template', repeat('<% each do |x| %>', 20_000)],
    ['a long comment', `#${repeat('{')}`],
  ])('nginx: %s', (_, text) => {
    expect(pins(nginxAdapter, 'nginx.conf', upstream + text)[0]).toMatchObject({ place: { line: 1 } });
  });
  it.each<[string, string]>([
    ['an open quote', 'backend b\n  balance "source'],
    ['a giant line', `backend b\n  server ${repeat('x ')}`],
    ['many sections', repeat('backend b\n', 20_000)],
    ['many servers', `backend b\n${repeat('  server a b:1\n', 20_000)}`],
    ['names of prototypes', 'backend __proto__\n  server constructor toString:1\n  balance __proto__\n'],
    ['only blanks', repeat('  \n')],
    ['backslashes', `backend b\n  ${repeat('\\')}`],
    ['quotes', `backend b\n  ${repeat('"\'')}`],
    ['CR only', 'backend b\r  balance source\r'],
    ['NUL', 'backend b\n  balance \0\n'],
  ])('HAProxy: %s', (_, text) => {
    expect(pins(haproxyAdapter, 'haproxy.cfg', section + text)[0]).toMatchObject({ place: { line: 2 } });
  });
  it.each<[string, string]>([
    ['an open Proxy', '<Proxy balancer://b>\nProxySet stickysession=S'],
    ['a Proxy without a name', '<Proxy >\nProxySet stickysession=S\n'],
    ['many members', `<Proxy balancer://b>\n${repeat('BalancerMember http://a route=1\n', 20_000)}`],
    ['a name of a prototype', '<Proxy balancer://__proto__>\nProxySet stickysession=S\n'],
    ['many balancers', repeat('ProxySet balancer://b stickysession=S\n', 20_000)],
    ['a giant line', `ProxySet ${repeat('balancer://')}`],
  ])('Apache: %s', (_, text) => {
    expect(pins(apacheAdapter, 'httpd.conf', balancer + text)[0]).toMatchObject({ place: { line: 2 } });
  });
  it.each<[string, string]>([
    ['open blocks', repeat('a {\n')],
    ['closing braces', repeat('}\n')],
    ['nested proxies', repeat('reverse_proxy {\n')],
    ['many addresses', `reverse_proxy ${repeat('a:1 ', 2000)}{\n lb_policy ip_hash\n`],
    ['quotes', repeat('"')],
  ])('Caddy: %s', (_, text) => {
    expect(pins(caddyAdapter, 'Caddyfile', caddy + text)[0]).toMatchObject({ place: { line: 3 } });
  });
  it.each<[string, string]>([
    ['tables without an end', repeat('[http.services.')],
    ['many tables', repeat('[http.services.b.loadBalancer.sticky]\n', 20_000)],
    ['a name of a prototype', '[http.services.__proto__.loadBalancer.sticky]\n'],
    ['a giant line', `url = "${repeat('x')}`],
  ])('Traefik in TOML: %s', (_, text) => {
    const table =
      '[[http.services.a.loadBalancer.servers]]\nurl = "http://b"\n[[http.services.a.loadBalancer.servers]]\nurl = "http://c"\n';
    expect(pins(traefikAdapter, 'dynamic.toml', `[http.services.a.loadBalancer.sticky]\n${table}${text}`)[0]).toMatchObject({
      place: { line: 1 },
    });
  });
  it('names damaged YAML', () => {
    const traefik = 'http:\n  services:\n    a:\n      loadBalancer:\n        sticky: [\n';
    expect(read(traefikAdapter, 'dynamic.yml', traefik).notAssessed).toMatchObject([{ reason: 'syntax-error', failed: true }]);
    const envoy = 'static_resources:\n  clusters: [{lb_policy: RING_HASH\n';
    expect(read(envoyAdapter, 'envoy.yaml', envoy).notAssessed).toMatchObject([{ reason: 'syntax-error', failed: true }]);
  });
  it('names braces that do not match', () => {
    expect(read(nginxAdapter, 'nginx.conf', `${upstream}}\n`).notAssessed).toMatchObject([{ reason: 'syntax-error', place: { line: 2 } }]);
  });
});

describe('tokens of nginx', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('{', '}', ';', '{{', '}}', '{%', '%}', '${', '"', "'", '#', '\n', '\\', ' upstream a ', '<%'),
  );
  it('lie within the text and its blocks, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const check = (directives: ReturnType<typeof readBraces>['directives'], from: number, to: number): void => {
          for (const { start, end, block, blockEnd = end } of directives) {
            expect(start).toBeGreaterThanOrEqual(from);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(Math.max(end, blockEnd)).toBeLessThanOrEqual(to);
            if (block) check(block, start, blockEnd);
          }
        };
        check(readBraces(text).directives, 0, text.length);
      }),
    );
  });
  it('are found again in what was written from words', () => {
    const word = fc.stringMatching(/^[a-z$][a-z0-9_:.]{0,12}$/);
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { maxLength: 10 }), (rows) => {
        const text = `http {\n${rows.map((words) => `  ${words.join(' ')};`).join('\n')}\n}\n`;
        expect(readBraces(text).directives[0]?.block?.map(({ words }) => words)).toEqual(rows);
      }),
    );
  });
});
