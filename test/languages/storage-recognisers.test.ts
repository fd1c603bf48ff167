import { describe, expect, it } from 'vitest';
import type { FactKind } from '../../src/facts.ts';
import { readProgram } from './harness.ts';

const facts = <K extends FactKind>(kind: K, files: Record<string, string> | string) =>
  readProgram(typeof files === 'string' ? { 'server.js': files } : files).facts.filter((fact) => fact.kind === kind) as {
    value: Record<string, unknown>;
    when?: unknown;
    place: { line: number };
  }[];

describe('uploads', () => {
  it('sees the folder of disk storage and of dest, and nothing in memory', () => {
    const found = facts(
      'file-write',
      `const multer = require('multer');\nconst storage = multer.diskStorage({ destination(req, file, cb) { cb(null, 'uploads/') } });\nconst a = multer({ storage });\nconst b = multer({ dest: './public/files' });\nconst c = multer({ storage: multer.memoryStorage() });\nconst d = multer();\n`,
    );
    expect(found.map(({ value, place }) => [place.line, (value['target'] as { value: string }).value, value['temporary']])).toEqual([
      [2, 'uploads/', false],
      [4, './public/files', false],
    ]);
  });
  it('knows when disk storage is chosen', () => {
    const [found] = facts(
      'file-write',
      `const multer = require('multer');\nconst s3 = require('multer-s3');\nconst disk = multer.diskStorage({ destination: 'uploads' });\nmodule.exports = multer({ storage: process.env.S3_BUCKET ? s3({}) : disk });\n`,
    );
    expect(found).toMatchObject({ when: [{ env: 'S3_BUCKET', test: 'unset' }] });
  });
  it('reads interceptors of Nest', () => {
    const [found] = facts('file-write', {
      'server.ts': `import { Controller, Post, UseInterceptors } from '@nestjs/common';\nimport { FileInterceptor } from '@nestjs/platform-express';\n@Controller('x')\nexport class Files {\n  @Post()\n  @UseInterceptors(FileInterceptor('file', { dest: './uploads' }))\n  add() {}\n}\n`,
      'server.js': `require('./server.ts')`,
    });
    expect(found).toMatchObject({ place: { line: 6 }, value: { content: 'upload', target: { value: './uploads' } } });
  });
  it('takes uploads that are deleted after use for temporary', () => {
    const [found] = facts(
      'file-write',
      `const multer = require('multer');\nconst fs = require('fs');\nconst up = multer({ dest: 'incoming' });\nconst app = require('express')();\napp.post('/x', up.single('f'), (req, res) => { parse(req.file.path); fs.unlinkSync(req.file.path); });\n`,
    );
    expect(found!.value['temporary']).toBe(true);
  });
});

describe('files written', () => {
  const write = (body: string) =>
    facts(
      'file-write',
      `const fs = require('fs'); const path = require('path'); const os = require('os'); const crypto = require('crypto');\nconst app = require('express')();\n${body}`,
    )[0]?.value;
  it('leaves out what is empty in a path', () => {
    const [found] = facts(
      'file-write',
      `const fs = require('fs');\nconst path = require('path');\nconst app = require('express')();\napp.post('/x', (req, res) => { fs.writeFileSync(path.join('', 'users', req.body.id), 'x'); });\n`,
    );
    expect((found!.value['target'] as { parts: unknown[] }).parts[0]).toMatchObject({ value: 'users' });
  });
  it('sees writes of handlers, with the folder', () => {
    expect(
      write(`app.post('/x', (req, res) => { fs.writeFileSync(path.join(__dirname, 'data', req.body.id), req.body.text); });`),
    ).toMatchObject({ duringRequest: true, temporary: false, content: 'unknown' });
  });
  it('knows scratch files and files that are removed', () => {
    expect(write(`app.post('/x', (req, res) => { fs.writeFileSync(path.join(os.tmpdir(), req.body.id), 'x'); });`)).toMatchObject({
      temporary: true,
    });
    expect(
      write(
        `app.post('/x', (req, res) => { const file = path.join('out', req.body.id); fs.writeFileSync(file, 'x'); fs.unlinkSync(file); });`,
      ),
    ).toMatchObject({ temporary: true });
  });
  it('tells keys and settings', () => {
    expect(write(`fs.writeFileSync('./SESSION_KEY', crypto.randomBytes(32).toString('hex'));`)).toMatchObject({
      content: 'key',
      duringRequest: false,
    });
    expect(write(`app.post('/admin', (req, res) => { fs.writeFileSync('./settings.json', req.body); });`)).toMatchObject({
      content: 'settings',
      duringRequest: true,
    });
  });
  it('ignores devices', () => expect(write(`app.get('/x', () => fs.writeFileSync('/dev/stdout', 'x'));`)).toBeUndefined());
});

