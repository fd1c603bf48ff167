import { describe, expect, it } from 'vitest';
import type { FactKind } from '../../src/facts.ts';
import type { Fact } from '../../src/types.ts';
import { readProgram } from './harness.ts';

function factsOf<K extends FactKind>(kind: K, code: string, more: Record<string, string> = {}): Fact<K>[] {
  return readProgram({ 'server.js': code, ...more }).facts.filter((fact) => fact.kind === kind) as unknown as Fact<K>[];
}
const io = "const { Server } = require('socket.io');\nconst io = new Server(3000);\n";

describe('socket servers', () => {
  it.each([
    ["io.on('connection', (socket) => socket.on('a', (x) => io.emit('a', x)));", true],
    ["io.on('connection', (socket) => socket.on('a', (x) => socket.broadcast.emit('a', x)));", true],
    ["io.on('connection', (socket) => socket.on('a', (x) => socket.to('room').emit('a', x)));", true],
    ["io.on('connection', (socket) => socket.on('a', (x) => socket.emit('a', x)));", false],
    ["io.on('connection', () => undefined);\nsetInterval(() => io.emit('time', Date.now()), 1000);", false],
  ])('%s broadcasts: %s', (code, broadcasts) => {
    expect(factsOf('socket-server', io + code)[0]?.value).toMatchObject({ broadcasts, adapters: [{ kind: 'memory' }] });
  });

  it('keeps the condition of an adapter', () => {
    const code = `${io}if (process.env.REDIS_URL) io.adapter(require('@socket.io/redis-adapter').createAdapter(a, b));`;
    expect(factsOf('socket-server', code)[0]?.value.adapters).toMatchObject([
      { kind: 'external', technology: 'redis', when: [{ env: 'REDIS_URL', test: 'set' }] },
      { kind: 'memory', when: [{ env: 'REDIS_URL', test: 'unset' }] },
    ]);
  });

  it('sees lists of event streams', () => {
    const code =
      "const express = require('express');\nconst app = express();\nconst clients = [];\napp.get('/events', (req, res) => { res.set('Content-Type', 'text/event-stream'); clients.push(res); });\napp.post('/', (req, res) => { clients.forEach((client) => client.write(`data: ${req.body}\\n\\n`)); res.end(); });\n";
    expect(factsOf('socket-server', code)[0]).toMatchObject({
      place: { line: 5 },
      value: { library: 'server-sent events', broadcasts: true },
    });
  });
});

describe('schedules', () => {
  const jobs = (code: string) => factsOf('scheduled-job', code).map(({ value }) => `${value.library}:${value.effect}:${value.guard ?? ''}`);
  const mail = "const mail = require('nodemailer').createTransport({});\nconst cron = require('node-cron');\n";
  it('tells work from housekeeping', () => {
    expect(jobs(`${mail}cron.schedule('* * * * *', () => mail.sendMail({}));`)).toEqual(['node-cron:work:']);
    expect(jobs(`${mail}cron.schedule('* * * * *', () => console.log(process.memoryUsage()));`)).toEqual(['node-cron:harmless:']);
    expect(jobs(`${mail}setInterval(() => console.log('alive'), 1000);`)).toEqual([]);
  });
  it('sees guards', () => {
    expect(jobs(`${mail}if (process.env.RUN_JOBS) cron.schedule('* * * * *', () => mail.sendMail({}));`)).toEqual([
      'node-cron:work:switch:RUN_JOBS',
    ]);
    expect(
      jobs(
        `${mail}const Redlock = require('redlock');\nconst lock = new Redlock([]);\ncron.schedule('* * * * *', async () => { await lock.acquire(['x'], 1000); await mail.sendMail({}); });`,
      ),
    ).toEqual(['node-cron:work:redlock']);
  });
  it('finds loops that never end, but not streams or consumers of a queue', () => {
    const loop = (body: string) => `${mail}async function run() { while (true) { ${body} await sleep(10); } }\nrun();`;
    expect(jobs(loop('await mail.sendMail({});'))).toEqual(['an endless loop:work:']);
    expect(jobs(loop('const part = await next(); if (part.done) break; await mail.sendMail({});'))).toEqual([]);
    expect(jobs(`const redis = require('ioredis')();\n${loop("await redis.blpop('mails', 0); await mail.sendMail({});")}`)).toEqual([
      'an endless loop:work:a shared queue',
    ]);
  });
});
