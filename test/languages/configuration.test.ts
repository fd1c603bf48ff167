import { describe, expect, it } from 'vitest';
import { readProgram } from './harness.ts';

const factsOf = (kind: string, files: Record<string, string>) => readProgram(files).facts.filter((fact) => fact.kind === kind);

describe('reads of variables', () => {
  it('sees schemas, services and functions of the program', () => {
    const reads = factsOf('env-read', {
      'server.js': `const { z } = require('zod');\nconst { getEnv } = require('./env');\nconst settings = z.object({ TITLE: z.string(), SIZE: z.coerce.number().default(3), THEME: z.string().optional() }).parse(process.env);\nconsole.log(settings, getEnv('REGION', 'eu'), getEnv('TENANT'));\n`,
      'env.js': `exports.getEnv = (name, fallback) => process.env[name] ?? fallback;\n`,
    }).map(({ value }) => value);
    expect(reads).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'TITLE', hasDefault: false, optional: false }),
        expect.objectContaining({ name: 'SIZE', hasDefault: true }),
        expect.objectContaining({ name: 'THEME', optional: true }),
        expect.objectContaining({ name: 'REGION', hasDefault: true }),
        expect.objectContaining({ name: 'TENANT', hasDefault: false }),
        expect.objectContaining({ name: '*' }),
      ]),
    );
  });

  it('takes one of several variables as optional', () => {
    const reads = factsOf('env-read', { 'server.js': `const url = process.env.A_URL || process.env.B_URL;\nmodule.exports = url;\n` });
    expect(reads.map(({ value }) => value)).toEqual([
      expect.objectContaining({ name: 'A_URL', optional: true }),
      expect.objectContaining({ name: 'B_URL', optional: true }),
    ]);
  });
});

describe('secrets', () => {
  const secret = 'Tulip-9031-river';
  const facts = factsOf('secret', {
    'server.js': `const session = require('express-session');\nconst config = require('./config');\nmodule.exports = session({ secret: config.key });\n`,
    'config.js': `const pkg = require('./package.json');\nmodule.exports = { key: process.env.KEY || '${secret}', secret: pkg.name, dbPassword: '${secret}' };\n`,
    'package.json': `{ "name": "shop" }`,
  });
  it('stand where they are written, with the variable that they stand in for', () => {
    expect(facts.map(({ place, value }) => [place.line, value])).toEqual([
      [2, { what: 'signing secret', origin: 'fallback', env: 'KEY' }],
      [2, { what: 'signing secret', origin: 'literal' }],
      [2, { what: 'password', origin: 'literal' }],
    ]);
  });
  it('never carry their value', () => expect(JSON.stringify(facts)).not.toContain(secret));
});

describe('endpoints', () => {
  it('are those that no variable can replace', () => {
    const found = factsOf('endpoint', {
      'server.js': `const { createClient } = require('redis');\nconst { Pool } = require('pg');\nmodule.exports = [createClient({ url: process.env.URL || 'redis://localhost' }), new Pool({ host: 'db', port: 5433 })];\n`,
    });
    expect(found.map(({ value }) => value)).toEqual([{ host: 'db', port: 5433, role: 'database', overridable: false }]);
  });
});
