/**
 * Services that a fix changed still work: started before and after, they answer their health route; afterwards they answer on the
 * port that `PORT` gives, finish a running request on SIGTERM, and exit with 0.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

const modules = join(import.meta.dirname, '../../node_modules');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function start(cwd: string, file: string, port: number): ChildProcess {
  const child = spawn(process.execPath, [file], {
    cwd,
    env: { PATH: process.env['PATH'], PORT: String(port), NODE_PATH: join(cwd, 'stubs') },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function answers(port: number, path: string): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      return await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return 'no answer';
}

const samples = {
  express: (port: number) => `const express = require('express');

const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.get('/slow', (request, response) => setTimeout(() => response.send('done'), 600));
app.listen(${port}, () => console.log('listening'));
`,
  http: (port: number) => `const http = require('node:http');

const server = http.createServer((request, response) => {
  if (request.url === '/slow') setTimeout(() => response.end('done'), 600);
  else response.end('ok');
});
server.listen(${port});
`,
  'express behind a server of Node': (port: number) => `const { createServer } = require('http');
const express = require('express');

const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.get('/slow', (request, response) => setTimeout(() => response.send('done'), 600));
createServer(app).listen(${port});
`,
  'express with a pool': (port: number) => `const express = require('express');
const db = require('./stubs/db');

const app = express();
app.get('/healthz', (request, response) => response.send('ok'));
app.get('/slow', async (request, response) => response.send(await db.pool.query(600)));
app.listen(${port});
`,
  'express as a module': (port: number) => `import express from "express"

const start = (app) => {
  app.get("/healthz", (request, response) => response.send("ok"))
  app.get("/slow", (request, response) => setTimeout(() => response.send("done"), 600))
  return app.listen(${port})
}
start(express())
`,
  'fastify as a module': (port: number) => `import fastify from 'fastify';

async function start() {
  const app = fastify();
  app.get('/healthz', async () => 'ok');
  app.get('/slow', async () => {
    await new Promise((resolve) => setTimeout(resolve, 600));
    return 'done';
  });
  return app.listen({ port: ${port}, host: '0.0.0.0' });
}

start();
`,
  fastify: (port: number) => `const fastify = require('fastify')();

fastify.get('/healthz', async () => 'ok');
fastify.get('/slow', async () => {
  await new Promise((resolve) => setTimeout(resolve, 600));
  return 'done';
});
fastify.listen({ port: ${port}, host: '0.0.0.0' });
`,
};

/** Something with the interface of pg, which says no once it is closed. */
const stubs: Files = {
  'stubs/db.js': "const { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = { pool };\n",
  'stubs/pg/index.js': `const { setTimeout: wait } = require('node:timers/promises');
class Pool {
  async query(milliseconds) {
    await wait(milliseconds);
    return this.isClosed ? 'closed' : 'done';
  }
  async end() {
    this.isClosed = true;
    await wait(200);
    require('node:fs').writeFileSync('closed.txt', 'yes');
  }
}
module.exports = { Pool };
`,
};
const fileOf: Readonly<Record<string, string>> = { 'express as a module': 'server.mjs', 'fastify as a module': 'server.mjs' };

describe.each(Object.entries(samples))('%s', (name, makeSource) => {
  const [library = ''] = name.split(' ');
  const file = fileOf[name] ?? 'server.js';

  it('works before and after, reads PORT, and stops gracefully', { timeout: 60_000 }, async () => {
    const literal = await freePort();
    const hasPool = name.includes('pool');
    const dependencies = { ...(library === 'http' ? {} : { [library]: '*' }), ...(hasPool ? { pg: '*' } : {}) };
    const folder = makeFolder({
      'package.json': JSON.stringify({ name: 'sample', private: true, scripts: { start: `node ${file}` }, dependencies }),
      [file]: makeSource(literal),
      ...(hasPool ? stubs : {}),
    });
    symlinkSync(modules, join(folder, 'node_modules'));
    const before = start(folder, file, 1);
    expect(await answers(literal, '/healthz')).toBe('ok');
    before.kill('SIGTERM');
    expect(await once(before, 'exit')).toEqual([null, 'SIGTERM']);

    const rules = ['hardcoded-port', 'shutdown-not-graceful'];
    const { applied, files, after } = await fixFolder({ root: folder, rules, cache: false, git: false, config: false }, { unsafe: true });
    expect(applied.map(({ finding }) => finding.rule).sort()).toEqual(rules);
    expect(after.findings).toEqual([]);
    for (const file of files) writeFileSync(join(folder, file.path), file.after);

    const port = await freePort();
    const fixed = start(folder, file, port);
    expect(await answers(port, '/healthz')).toBe('ok');
    const running = fetch(`http://127.0.0.1:${port}/slow`, { headers: { connection: 'close' } }).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 200));
    const exit = once(fixed, 'exit');
    fixed.kill('SIGTERM');
    expect(await running).toBe('done');
    expect(await exit).toEqual([0, null]);
    expect(existsSync(join(folder, 'closed.txt'))).toBe(hasPool);
  });
});
