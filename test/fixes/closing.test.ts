/** What a shutdown handler closes beside the server: whatever its file reaches by a name, over files. */
import { describe, expect, it } from 'vitest';
import { analyse, fixFolder } from '../../src/session.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

const dependencies = {
  '@prisma/client': '^6.0.0',
  express: '^5.0.0',
  fastify: '^5.0.0',
  ioredis: '^5.0.0',
  mongoose: '^8.0.0',
  pg: '^8.0.0',
  redis: '^5.0.0',
  sequelize: '^6.0.0',
};
const options = (files: Files) => ({
  root: makeFolder({
    'package.json': JSON.stringify({ name: 'sample', private: true, scripts: { start: `node ${Object.keys(files)[0]}` }, dependencies }),
    ...files,
  }),
  rules: ['shutdown-not-graceful'],
  cache: false as const,
  git: false,
  config: false as const,
});
async function handlerOf(files: Files): Promise<string | undefined> {
  const run = await fixFolder(options(files), { unsafe: true });
  expect(run.failures).toEqual([]);
  expect(run.refused).toEqual([]);
  expect(run.after.findings).toEqual([]);
  return /( *)process\.on\('SIGTERM'[\s\S]*?\n\1\}\);/.exec(run.files[0]!.after)?.[0];
}
const server = "const app = require('express')();\napp.listen(3000);\n";
const handler = (...lines: readonly string[]): string =>
  `process.on('SIGTERM', () => {\n  server.close(async () => {\n${lines.map((line) => `    ${line}\n`).join('')}    process.exit(0);\n  });\n});`;

const cases: readonly (readonly [string, Files, string])[] = [
  [
    'a pool of the same file',
    { 'server.js': `const { Pool } = require('pg');\nconst pool = new Pool();\npool.on('error', console.error);\n${server}` },
    handler('await pool.end();'),
  ],
  [
    'what two other files hand out, once each',
    {
      'server.js': `const { pool } = require('./db');\nconst db = require('./db');\nconst cache = require('./cache');\n${server}`,
      'db.js': "const pg = require('pg');\nconst pool = new pg.Pool();\nmodule.exports = { pool, query: (text) => pool.query(text) };\n",
      'cache.js':
        "const { createClient } = require('redis');\nconst client = createClient({ url: process.env.REDIS_URL }).on('error', console.error);\nmodule.exports = client;\n",
    },
    handler('await Promise.allSettled([pool.end(), cache.close()]);'),
  ],
  [
    'what a module holds',
    {
      'server.js': `const models = require('./models');\n${server}`,
      'models/index.js':
        "const { Sequelize } = require('sequelize');\nconst sequelize = new Sequelize(process.env.DATABASE_URL);\nconst db = {};\ndb.sequelize = sequelize;\nmodule.exports = db;\n",
    },
    handler('await models.sequelize.close();'),
  ],
  [
    'mongoose itself, under its name',
    {
      'server.js': `const database = require('mongoose');\ndatabase.connect(process.env.MONGODB_URL);\n${server}`,
    },
    handler('await database.disconnect();'),
  ],
  [
    'mongoose that a module holds, and a client that is required in place',
    {
      'server.js': `const db = require('./models');\nconst cache = require('redis').createClient();\ndb.mongoose.connect(process.env.MONGODB_URL);\n${server}`,
      'models/index.js': "const mongoose = require('mongoose');\nconst db = {};\ndb.mongoose = mongoose;\nmodule.exports = db;\n",
    },
    handler('await Promise.allSettled([db.mongoose.disconnect(), cache.close()]);'),
  ],
  [
    'a client of TypeScript through other files',
    {
      'server.ts':
        "import express from 'express';\nimport { prisma as orders } from './data/index.js';\n\nconst app = express();\napp.get('/', () => orders.order.findMany());\napp.listen(3000);\n",
      'data/index.ts': "export * from './prisma.js';\n",
      'data/prisma.ts':
        "import { PrismaClient } from '@prisma/client';\nconst held = globalThis as { prisma?: PrismaClient };\nexport const prisma = held.prisma ?? new PrismaClient();\n",
    },
    handler('await orders.$disconnect();'),
  ],
  [
    'a client beside fastify',
    {
      'server.js':
        "const { Redis } = require('ioredis');\nconst redis = new Redis(process.env.REDIS_URL);\nconst app = require('fastify')();\napp.listen({ port: 3000, host: '0.0.0.0' });\n",
    },
    "process.on('SIGTERM', async () => {\n  await app.close();\n  await redis.quit();\n  process.exit(0);\n});",
  ],
  [
    'nothing that another function keeps to itself',
    {
      'server.js': `const { Pool } = require('pg');\nasync function report() {\n  const pool = new Pool();\n  return pool.query('select 1');\n}\nreport();\n${server}`,
    },
    "process.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n});",
  ],
  [
    'nothing of the same name that is something else',
    {
      'server.js': `const { pool } = require('./db');\nconst { Client } = require('./client');\nconst client = new Client();\n${server}`,
      'db.js':
        "const { Pool } = require('pg');\nconst own = new Pool();\nmodule.exports = { pool: { size: 3 }, query: (text) => own.query(text) };\n",
      'client.js': 'class Client {}\nmodule.exports = { Client };\n',
    },
    "process.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n});",
  ],
];

describe('a shutdown handler closes', () => {
  it.each(cases)('%s', async (_, files, expected) => expect(await handlerOf(files)).toBe(expected));
});

it('is offered without asking the compiler', () => {
  const result = analyse(options(cases[0]![1]));
  const [fix] = result.fixes(result.findings[0]!);
  expect(fix!.edits.map(({ text }) => text).join('')).toContain('server.close(() => process.exit(0))');
  expect(
    fix!.complete!()
      .map(({ text }) => text)
      .join(''),
  ).toContain('await pool.end()');
});
