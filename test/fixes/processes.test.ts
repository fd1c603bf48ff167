/** The program as process 1: what a shell does besides starting it stays. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

const files = (dockerfile: string, compose = ''): Files => ({
  'package.json': '{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "express": "^5.0.0" } }',
  'server.js': "require('express')().listen(process.env.PORT || 3000);\n",
  'seed.js': "console.log('seeded');\n",
  Dockerfile: `FROM node:22.11.0\nWORKDIR /app\nCOPY . .\n${dockerfile}\n`,
  ...(compose === '' ? {} : { 'compose.yaml': `services:\n  shop:\n    build: .\n    ${compose}\n` }),
});
async function fix(all: Files): Promise<string | undefined> {
  const run = await fixFolder({ root: makeFolder(all), rules: ['signal-lost'], cache: false, git: false, config: false }, { unsafe: true });
  expect(run.refused).toEqual([]);
  expect(run.failures).toEqual([]);
  return run.files[0]?.after.trimEnd().split('\n').at(-1)?.trim();
}
const plain = 'CMD ["node", "server.js"]';

describe('process 1', () => {
  it.each([
    ['npm', 'CMD ["npm", "start"]', plain],
    ['a shell', 'CMD npm start', plain],
    ['a shell with other work', 'CMD node seed.js && npm start', 'CMD node seed.js && exec node server.js'],
    ['a shell that waits', 'CMD while ! nc -z db 5432; do sleep 1; done; npm start', undefined],
    ['a shell that tries again', 'CMD until npm start; do sleep 2; done', undefined],
    ['a shell that writes elsewhere', 'CMD npm start > /tmp/log', undefined],
    ['a shell that chooses', 'CMD if [ -f seed.js ]; then npm start; else npm start; fi', undefined],
  ])('in the image is not %s', async (_, before, after) => {
    const fixed = await fix(files(before));
    if (after !== undefined) expect(fixed).toBe(after);
    else expect(fixed ?? before).toMatch(/sleep|tmp|if/);
  });

  it.each([
    ['npm', 'command: ["npm", "start"]', 'command: ["node", "server.js"]'],
    ['npm without quotes', 'command: [npm, start]', 'command: [node, server.js]'],
    ['a text', 'command: npm start', 'command: [node, server.js]'],
    ['a shell', 'command: ["sh", "-c", "node seed.js && npm start"]', 'command: ["sh", "-c", "node seed.js && exec node server.js"]'],
    ['a text with other work', 'command: sh -c "node seed.js && npm start"', undefined],
    ['a loop', 'command: sh -c "until nc -z db 1 && node seed.js && npm start; do sleep 2; done"', undefined],
    ['a loop of one command', 'command: sh -c "until npm start; do sleep 2; done"', undefined],
  ])('of Compose is not %s', async (_, before, after) => expect(await fix(files(plain, before))).toBe(after));
});