describe('databases', () => {
  const one = (text: string) => facts('backing-service', text).map(({ value }) => value);
  it('knows pools and addresses', () => {
    expect(
      one(`const { Pool } = require('pg');\nconst db = new Pool({ max: Number(process.env.POOL) || 20, host: 'db', database: 'shop' });`),
    ).toMatchObject([{ technology: 'postgresql', embedded: false, database: { value: 'shop' } }]);
    expect(one(`const { Pool } = require('pg');\nconst db = new Pool();`)).toMatchObject([{ defaultPoolMax: 10 }]);
    expect(one(`require('mongoose').connect(process.env.MONGO_URL)`)).toMatchObject([
      { technology: 'mongodb', address: { is: 'env' }, defaultPoolMax: 100 },
    ]);
  });
  it('knows embedded stores', () => {
    expect(one(`const D = require('better-sqlite3');\nconst db = new D('data/app.db');`)).toMatchObject([
      { technology: 'sqlite', embedded: true, inMemory: false, address: { value: 'data/app.db' } },
    ]);
    expect(one(`const s = require('sqlite3').verbose();\nconst db = new s.Database(':memory:');`)).toMatchObject([
      { embedded: true, inMemory: true },
    ]);
    expect(one(`const N = require('nedb');\nconst db = new N({ filename: 'x.db' });`)).toMatchObject([
      { technology: 'nedb', inMemory: false },
    ]);
  });
  it('follows a dialect that the environment chooses', () => {
    const found = facts(
      'backing-service',
      `const { Sequelize } = require('sequelize');\nconst db = new Sequelize({ dialect: process.env.NODE_ENV === 'production' ? 'postgres' : 'sqlite', storage: 'dev.db' });`,
    );
    expect(found.map(({ value, when }) => [value['technology'], when])).toEqual([
      ['postgresql', [{ env: 'NODE_ENV', test: 'equals', value: 'production' }]],
      ['sqlite', [{ env: 'NODE_ENV', test: 'differs', value: 'production' }]],
    ]);
  });
  it('follows a table of environments', () => {
    const found = facts('backing-service', {
      'server.js': `const config = require('./knexfile')[process.env.NODE_ENV || 'development'];\nconst db = require('knex')(config);`,
      'knexfile.js': `module.exports = { development: { client: 'sqlite3', connection: { filename: './dev.db' } }, production: { client: 'pg', connection: process.env.DATABASE_URL } };`,
    });
    expect(found.map(({ value, when }) => [value['technology'], when])).toEqual([
      ['sqlite', [{ env: 'NODE_ENV', test: 'equals', value: 'development' }]],
      ['postgresql', [{ env: 'NODE_ENV', test: 'equals', value: 'production' }]],
    ]);
  });
  it('reads the schema file of Prisma', () => {
    const found = facts('backing-service', {
      'server.js': `const { PrismaClient } = require('@prisma/client');\nconst db = new PrismaClient();`,
      'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url = "file:./dev.db"\n}\n',
    });
    expect(found).toMatchObject([{ place: { path: 'prisma/schema.prisma', line: 2 }, value: { technology: 'sqlite', embedded: true } }]);
  });
});

