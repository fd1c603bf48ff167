/** Sessions and rate limits move to Redis in the style of the file, with packages that fit those that are there. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { makeFolder } from '../temporary-repository.ts';

async function fix(file: string, text: string, dependencies: Readonly<Record<string, string>>) {
  const scripts = { start: `node ${file}` };
  const root = makeFolder({
    'package.json': `${JSON.stringify({ name: 'sample', private: true, scripts, dependencies }, null, 2)}\n`,
    [file]: text,
  });
  const rules = ['session-in-memory', 'rate-limit-in-memory'];
  const { files, after } = await fixFolder({ root, rules, cache: false, git: false, config: false }, { unsafe: true });
  const textOf = (path: string) => files.find((each) => each.path === path)?.after;
  return { text: textOf(file), package: JSON.parse(textOf('package.json') ?? '{}').dependencies, findings: after.findings };
}
const nest = (module: string): string =>
  `import { Module } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\nimport { ThrottlerModule } from '@nestjs/throttler';\n\n@Module({\n  imports: [\n    ${module},\n  ],\n})\nclass AppModule {}\nNestFactory.create(AppModule).then((app) => app.listen(3000));\n`;
const nestPackages = { '@nestjs/common': '^11.0.0', '@nestjs/core': '^11.0.0', '@nestjs/throttler': '^6.4.0' };
const koa = (head: string, use: string): string => `${head}\nconst app = new Koa();\napp.use(${use});\napp.listen(3000);\n`;

describe('the options of @nestjs/throttler', () => {
  it.each([
    [
      'a list on lines of its own',
      'ThrottlerModule.forRoot([\n      { ttl: 60_000, limit: 10 }, // a minute\n    ])',
      'ThrottlerModule.forRoot({\n      throttlers: [\n        { ttl: 60_000, limit: 10 }, // a minute\n      ],\n      storage: new ThrottlerStorageRedisService(process.env.REDIS_URL),\n    })',
    ],
    [
      'a factory',
      'ThrottlerModule.forRootAsync({ useFactory: () => [{ ttl: 60_000, limit: 10 }] })',
      'ThrottlerModule.forRootAsync({ useFactory: () => ({\n      throttlers: [{ ttl: 60_000, limit: 10 }],\n      storage: new ThrottlerStorageRedisService(process.env.REDIS_URL),\n    }) })',
    ],
    [
      'a factory that returns an object',
      'ThrottlerModule.forRootAsync({\n      useFactory() {\n        return { throttlers: [{ ttl: 60_000, limit: 10 }] };\n      },\n    })',
      'ThrottlerModule.forRootAsync({\n      useFactory() {\n        return {\n          throttlers: [{ ttl: 60_000, limit: 10 }],\n          storage: new ThrottlerStorageRedisService(process.env.REDIS_URL),\n        };\n      },\n    })',
    ],
  ])('are %s', async (_, before, after) => {
    const fixed = await fix('main.ts', nest(before), nestPackages);
    expect(fixed.text).toContain(`    ${after},\n`);
    expect(fixed.findings).toEqual([]);
    expect(fixed.package).toMatchObject({ '@nest-lab/throttler-storage-redis': '^1.2.0', ioredis: '^5.8.0' });
  });
  it('stay where the storage does not know the version', async () => {
    const old = { ...nestPackages, '@nestjs/throttler': '^4.0.0' };
    expect((await fix('main.ts', nest('ThrottlerModule.forRoot([{ ttl: 60, limit: 10 }])'), old)).text).toBeUndefined();
  });
});

describe('sessions of Koa', () => {
  it.each([
    ['koa-generic-session', "{ key: 'sid' }", "{ key: 'sid', store: redisStore({ url: process.env.REDIS_URL }) }"],
    ['koa-session-minimal', '', '{ store: redisStore({ url: process.env.REDIS_URL }) }'],
  ])('by %s', async (name, before, after) => {
    const head = `import Koa from "koa"\nimport session from "${name}"\n`;
    const fixed = await fix('app.mjs', koa(head, `session(${before.replaceAll("'", '"')})`).replaceAll(';', ''), {
      koa: '^3.0.0',
      [name]: '^4.0.0',
    });
    expect(fixed.text).toContain(`\nimport redisStore from "koa-redis"\n`);
    expect(fixed.text).toContain(`app.use(session(${after.replaceAll("'", '"')}))\n`);
    expect(fixed.findings).toEqual([]);
    expect(fixed.package).toMatchObject({ 'koa-redis': '^4.0.1' });
  });
});

describe('the client', () => {
  const limiter = "const { RateLimiterMemory } = require('rate-limiter-flexible');\n";
  const server =
    "const limit = new RateLimiterMemory({ points: 5 });\nrequire('express')().post('/', (q, r) => limit.consume(q.ip)).listen(3000);\n";
  const packages = { express: '^5.0.0', 'rate-limiter-flexible': '^7.0.0' };
  it.each([
    ['takes the package that is there', limiter, '^5.0.0', true],
    ['takes a newer one that is there', limiter, '~6.0.0', true],
    ['does not take one without the class', limiter, '^4.28.0', false],
    ['needs its name', `${limiter}const redis = 1;\n`, '^5.0.0', false],
  ])('%s', async (_, head, ioredis, expected) => {
    const fixed = await fix('server.js', head + server, { ...packages, ioredis });
    expect(fixed.text?.includes('new RateLimiterRedis({ points: 5, storeClient: redis })') ?? false).toBe(expected);
    if (expected) expect(fixed.findings).toEqual([]);
  });
});
