/** Limits for calls, in the way of each client. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { makeFolder } from '../temporary-repository.ts';

const clients = ['got', 'undici', 'superagent', 'request', 'node-fetch', 'axios'];
async function fix(load: string, call: string) {
  const root = makeFolder({
    'package.json': JSON.stringify({
      name: 'sample',
      scripts: { start: 'node server.js' },
      dependencies: Object.fromEntries(['express', ...clients].map((name) => [name, '*'])),
    }),
    'server.js': `const app = require('express')();\n${load}\napp.get('/', async (q, r) => {\n  ${call}\n  r.end();\n});\napp.listen(process.env.PORT);\n`,
  });
  const { files, after } = await fixFolder(
    { root, rules: ['call-without-timeout'], cache: false, git: false, config: false },
    { unsafe: true },
  );
  const text = files[0]?.after ?? '';
  return { line: text.split('\n')[3]?.trim(), left: after.findings.length };
}
const url = "'https://rates.example.com/v1'";

describe('a limit', () => {
  it.each([
    ["const got = require('got');", `await got(${url});`, `await got(${url}, { timeout: { request: 5000 } });`],
    [
      "const got = require('got');",
      `await got.post(${url}, { json: {} });`,
      `await got.post(${url}, { json: {}, timeout: { request: 5000 } });`,
    ],
    ["const { request } = require('undici');", `await request(${url});`, `await request(${url}, { signal: AbortSignal.timeout(5000) });`],
    ["const superagent = require('superagent');", `await superagent.get(${url});`, `await superagent.get(${url}).timeout(5000);`],
    [
      "const superagent = require('superagent');",
      `await superagent.post(${url}).send({});`,
      `await superagent.post(${url}).timeout(5000).send({});`,
    ],
    ["const request = require('request');", `request(${url}, () => {});`, `request(${url}, { timeout: 5000 }, () => {});`],
    ["const request = require('request');", `request({ url: ${url} }, () => {});`, `request({ url: ${url}, timeout: 5000 }, () => {});`],
    [
      "const https = require('https');",
      `https.get(${url}, () => {}).on('error', r.end);`,
      `https.get(${url}, { signal: AbortSignal.timeout(5000) }, () => {}).on('error', r.end);`,
    ],
    ["const fetch = require('node-fetch');", `await fetch(${url});`, `await fetch(${url}, { signal: AbortSignal.timeout(5000) });`],
  ])('%s %s', async (load, before, after) => {
    expect(await fix(load, before)).toEqual({ line: after, left: 0 });
  });
});
