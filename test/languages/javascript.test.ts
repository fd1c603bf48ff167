import { describe, expect, it } from 'vitest';
import { readProgram } from './harness.ts';

const sessions = (files: Record<string, string>) => readProgram(files).facts.filter((fact) => fact.kind === 'session');

describe('values across modules', () => {
  it('follows an option object from another module, chosen by a condition', () => {
    const [one, two, ...rest] = sessions({
      'server.js': `const session = require('express-session');\nconst config = require('./config');\nconst app = require('express')();\nif (process.env.SESSION_REDIS) {\n  app.use(session(config.shared));\n} else {\n  app.use(session(config.local));\n}\n`,
      'config.js': `const RedisStore = require('connect-redis').default;\nmodule.exports = { local: { secret: 'x' }, shared: { secret: 'x', store: new RedisStore({}) } };\n`,
    });
    expect(rest).toEqual([]);
    expect(one).toMatchObject({
      place: { line: 5 },
      when: [{ env: 'SESSION_REDIS', test: 'set' }],
      value: { stores: [{ kind: 'external', technology: 'redis' }] },
    });
    expect(two).toMatchObject({
      place: { line: 7 },
      when: [{ env: 'SESSION_REDIS', test: 'unset' }],
      value: { stores: [{ kind: 'memory' }] },
    });
  });

  it('follows a wrapper function and its parameter', () => {
    const [fact] = sessions({
      'server.js': `import { withSession } from './web.js';\nimport { store } from './store.js';\nwithSession(app, store);\n`,
      'web.ts': `import session from 'express-session';\nexport function withSession(app, store) { app.use(session({ secret: 's', store })); }\n`,
      'store.ts': `import RedisStore from 'connect-redis';\nexport const store = process.env.REDIS_URL ? new RedisStore({}) : undefined;\n`,
    });
    expect(fact?.value).toMatchObject({
      stores: [
        { kind: 'external', when: [{ env: 'REDIS_URL', test: 'set' }] },
        { kind: 'memory', when: [{ env: 'REDIS_URL', test: 'unset' }] },
      ],
    });
  });

  it('calls a function that is exported by default', () => {
    const program = readProgram({
      'server.js': `import write from './write.js';\nconst app = require('express')();\napp.post('/x', (req, res) => write(req.body));\n`,
      'write.js': `import fs from 'fs';\nexport default async function write(text) { fs.writeFileSync('./notes.txt', text); }\n`,
    });
    expect(program.facts.find(({ kind }) => kind === 'file-write')?.value).toMatchObject({ duringRequest: true });
  });

  it('sees a store that is assigned under a condition', () => {
    const [fact] = sessions({
      'server.js': `const session = require('express-session');\nconst options = { secret: 's' };\nif (process.env.NODE_ENV === 'production') options.store = new (require('connect-mongo'))();\nmodule.exports = session(options);\n`,
    });
    expect(fact?.value).toMatchObject({
      stores: [{ kind: 'external', when: [{ env: 'NODE_ENV', test: 'equals', value: 'production' }] }, { kind: 'memory' }],
    });
  });
});

describe('decorators', () => {
  it('reads functions that decorators of parameters hold', () => {
    const program = readProgram({
      'server.js': `import { NestFactory } from '@nestjs/core';\nimport { Module } from './pages';\nconst app = await NestFactory.create(Module);\nawait app.listen(3000);\n`,
      'pages.ts': `import { Args, Query, Resolver } from '@nestjs/graphql';\n@Resolver()\nexport class Pages {\n  @Query(() => [String])\n  pages(@Args('ids', { type: () => [String] }) ids: string[], @Args({ name: 'at', type: () => Number }) at = 0) { return ids.slice(at); }\n}\n@Module({ providers: [Pages] })\nexport class Module {}\n`,
    });
    expect(program.notAssessed).toEqual([]);
    expect(program.facts.some(({ kind }) => kind === 'listen')).toBe(true);
  });
});

describe('what a program loads', () => {
  it('leaves components of browser frameworks to the bundler', () => {
    const program = readProgram({
      'server.js': `import { Panel } from './panel.svelte';\nimport express from 'express';\nexpress().listen(80);\n`,
      'panel.svelte': `<script lang="ts">\nimport fs from 'fs';\nsetInterval(() => fs.writeFileSync('a', 'b'), 1000);\n</script>\n`,
    });
    expect(program).toMatchObject({ complete: true, files: ['server.js'] });
  });
});
