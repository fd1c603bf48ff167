import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/facts.ts';
import { readProgram } from './harness.ts';

const listens = (files: Record<string, string>, entries?: readonly string[]) =>
  readProgram(files, entries).facts.flatMap((fact) => (fact.kind === 'listen' ? [fact] : []));
const show = (value: Value | undefined): string => {
  switch (value?.is) {
    case 'literal':
      return String(value.value);
    case 'env':
      return `$${value.name}|${show(value.fallback)}`;
    case 'choice':
      return value.options.map((option) => show(option.value)).join('/');
    default:
      return value?.is ?? '';
  }
};
const port = (body: string, more: Record<string, string> = {}): string => show(listens({ 'server.js': body, ...more })[0]?.value.port);

describe('ports', () => {
  it('follows a literal through a server that wraps the application', () => {
    const [fact] = listens({
      'server.js':
        "const app = require('express')();\nconst server = require('http').createServer(app);\nserver.listen(8080, '127.0.0.1');\n",
    });
    expect(fact).toMatchObject({ place: { line: 3 }, value: { library: 'express', purpose: 'main' } });
    expect([show(fact?.value.port), show(fact?.value.host)]).toEqual(['8080', '127.0.0.1']);
  });

  it('reads a variable with its default', () => {
    expect(port("require('express')().listen(process.env.PORT || 3000);")).toBe('$PORT|3000');
  });

  it('reads app.set and app.get', () => {
    expect(port("const app = require('express')();\napp.set('port', process.env.PORT || 3000);\napp.listen(app.get('port'));")).toBe(
      '$PORT|3000',
    );
  });

  it('reads one variable through the branches of normalizePort', () => {
    const body =
      "const app = require('express')();\nfunction normalizePort(val) { const port = parseInt(val, 10); if (isNaN(port)) return val; if (port >= 0) return port; return false; }\napp.listen(normalizePort(process.env.PORT || '3000'));";
    expect(port(body)).toBe('$PORT|3000');
  });

  it.each([
    [
      'envalid',
      "const { cleanEnv, port } = require('envalid');\nconst env = cleanEnv(process.env, { PORT: port({ default: 4000 }) });",
      'env.PORT',
      '$PORT|4000',
    ],
    [
      'zod',
      "const { z } = require('zod');\nconst env = z.object({ PORT: z.coerce.number().default(4000) }).parse(process.env);",
      'env.PORT',
      '$PORT|4000',
    ],
    [
      'joi',
      "const Joi = require('joi');\nconst { value } = Joi.object().keys({ PORT: Joi.number().default(4000) }).unknown().validate(process.env);",
      'value.PORT',
      '$PORT|4000',
    ],
    [
      'convict',
      "const config = require('convict')({ port: { format: 'port', default: 4000, env: 'PORT' } });",
      "config.get('port')",
      '$PORT|4000',
    ],
    ['env-var', "const env = require('env-var');", "env.get('PORT').default('4000').asPortNumber()", '$PORT|4000'],
    ['argv', "const argv = require('yargs').argv;", 'argv.port || 4000', 'package/4000'],
  ])('reads the port from %s', (_, setup, expression, expected) => {
    expect(port(`${setup}\nrequire('express')().listen(${expression});`)).toBe(expected);
  });

  it('reads the files of the config package', () => {
    expect(
      port("const config = require('config');\nrequire('express')().listen(config.get('server.port'));", {
        'config/default.json': '{ "server": { "port": 5000 } }',
        'config/custom-environment-variables.json': '{ "server": { "port": "PORT" } }',
      }),
    ).toBe('$PORT|5000');
  });
});

describe('servers', () => {
  it.each([
    ['hapi', "const server = require('@hapi/hapi').server({ port: 3000, host: 'localhost' });\nserver.start();", '3000', 'localhost'],
    ['fastify', "const app = require('fastify')();\napp.listen({ port: 3000 });", '3000', 'localhost'],
    ['fastify', "const app = require('fastify')();\napp.listen({ port: 3000, host: '0.0.0.0' });", '3000', '0.0.0.0'],
    [
      'hono',
      "import { Hono } from 'hono';\nimport { serve } from '@hono/node-server';\nconst app = new Hono();\nserve({ fetch: app.fetch, port: 8787 });",
      '8787',
      '',
    ],
    ['koa', "const Koa = require('koa');\nconst app = new Koa();\nrequire('http').createServer(app.callback()).listen(3000);", '3000', ''],
    ['restify', "const server = require('restify').createServer();\nserver.listen(8080);", '8080', ''],
    [
      '@grpc/grpc-js',
      "const grpc = require('@grpc/grpc-js');\nconst server = new grpc.Server();\nserver.bindAsync('0.0.0.0:50051', grpc.ServerCredentials.createInsecure(), () => {});",
      '50051',
      '0.0.0.0',
    ],
  ])('%s', (library, body, portText, host) => {
    const [fact, ...rest] = listens({ 'server.js': body });
    expect(rest).toEqual([]);
    expect([fact?.value.library.replace('@hapi/', ''), show(fact?.value.port), show(fact?.value.host)]).toEqual([library, portText, host]);
  });

  it('gives NestJS with the Fastify adapter the default of Fastify', () => {
    const [fact] = listens({
      'server.js':
        "import { NestFactory } from '@nestjs/core';\nimport { FastifyAdapter } from '@nestjs/platform-fastify';\nconst app = await NestFactory.create(AppModule, new FastifyAdapter());\nawait app.listen(process.env.PORT ?? 3000);\n",
    });
    expect([show(fact?.value.port), show(fact?.value.host)]).toEqual(['$PORT|3000', 'localhost']);
  });

  it('tells a port for metrics from the main one, and leaves out ports that the system picks', () => {
    const found = listens({
      'server.js':
        "const express = require('express');\nconst app = express();\napp.listen(process.env.PORT);\nconst metrics = express();\nmetrics.listen(process.env.METRICS_PORT || 9090);\nrequire('http').createServer((req, res) => res.end()).listen(0);\n",
    });
    expect(found.map(({ value }) => value.purpose)).toEqual(['main', 'metrics']);
    expect(new Set(found.map(({ value }) => value.server)).size).toBe(2);
  });
});
