/** Handlers for SIGTERM in the style of the file, wherever the server is started. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

const dependencies = { express: '^4.0.0', fastify: '^5.0.0', koa: '^2.0.0', mongoose: '^8.0.0', '@nestjs/core': '^10.0.0' };
async function fix(file: string, text: string, more: Files = {}) {
  const root = makeFolder({
    'package.json': JSON.stringify({ name: 'sample', private: true, scripts: { start: `node ${file}` }, dependencies }),
    [file]: text,
    ...more,
  });
  return fixFolder({ root, rules: ['shutdown-not-graceful'], cache: false, git: false, config: false }, { unsafe: true });
}
const express = "const express = require('express');\nconst app = express();\n";
const handler = "process.on('SIGTERM', () => {\n  server.close(() => process.exit(0));\n});\n";
const inside = handler.replaceAll(/^(?=.)/gm, '  ');

const cases: readonly (readonly [string, string, string, string])[] = [
  ['a call', 'a.js', `${express}app.listen(3000);\n`, `${express}const server = app.listen(3000);\n\n${handler}`],
  ['no line end at the end', 'a.js', `${express}app.listen(3000);`, `${express}const server = app.listen(3000);\n\n${handler.trimEnd()}`],
  [
    'a name that is there, with a comment, tabs and what follows',
    'a.js',
    `${express}const web = app.listen(3000, () => {\n\tconsole.log('up');\n}); // up\nconsole.log('more');\n`,
    `${express}const web = app.listen(3000, () => {\n\tconsole.log('up');\n}); // up\n\n${handler.replace('  server', '\tweb')}\nconsole.log('more');\n`,
  ],
  [
    'modules without semicolons, in double quotes',
    'a.mjs',
    'import express from "express"\n\nconst app = express()\n\napp.listen(3000)\n\nexport default app\n',
    'import express from "express"\n\nconst app = express()\n\nconst server = app.listen(3000)\n\nprocess.on("SIGTERM", () => {\n  server.close(() => process.exit(0))\n})\n\nexport default app\n',
  ],
  [
    'an exported constant of TypeScript',
    'a.ts',
    "import express from 'express';\n\nexport const server = express().listen(3000, (): void => {});\n",
    `import express from 'express';\n\nexport const server = express().listen(3000, (): void => {});\n\n${handler}`,
  ],
  [
    'what is exported at once',
    'a.js',
    `${express}module.exports = app.listen(3000);\n`,
    `${express}const server = app.listen(3000);\n\n${handler}\nmodule.exports = server;\n`,
  ],
  [
    'what is returned',
    'a.js',
    `${express}function start() {\n  return app.listen(3000);\n}\nstart();\n`,
    `${express}function start() {\n  const server = app.listen(3000);\n\n${inside}\n  return server;\n}\nstart();\n`,
  ],
  [
    'a condition without braces, with CRLF',
    'a.js',
    `${express}if (require.main === module) app.listen(3000);\n`.replaceAll('\n', '\r\n'),
    `${express}if (require.main === module) {\n  const server = app.listen(3000);\n${inside}}\n`.replaceAll('\n', '\r\n'),
  ],
  [
    'an arrow function',
    'a.js',
    `${express}require('mongoose').connect(process.env.DB).then(() => app.listen(3000, () => {\n  console.log('up');\n}));\n`,
    `${express}require('mongoose').connect(process.env.DB).then(() => {\n  const server = app.listen(3000, () => {\n    console.log('up');\n  });\n${inside}});\n`,
  ],
  [
    'listeners behind the call',
    'a.js',
    `${express}app.listen(3000).on('error', console.error);\n`,
    `${express}const server = app.listen(3000).on('error', console.error);\n\n${handler}`,
  ],
  [
    'a property',
    'a.js',
    `${express}class Web {\n  start() {\n    this.web = app.listen(3000);\n  }\n}\nnew Web().start();\n`,
    `${express}class Web {\n  start() {\n    this.web = app.listen(3000);\n\n${inside.replaceAll(/^(?=.)/gm, '  ').replace('server', 'this.web')}  }\n}\nnew Web().start();\n`,
  ],
  [
    'fastify, which gives back a promise',
    'a.js',
    "const app = require('fastify')();\nasync function start() {\n  return app.listen({ port: 3000, host: '0.0.0.0' });\n}\nstart();\n",
    "const app = require('fastify')();\nasync function start() {\n  process.on('SIGTERM', async () => {\n    await app.close();\n    process.exit(0);\n  });\n\n  return app.listen({ port: 3000, host: '0.0.0.0' });\n}\nstart();\n",
  ],
  [
    'Nest',
    'a.ts',
    "import { NestFactory } from '@nestjs/core';\nasync function bootstrap() {\n  const app = await NestFactory.create(class {});\n  await app.listen(3000);\n}\nbootstrap();\n",
    "import { NestFactory } from '@nestjs/core';\nasync function bootstrap() {\n  const app = await NestFactory.create(class {});\n  app.enableShutdownHooks();\n  await app.listen(3000);\n}\nbootstrap();\n",
  ],
  [
    'a handler that exits at once',
    'a.js',
    `${express}app.listen(3000);\nprocess.on('SIGTERM', () => process.exit());\n`,
    `${express}const server = app.listen(3000);\nprocess.on('SIGTERM', () => server.close(() => process.exit()));\n`,
  ],
  [
    'a handler of another signal',
    'a.js',
    `${express}const server = app.listen(3000);\nconst stop = () => server.close(() => process.exit(0));\nprocess.on("SIGINT", stop);\n`,
    `${express}const server = app.listen(3000);\nconst stop = () => server.close(() => process.exit(0));\nprocess.on("SIGTERM", stop);\nprocess.on("SIGINT", stop);\n`,
  ],
];

describe('a shutdown handler', () => {
  it.each(cases)('%s', async (_, file, before, after) => {
    const { files, after: result } = await fix(file, before);
    expect(files[0]?.after).toBe(after);
    expect(result.findings).toEqual([]);
  });

  it.each([
    ['all names are taken', `${express}let server, httpServer, listener;\napp.listen(3000);\nconsole.log(server, httpServer, listener);\n`],
    ['the server is handed on', `${express}require('mongoose').connect(process.env.DB).then(() => app.listen(3000)).then(console.log);\n`],
  ])('is not offered when %s', async (_, text) => expect((await fix('a.js', text)).files).toEqual([]));

  it('lets Fly send the signal that the code handles', async () => {
    const { files } = await fix('a.js', `${express}const server = app.listen(8080);\n${handler}`, {
      'fly.toml': "app = 'shop'\r\n\r\n[http_service]\r\ninternal_port = 8080\r\n",
    });
    expect(files).toMatchObject([
      { path: 'fly.toml', after: 'app = \'shop\'\r\nkill_signal = "SIGTERM"\r\n\r\n[http_service]\r\ninternal_port = 8080\r\n' },
    ]);
  });
});
