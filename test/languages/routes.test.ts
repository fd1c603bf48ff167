import { describe, expect, it } from 'vitest';
import { javascript } from '../../src/languages/javascript/index.ts';
import { filesOf, readProgram } from './harness.ts';

const print = (facts: ReturnType<typeof readProgram>['facts']): string[] =>
  facts
    .flatMap((fact) =>
      fact.kind === 'route'
        ? [`${fact.value.methods.join('|') || '*'} ${fact.value.path}${fact.value.complete ? '' : ' ?'}${fact.value.fallback ? ' …' : ''}`]
        : [],
    )
    .sort();
const routes = (files: Record<string, string>, entry = 'server.js') => print(readProgram(files, [entry]).facts);
/** A program whose framework is known by a dependency. */
const routesWith = (dependency: string, files: Record<string, string>) => {
  const place = { path: 'package.json', line: 1, column: 1, endLine: 1, endColumn: 1 };
  const manifest = {
    root: '',
    private: true,
    type: 'module' as const,
    bin: {},
    scripts: {},
    devDependencies: {},
    workspaces: [],
    namePlace: place,
  };
  const entries = Object.keys(files)[0]!;
  return print(
    javascript.program({
      root: '',
      package: { ...manifest, dependencies: { [dependency]: { range: '^1.0.0', place } } },
      packages: new Map(),
      entries: [{ path: entries, because: 'test' }],
      files: filesOf(files),
    }).facts,
  );
};

describe('express', () => {
  it('joins the prefixes of routers in other files', () => {
    expect(
      routes({
        'server.js': "const app = require('express')();\napp.use('/api', require('./routes'));\nmodule.exports = app;\n",
        'routes/index.js':
          "const router = require('express').Router();\nrouter.use('/users', require('./users'));\nmodule.exports = router;\n",
        'routes/users.js':
          "const { Router } = require('express');\nconst router = Router();\nrouter.route('/:id').get((req, res) => res.end()).delete(auth, (req, res) => res.end());\nmodule.exports = router;\n",
      }),
    ).toEqual(['DELETE /api/users/:id', 'GET /api/users/:id']);
  });

  it('follows functions that get the application, and lists of routes', () => {
    expect(
      routes({
        'server.js':
          "const express = require('express');\nconst app = express();\nrequire('./a')(app);\nconst { list } = require('./list');\nlist.forEach(({ path, router }) => app.use(path, router));\n",
        'a.js': "module.exports = (app) => {\n  app.get(['/a', '/b'], (req, res) => res.end());\n};\n",
        'list.js':
          "const { Router } = require('express');\nconst one = Router();\none.post('/', (req, res) => res.end());\nconst two = Router();\ntwo.get('/deep', (req, res) => res.end());\nexports.list = [{ path: '/one', router: one }, { path: '/two', router: two }];\n",
      }),
    ).toEqual(['GET /a', 'GET /b', 'GET /two/deep', 'POST /one']);
  });

  it('reads classes that hold their router', () => {
    expect(
      routes(
        {
          'server.ts': "import { App } from './app';\nimport { Users } from './users';\nnew App([new Users()]).start();\n",
          'app.ts':
            "import express from 'express';\nexport class App {\n  private app = express();\n  constructor(controllers: any[]) {\n    controllers.forEach((controller) => this.app.use('/api', controller.router));\n  }\n  start() { this.app.listen(3000); }\n}\n",
          'users.ts':
            "import { Router } from 'express';\nexport class Users {\n  public router = Router();\n  constructor() { this.router.get('/users', this.list); }\n  list = (req, res) => res.json([]);\n}\n",
        },
        'server.ts',
      ),
    ).toEqual(['GET /api/users']);
  });

  it('tells static folders, fallbacks, middleware and handlers apart', () => {
    expect(
      routes({
        'server.js':
          "const express = require('express');\nconst app = express();\napp.use(require('helmet')());\napp.use(express.json());\napp.use((req, res, next) => { req.id = 1; next(); });\napp.use('/assets', express.static('public'));\napp.use('/health', (req, res) => res.send('ok'));\napp.use('/files', require('./unknown-' + process.env.X));\napp.get('*', (req, res) => res.sendFile('index.html'));\napp.use((req, res) => res.status(404).end());\n",
      }),
    ).toEqual(['* /assets/* …', '* /files/* ? …', '* /health', 'GET /* …']);
  });

  it('marks what hangs on something unreadable', () => {
    expect(
      routes({ 'server.js': "const app = require('express')();\napp.get(`${require('./c').base()}/ping`, (req, res) => res.end());\n" }),
    ).toEqual(['GET /ping ?']);
    expect(routes({ 'server.js': "module.exports = (app) => app.get('/late', (req, res) => res.end());\n" })).toEqual(['GET /late ?']);
  });

  it('does not take clients and maps for routers', () => {
    expect(
      routes({
        'server.js':
          "const axios = require('axios');\nconst app = require('express')();\nconst client = axios.create({});\nclient.get('/remote', {});\naxios.get('/other');\nnew Map().get('/x');\napp.get('title');\n",
      }),
    ).toEqual([]);
  });
});

