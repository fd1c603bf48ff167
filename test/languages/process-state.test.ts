import { describe, expect, it } from 'vitest';
import type { FactKind } from '../../src/facts.ts';
import type { Fact } from '../../src/types.ts';
import { readProgram } from './harness.ts';

function factsOf<K extends FactKind>(kind: K, files: Record<string, string>, entries?: readonly string[]): Fact<K>[] {
  return readProgram(files, entries).facts.filter((fact) => fact.kind === kind) as unknown as Fact<K>[];
}
const server = (code: string): Record<string, string> => ({
  'server.js': `const express = require('express');\nconst app = express();\n${code}\napp.listen(3000);\n`,
});
const holds = (code: string): string[] =>
  factsOf('process-state', server(code)).map(({ value }) => `${value.name}:${value.type}:${value.holds}`);

describe('state that requests share', () => {
  it('finds a list that one handler fills and another reads', () => {
    expect(holds("const users = [];\napp.post('/', (req) => users.push(req.body));\napp.get('/', (req, res) => res.json(users));")).toEqual(
      ['users:list:state'],
    );
  });

  it('finds counters, flags by key and values of a request', () => {
    expect(holds('let visits = 0;\napp.get("/", (req, res) => res.json(++visits));')).toEqual(['visits:counter:state']);
    expect(
      holds(
        'const revoked = {};\napp.post("/", (req) => { revoked[req.body.token] = true; });\napp.get("/", (req, res) => res.json(revoked[req.query.t]));',
      ),
    ).toEqual(['revoked:object:state']);
    expect(
      holds('let current = null;\napp.post("/", (req) => { current = req.body.name; });\napp.get("/", (req, res) => res.send(current));'),
    ).toEqual(['current:value:state']);
  });

  it('follows a container that another module changes', () => {
    const [fact] = factsOf('process-state', {
      ...server(
        "const { orders } = require('./data');\napp.post('/', (req, res) => { orders.push(req.body); res.json(orders.find((o) => o.id)); });",
      ),
      'data.js': 'const orders = [];\nmodule.exports = { orders };\n',
    });
    expect(fact).toMatchObject({ place: { path: 'data.js', line: 1 }, value: { holds: 'state', writes: [{ path: 'server.js' }] } });
  });

  it('takes lazy handles, memos, sockets and metrics for what they are', () => {
    expect(
      holds(
        'let db;\nconst get = async () => { if (!db) db = await connect(); return db; };\napp.get("/", async (req, res) => res.json(await get()));',
      ),
    ).toEqual(['db:value:memo']);
    expect(
      holds(
        'const sizes = {};\nfunction size(n) { if (!sizes[n]) sizes[n] = measure(n); return sizes[n]; }\napp.get("/", (req, res) => res.json(size(req.query.n)));',
      ),
    ).toEqual(['sizes:object:memo']);
    expect(holds('const stats = { hits: 0 };\napp.get("/", (req, res) => { stats.hits++; res.json(stats); });')).toEqual([
      'stats:object:metrics',
    ]);
    expect(holds('const open = new Set();\napp.get("/", (req, res) => { open.add(res); res.json(open.size); });')).toEqual([
      'open:set:connection',
    ]);
  });

  it('takes handles, identifiers, dated copies and what is done once for what they are', () => {
    expect(
      holds(
        'let mailer;\nfunction use(m) { mailer = m; }\napp.use((req, res, next) => { use(req.app.mail); mailer.send(req.body); next(); });',
      ),
    ).toEqual(['mailer:value:connection']);
    expect(
      holds('let count = 0;\napp.get("/", (req, res) => { const requestId = `r-${count++}`; console.log(requestId); res.end(); });'),
    ).toEqual(['count:counter:memo']);
    expect(
      holds(
        'const usage = {};\nfunction keep(k, v) { usage[k] = { v, fetchedAt: Date.now() }; }\napp.get("/", (req, res) => { keep(req.query.k, 1); res.json(usage[req.query.k]); });',
      ),
    ).toEqual(['usage:object:memo']);
    expect(
      holds(
        'const codes = {};\napp.post("/", (req, res) => { codes[req.body.mail] = { code: req.body.code, expiresAt: 1 }; res.end(); });\napp.get("/", (req, res) => res.json(codes[req.query.m]));',
      ),
    ).toEqual(['codes:object:state']);
    expect(
      holds(
        'const made = new Set();\nfunction make(n) { if (made.has(n)) return; made.add(n); build(n); }\napp.get("/", (req, res) => { make(req.query.n); res.end(); });',
      ),
    ).toEqual(['made:set:memo']);
    expect(
      holds('const seen = new Set();\napp.post("/", (req, res) => { if (seen.has(req.ip)) return; seen.add(req.ip); res.end(); });'),
    ).toEqual(['seen:set:state']);
  });

  it('says nothing of what only the start writes, or what lives in one request', () => {
    expect(holds('const routes = [];\nroutes.push("a");\napp.get("/", (req, res) => res.json(routes));')).toEqual([]);
    expect(holds('app.get("/", (req, res) => { const seen = []; seen.push(req.path); res.json(seen); });')).toEqual([]);
  });

  it('counts fields of the one instance of a class only', () => {
    const code = 'class Box { items = []; add(x) { this.items.push(x); } all() { return this.items; } }\n';
    expect(holds(`${code}const box = new Box();\napp.get("/", (req, res) => { box.add(req.query); res.json(box.all()); });`)).toEqual([
      'items:list:state',
    ]);
    const own = code.replace('items = [];', 'items = []; static one; static getInstance() { return (Box.one ??= new Box()); }');
    expect(holds(`${own}app.get("/", (req, res) => { Box.getInstance().add(req.query); res.json(Box.getInstance().all()); });`)).toContain(
      'items:list:state',
    );
    expect(holds(`${code}app.get("/", (req, res) => { const box = new Box(); box.add(req.query); res.json(box.all()); });`)).toEqual([]);
  });
});