describe('schema changes', () => {
  it('sees sync, options and migrations', () => {
    const text = `const { Sequelize } = require('sequelize');\nconst { DataSource } = require('typeorm');\nconst knex = require('knex')({ client: 'pg' });\nconst s = new Sequelize('postgres://db/x');\ns.sync();\nnew DataSource({ type: 'postgres', synchronize: true });\nnew DataSource({ type: 'postgres', synchronize: process.env.NODE_ENV !== 'production' });\nknex.migrate.latest();\n`;
    expect(
      facts('schema-change', text)
        .map(({ place }) => place.line)
        .sort(),
    ).toEqual([5, 6, 8]);
  });
});

describe('log sinks', () => {
  const sinks = (text: string) => facts('log-sink', text).map(({ value }) => [value['library'], value['sink']]);
  it('knows winston, pino, log4js, bunyan and morgan', () => {
    expect(
      sinks(
        `const w = require('winston');\nw.createLogger({ transports: [new w.transports.File({ filename: 'x.log' }), new w.transports.Console()] });`,
      ),
    ).toEqual([
      ['winston', 'file'],
      ['winston', 'console'],
    ]);
    expect(sinks(`const pino = require('pino');\npino(pino.destination('/var/log/x.log'));`)).toEqual([['pino', 'file']]);
    expect(sinks(`const pino = require('pino');\npino(pino.destination(1));`)).toEqual([['pino', 'console']]);
    expect(
      sinks(`const l = require('log4js');\nl.configure({ appenders: { a: { type: 'file', filename: 'x.log' }, b: { type: 'stdout' } } });`),
    ).toEqual([
      ['log4js', 'file'],
      ['log4js', 'console'],
    ]);
    expect(sinks(`const b = require('bunyan');\nb.createLogger({ name: 'x', streams: [{ path: 'x.log' }] });`)).toEqual([
      ['bunyan', 'file'],
    ]);
    expect(
      sinks(`const m = require('morgan');\nconst fs = require('fs');\nm('dev', { stream: fs.createWriteStream('access.log') });`),
    ).toEqual([['morgan', 'file']]);
  });
});

describe('outgoing calls', () => {
  const calls = (body: string) =>
    facts(
      'outgoing-call',
      `const axios = require('axios'); const http = require('http'); const request = require('request'); const sa = require('superagent');\nconst app = require('express')();\napp.get('/x', async (req, res) => { ${body} });`,
    ).map(({ value }) => value['timeout']);
  it.each([
    ["await fetch('https://a.example/x')", 'none'],
    ["await fetch('https://a.example/x', { signal: AbortSignal.timeout(500) })", 'set'],
    ["await axios.get('https://a.example/x')", 'none'],
    ["await axios.post('https://a.example/x', req.body, { timeout: 500 })", 'set'],
    ["const api = axios.create({ baseURL: 'https://a.example', timeout: 500 }); await api.get('/x')", 'set'],
    ["const api = axios.create({ baseURL: 'https://a.example' }); await api.get('/x')", 'none'],
    ['request(`https://a.example/${req.params.id}`, () => {})', 'none'],
    ["request({ url: 'https://a.example', timeout: 10 }, () => {})", 'set'],
    ["const r = http.request({ host: 'a' }); r.setTimeout(500)", 'set'],
    ["http.get('http://a.example/')", 'none'],
    ["await sa.get('https://a.example').timeout(500)", 'set'],
    ["await Promise.race([fetch('https://a.example/x'), sleep(500)])", 'set'],
  ])('%s', (body, timeout) => expect(calls(body)).toEqual([timeout]));
  it('sees nothing in calls to its own server', () => expect(calls("await fetch('/api/x')")).toEqual([]));
});