describe('other frameworks', () => {
  it('reads fastify plugins with prefixes, fastify-plugin and route objects', () => {
    expect(
      routes({
        'server.js':
          "const fastify = require('fastify')();\nfastify.register(require('./v1'), { prefix: '/v1' });\nfastify.register(require('./shared'));\nfastify.listen({ port: 3000 });\n",
        'v1.js':
          "module.exports = async function (fastify) {\n  fastify.get('/items', async () => []);\n  fastify.register(async (inner) => { inner.route({ method: ['PUT', 'PATCH'], url: '/:id', handler: async () => {} }); }, { prefix: '/items' });\n};\n",
        'shared.js':
          "const fp = require('fastify-plugin');\nmodule.exports = fp(async (fastify) => { fastify.get('/live', async () => 'ok'); });\n",
      }),
    ).toEqual(['GET /live', 'GET /v1/items', 'PUT|PATCH /v1/items/:id']);
  });

  it('reads the folders of @fastify/autoload', () => {
    expect(
      routes({
        'server.js':
          "const path = require('path');\nconst fastify = require('fastify')();\nfastify.register(require('@fastify/autoload'), { dir: path.join(__dirname, 'routes'), options: { prefix: '/api' } });\n",
        'routes/root.js': "module.exports = async (fastify) => { fastify.get('/', async () => 1); };\n",
        'routes/users/_id/index.js': "module.exports = async (fastify) => { fastify.get('/orders', async () => 1); };\n",
        'routes/old.js':
          "module.exports = async (fastify) => { fastify.get('/x', async () => 1); };\nmodule.exports.autoPrefix = '/old';\n",
      }),
    ).toEqual(['GET /api', 'GET /api/old/x', 'GET /api/users/:id/orders']);
  });

  it('reads koa routers', () => {
    expect(
      routes({
        'server.js':
          "const Koa = require('koa');\nconst Router = require('@koa/router');\nconst mount = require('koa-mount');\nconst app = new Koa();\nconst users = new Router({ prefix: '/users' });\nusers.get('one', '/:id', (ctx) => {});\nconst api = new Router();\napi.use('/api', users.routes(), users.allowedMethods());\napp.use(api.routes());\nconst inner = new Koa();\nconst own = new Router();\nown.get('/x', (ctx) => {});\ninner.use(own.routes());\napp.use(mount('/inner', inner));\n",
      }),
    ).toEqual(['GET /api/users/:id', 'GET /inner/x']);
  });

  it('reads hapi routes and hono applications', () => {
    expect(
      routes({
        'server.js':
          "const Hapi = require('@hapi/hapi');\nconst server = Hapi.server({ port: 3000 });\nserver.route([{ method: 'GET', path: '/items/{id}', handler: () => 1 }, ...require('./more')]);\nserver.route({ method: '*', path: '/{any*}', handler: () => 1 });\n",
        'more.js': "module.exports = [{ method: 'POST', path: '/more', options: { handler: () => 1 } }];\n",
      }).filter((line) => !line.includes('more')),
    ).toEqual(['* /* …', 'GET /items/:id']);
    expect(
      routes({
        'server.js':
          "import { Hono } from 'hono';\nconst books = new Hono();\nbooks.get('/:id', (c) => c.text('x'));\nconst app = new Hono().basePath('/api');\napp.route('/books', books);\napp.get('/ok', (c) => c.text('ok'));\nexport default app;\n",
      }),
    ).toEqual(['GET /api/books/:id', 'GET /api/ok']);
  });

  it('reads decorators with global prefix, exclusions and modules', () => {
    expect(
      routes(
        {
          'main.ts':
            "import { NestFactory, RouterModule } from '@nestjs/core';\nimport { Module, RequestMethod } from '@nestjs/common';\nimport { Users, Health, AdminModule } from './users';\n@Module({ imports: [RouterModule.register([{ path: 'admin', module: AdminModule }])], controllers: [Users, Health] })\nclass AppModule {}\nconst app = await NestFactory.create(AppModule);\napp.setGlobalPrefix('api', { exclude: [{ path: 'health', method: RequestMethod.GET }] });\nawait app.listen(3000);\n",
          'users.ts':
            "import { Controller, Get, Post, Module } from '@nestjs/common';\n@Controller(['users', 'members'])\nexport class Users {\n  @Get(':id') one() {}\n  @Post() make() {}\n}\n@Controller()\nexport class Health { @Get('health') check() {} }\n@Controller('reports')\nexport class Reports { @Get() all() {} }\n@Module({ controllers: [Reports] })\nexport class AdminModule {}\n",
        },
        'main.ts',
      ),
    ).toEqual([
      'GET /api/admin/reports',
      'GET /api/members/:id',
      'GET /api/users/:id',
      'GET /health',
      'POST /api/members',
      'POST /api/users',
    ]);
  });

  it('reads comparisons of a plain server', () => {
    expect(
      routes({
        'server.js':
          "require('http').createServer((req, res) => {\n  const { pathname } = new URL(req.url, 'http://x');\n  if (req.method === 'GET' && pathname === '/healthz') return res.end('ok');\n  switch (req.url) { case '/a': return res.end('a'); default: res.end(); }\n}).listen(3000);\nconst name = 'x' === '/not-a-route';\n",
      }),
    ).toEqual(['* /* …', '* /a', '* /healthz']);
  });
});

