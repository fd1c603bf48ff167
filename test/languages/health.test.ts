import { describe, expect, it } from 'vitest';
import { isHealthPath } from '../../src/text/health-path.ts';
import { routeAnswers, tailAnswers } from '../../src/text/route-match.ts';
import { readProgram } from './harness.ts';

describe('paths that ask for health', () => {
  it.each([
    '/health',
    '/healthz',
    '/api/health',
    '/api/v1/health-check',
    '/_health',
    '/-/healthy',
    '/live',
    '/health/live',
    '/readyz',
    '/ping',
    '/api/status',
    '/actuator/health',
    '/payments/healthcheck',
    '/health/*',
    '/.well-known/apollo/server-health',
  ])('%s does', (path) => expect(isHealthPath(path)).toBe(true));
  it.each(['/', '/*', '/users/:id/status', '/orders/status', '/healthy-recipes', '/live-stream', '/rest/2fa/status', '/up/load', '/stats'])(
    '%s does not',
    (path) => expect(isHealthPath(path)).toBe(false),
  );
});

describe('routes and paths', () => {
  it('matches parameters, rests and case as routers do', () => {
    expect(routeAnswers('/users/:id', '/users/7/')).toBe(true);
    expect(routeAnswers('/users/:id', '/users')).toBe(false);
    expect(routeAnswers('/docs/*', '/docs/a/b')).toBe(true);
    expect(routeAnswers('/catalogue*', '/catalogue7')).toBe(true);
    expect(routeAnswers('/Health', '/health?full=1')).toBe(true);
    expect(routeAnswers('/health', '/healthz')).toBe(false);
    expect(tailAnswers('/health', '/api/v1/health')).toBe(true);
    expect(tailAnswers('/health', '/api/v1/ready')).toBe(false);
  });
});

const checks = (files: Record<string, string>, entry = 'server.ts') => {
  const program = readProgram(files, [entry]);
  const route = program.facts.find((fact) => fact.kind === 'route' && isHealthPath(fact.value.path));
  const handlers = route?.kind === 'route' ? route.value.handlers : [];
  const reached = program.reached(handlers);
  const found = program.facts.filter((fact) => fact.kind === 'dependency-check' && fact.within !== undefined && reached.has(fact.within));
  return { handlers, reached, found: found.map(({ place }) => `${place.path}:${place.line}`) };
};

const files = {
  'server.ts': `import express from 'express';\nimport { container } from './container';\nimport { healthRouter } from './health';\nconst app = express();\napp.use(healthRouter(container.resolve('database')));\napp.listen(process.env.PORT);\n`,
  'container.ts': `import { PostgresCheck } from './postgres-check';\nconst made = new Map<string, unknown>([['database', new PostgresCheck()]]);\nexport const container = { resolve: (name: string): any => made.get(name) };\n`,
  'health.ts': `import { Router } from 'express';\nimport type { DatabaseCheck } from './database-check';\nexport function healthRouter(database: DatabaseCheck): Router {\n  const router = Router();\n  router.get('/live', async (req, res) => {\n    await database.verify();\n    res.send('ok');\n  });\n  return router;\n}\n`,
  'database-check.ts': `export interface DatabaseCheck {\n  verify(): Promise<void>;\n}\n`,
  'postgres-check.ts': `import { Pool } from 'pg';\nimport type { DatabaseCheck } from './database-check';\nconst pool = new Pool();\nexport class PostgresCheck implements DatabaseCheck {\n  async verify(): Promise<void> {\n    await pool.query('select 1');\n  }\n}\n`,
};

describe('dependencies that a health handler asks', () => {
  it('follows functions across modules without types', () => {
    const { found } = checks(
      {
        'server.js': `const app = require('express')();\nconst db = require('./db');\napp.get('/health', async (req, res) => { await db.check(); res.end(); });\n`,
        'db.js': `const mongoose = require('mongoose');\nexports.check = () => mongoose.connection.db.admin().ping();\n`,
      },
      'server.js',
    );
    expect(found).toEqual(['db.js:2']);
  });

  it('asks types what stands behind an interface where values do not tell', () => {
    const { reached, found } = checks(files);
    // Values end at the interface: no function of the implementation is reached.
    expect([...reached].some((id) => id.startsWith('postgres-check.ts'))).toBe(false);
    expect(found).toEqual(['postgres-check.ts:6']);
  });

  it('does not take an implementation of another interface', () => {
    const { found } = checks({ ...files, 'health.ts': files['health.ts'].replace('database.verify()', 'Promise.resolve(database)') });
    expect(found).toEqual([]);
  });
});

describe('health helpers', () => {
  const helpers = (body: string) =>
    readProgram({ 'server.js': body }).facts.flatMap((fact) => (fact.kind === 'health-helper' ? [fact.value] : []));
  it('reads the routes of terminus and what they run', () => {
    const body = `const { createTerminus } = require('@godaddy/terminus');\nconst http = require('http');\nconst server = http.createServer(require('express')());\nasync function live() {}\ncreateTerminus(server, { healthChecks: { '/healthz': live, verbatim: true } });\nserver.listen(3000);\n`;
    expect(helpers(body)).toEqual([{ library: '@godaddy/terminus', paths: ['/healthz'] }]);
    const route = readProgram({ 'server.js': body }).facts.find((fact) => fact.kind === 'route' && fact.value.path === '/healthz');
    expect(route?.value).toMatchObject({ handlers: [expect.stringContaining('server.js#')], complete: true });
  });
  it('knows the port of lightship', () => {
    expect(helpers("require('lightship').createLightship({ port: 9100 });")).toMatchObject([
      { library: 'lightship', paths: ['/health', '/live', '/ready'], port: { value: 9100 } },
    ]);
  });
  it('takes under-pressure only when it exposes its route', () => {
    expect(
      helpers("const f = require('fastify')();\nf.register(require('@fastify/under-pressure'), { maxEventLoopDelay: 1000 });"),
    ).toEqual([]);
    expect(
      helpers("const f = require('fastify')();\nf.register(require('@fastify/under-pressure'), { exposeStatusRoute: '/alive' });"),
    ).toEqual([{ library: '@fastify/under-pressure', paths: ['/alive'] }]);
  });
});
