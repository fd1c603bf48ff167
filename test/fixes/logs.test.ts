/** Log lines go to standard output, whichever library writes them. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { makeFolder } from '../temporary-repository.ts';

async function fix(logger: string) {
  const root = makeFolder({
    'package.json': JSON.stringify({
      name: 'sample',
      scripts: { start: 'node server.js' },
      dependencies: { express: '^4', log4js: '^6', pino: '^9', bunyan: '^1', fastify: '^5' },
    }),
    'server.js': "const logger = require('./logger');\nrequire('express')().get('/', () => logger.info('x')).listen(process.env.PORT);\n",
    'logger.js': logger,
  });
  return fixFolder({ root, rules: ['log-to-file'], cache: false, git: false, config: false }, { unsafe: true });
}

describe('a log file', () => {
  it.each([
    [
      'of log4js alone',
      "require('log4js').configure({\n  appenders: { app: { type: 'file', filename: 'app.log', layout: { type: 'basic' } } },\n  categories: { default: { appenders: ['app'], level: 'info' } },\n});\n",
      "require('log4js').configure({\n  appenders: { app: { type: 'stdout', layout: { type: 'basic' } } },\n  categories: { default: { appenders: ['app'], level: 'info' } },\n});\n",
    ],
    [
      'of log4js beside the console',
      "require('log4js').configure({\n  appenders: {\n    out: { type: 'stdout' },\n    app: { type: 'file', filename: 'app.log' },\n  },\n  categories: { default: { appenders: ['app', 'out'], level: 'info' }, web: { appenders: ['app'], level: 'info' } },\n});\n",
      "require('log4js').configure({\n  appenders: {\n    out: { type: 'stdout' },\n  },\n  categories: { default: { appenders: ['out'], level: 'info' }, web: { appenders: ['out'], level: 'info' } },\n});\n",
    ],
    [
      'of bunyan',
      "module.exports = require('bunyan').createLogger({ name: 'shop', streams: [{ level: 'info', path: 'app.log' }] });\n",
      "module.exports = require('bunyan').createLogger({ name: 'shop', streams: [{ level: 'info', stream: process.stdout }] });\n",
    ],
    [
      'of bunyan beside the console',
      "module.exports = require('bunyan').createLogger({ name: 'shop', streams: [{ stream: process.stdout }, { path: 'app.log' }] });\n",
      "module.exports = require('bunyan').createLogger({ name: 'shop', streams: [{ stream: process.stdout }] });\n",
    ],
    [
      'that pino opens',
      "const pino = require('pino');\nmodule.exports = pino({ level: 'info' }, pino.destination('app.log'));\n",
      "const pino = require('pino');\nmodule.exports = pino({ level: 'info' }, pino.destination(1));\n",
    ],
    [
      'that a transport of pino writes',
      "module.exports = require('pino')({ transport: { target: 'pino/file', options: { destination: 'app.log' } } });\n",
      "module.exports = require('pino')({ transport: { target: 'pino/file', options: { destination: 1 } } });\n",
    ],
    [
      'of fastify',
      "module.exports = require('fastify')({ logger: { file: 'app.log' } });\n",
      "module.exports = require('fastify')({ logger: true });\n",
    ],
  ])('%s', async (_, before, after) => {
    const { files, after: result } = await fix(before);
    expect(files.map((file) => file.after)).toEqual([after]);
    expect(result.findings).toEqual([]);
  });
});