describe('rate limits, caches, queues', () => {
  it('reads stores of limiters', () => {
    const stores = (code: string) => factsOf('rate-limit', server(code)).map(({ value }) => value.stores.map(({ kind }) => kind).join());
    expect(stores("const { rateLimit } = require('express-rate-limit');\napp.use(rateLimit({ limit: 5 }));")).toEqual(['memory']);
    expect(stores("const slow = require('express-slow-down');\napp.use(slow({ store: new (require('rate-limit-redis'))({}) }));")).toEqual([
      'external',
    ]);
    expect(stores("app.use(require('koa-ratelimit')({ driver: 'memory', db: new Map() }));")).toEqual(['memory']);
    expect(stores("const limits = require('./nowhere');\napp.use(require('express-rate-limit')(limits));")).toEqual(['unknown']);
  });

  it('tells evidence of shared queues', () => {
    const [fact] = factsOf('queue', server("const { Queue } = require('bullmq');\nnew Queue('mails');"));
    expect(fact?.value).toMatchObject({ store: 'external', technology: 'redis' });
  });
});

describe('secrets made at start', () => {
  const secrets = (code: string) => factsOf('secret', server(code)).filter(({ value }) => value.origin === 'generated');
  it('knows the variable that would replace it', () => {
    const [fact] = secrets(
      "const crypto = require('crypto');\nconst jwtSecret = process.env.JWT_SECRET ?? crypto.randomBytes(32).toString('hex');",
    );
    expect(fact).toMatchObject({ value: { env: 'JWT_SECRET' }, when: [{ env: 'JWT_SECRET', test: 'unset' }] });
  });
  it('leaves secrets of users and other random values alone', () => {
    expect(
      secrets(
        "const { randomBytes } = require('crypto');\napp.post('/', (req, res) => { const secret = randomBytes(8).toString('hex'); res.json(secret); });",
      ),
    ).toEqual([]);
    expect(secrets("const { randomUUID } = require('crypto');\nconst instanceId = randomUUID();")).toEqual([]);
  });
});
