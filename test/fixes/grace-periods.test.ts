/** The grace period in the form of each manifest; nothing where its form is not known. */
import { describe, expect, it } from 'vitest';
import { fixFolder } from '../../src/session.ts';
import { makeFolder } from '../temporary-repository.ts';

const server = `const server = require('node:http').createServer((request, response) => response.end('ok'));
server.listen(8080);
for (const signal of ['SIGTERM', 'SIGINT'])
  process.on(signal, () => {
    server.close();
    setTimeout(() => process.exit(1), 25000);
  });
`;
const base = {
  'server.js': server,
  'package.json': '{ "name": "shop", "private": true, "scripts": { "start": "node server.js" } }',
  Dockerfile: 'FROM node:22.11.0-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n',
};
async function fixed(path: string, text: string): Promise<string | undefined> {
  const root = makeFolder({ ...base, [path]: text });
  const { files } = await fixFolder({ root, rules: ['grace-period-short'], cache: false, git: false, config: false }, { unsafe: false });
  return files.find((file) => file.path === path)?.after;
}
const nomad = (task: string): string =>
  `job "shop" {\n\tgroup "web" {\n\t\ttask "server" {\n${task}\t\t\tconfig {\n\t\t\t\timage = "example.org/shop:1.4.0"\n\t\t\t}\n\t\t}\n\t}\n}\n`;

describe('grace periods', () => {
  it.each([
    [
      'fly.toml, which says nothing',
      'fly.toml',
      '# shop\napp = "shop" # the name\nprimary_region = "ams"\n\n[http_service]\ninternal_port = 8080\n',
      '# shop\napp = "shop" # the name\nprimary_region = "ams"\nkill_timeout = "30s"\n\n[http_service]\ninternal_port = 8080\n',
    ],
    ['a number of seconds in fly.toml', 'fly.toml', "app = 'shop'\nkill_timeout = 8\n", 'app = \'shop\'\nkill_timeout = "30s"\n'],
    ['its own quotes', 'fly.toml', "app = 'shop'\nkill_timeout = '8s' # short\n", "app = 'shop'\nkill_timeout = '30s' # short\n"],
    [
      'a task of Nomad',
      'shop.nomad.hcl',
      nomad('\t\t\tdriver = "docker"\n\n'),
      nomad('\t\t\tdriver = "docker"\n\n\t\t\tkill_timeout = "30s"\n\n'),
    ],
    ['railway.toml', 'railway.toml', '[deploy]\ndrainingSeconds = 5 # short\n', '[deploy]\ndrainingSeconds = 30 # short\n'],
    ['railway.json', 'railway.json', '{\n  "deploy": { "drainingSeconds": 5 }\n}\n', '{\n  "deploy": { "drainingSeconds": 30 }\n}\n'],
    [
      'render.yaml',
      'render.yaml',
      'services:\n  - type: web\n    name: shop\n    runtime: node\n    startCommand: node server.js\n    maxShutdownDelaySeconds: 9\n',
      'services:\n  - type: web\n    name: shop\n    runtime: node\n    startCommand: node server.js\n    maxShutdownDelaySeconds: 30\n',
    ],
    [
      'Compose',
      'compose.yaml',
      'services:\n  shop:\n    build: .\n    ports: ["8080:8080"]\n',
      'services:\n  shop:\n    build: .\n    ports: ["8080:8080"]\n    stop_grace_period: 30s\n',
    ],
  ])('%s', async (_, path, before, after) => expect(await fixed(path, before)).toBe(after));

  it.each([['more than Nomad clients wait', 'shop.nomad.hcl', nomad('\t\t\tdriver = "docker"\n')]])(
    'leaves %s alone',
    async (_, path, text) => {
      const root = makeFolder({ ...base, 'server.js': server.replace('25000', '45000'), [path]: text });
      const { applied } = await fixFolder(
        { root, rules: ['grace-period-short'], cache: false, git: false, config: false },
        { unsafe: true },
      );
      expect(applied).toEqual([]);
    },
  );
});