describe('routes by file name', () => {
  it('reads Next.js', () => {
    expect(
      routesWith('next', {
        'next.config.js': "module.exports = { basePath: '/shop' };\n",
        'app/api/health/route.ts': 'export async function GET() { return Response.json({}); }\n',
        'app/(site)/items/[id]/page.tsx': 'export default function Page() { return null; }\n',
        'pages/api/[...all].ts': 'export default function handler(req, res) { res.end(); }\n',
      }),
    ).toEqual(['* /shop/api/* …', 'GET /shop/api/health', 'GET /shop/items/:id']);
  });

  it('reads Nuxt, SvelteKit and Remix', () => {
    expect(
      routesWith('nuxt', {
        'server/api/health.get.ts': 'export default defineEventHandler(() => 1);\n',
        'server/routes/up.ts': 'export default 1;\n',
      }),
    ).toEqual(['* /up', 'GET /api/health']);
    expect(routesWith('@sveltejs/kit', { 'src/routes/healthz/+server.ts': 'export const GET = () => new Response();\n' })).toEqual([
      'GET /healthz',
    ]);
    expect(
      routesWith('@remix-run/node', {
        'app/routes/users.$id_.edit.tsx': 'export const loader = () => null;\n',
        'app/routes/_site.about.tsx': 'export default 1;\n',
      }),
    ).toEqual(['* /about', '* /users/:id/edit']);
  });
});
