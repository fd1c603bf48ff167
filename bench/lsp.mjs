/**
 * How fast the server for editors answers in a large repository: `npm run build && node bench/lsp.mjs [options]`
 * `--files=N` (10000), `--rounds=N` (15), `--cli=FILE`. The repository is made in a temporary folder; the debounce is 0.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '15' },
    cli: { type: 'string', default: join(import.meta.dirname, '../dist/cli.js') },
  },
});
const rounds = Number(values.rounds);
const perService = 400;

const server = (name) => `const express = require('express');
const session = require('express-session');
const app = express();
app.use(session({ secret: process.env.SESSION_SECRET }));
for (const part of require('./src')) app.use(part);
app.get('/', (request, response) => response.send('${name}'));
app.listen(process.env.PORT);
`;
const part = (index, before) => `const express = require('express');
const { total } = require('./${before}');
const router = express.Router();
const prices = [${index}, 2, 3];
router.get('/${index}/:id', async (request, response) => {
  const found = prices.filter((price) => price > Number(request.params.id));
  if (!found.length) return response.status(404).json({ error: 'nothing', base: process.env.BASE_URL });
  response.json({ found, sum: total(found) + found.reduce((sum, price) => sum + price, 0) });
});
exports.router = router;
exports.total = (list) => list.map((price) => price * ${index + 1}).length;
`;
const first = 'exports.total = (list) => list.length;\nexports.router = (request, response, next) => next();\n';
const manifest = (name, replicas) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: ${replicas}\n  selector:\n    matchLabels: { app: ${name} }\n  template:\n    metadata:\n      labels: { app: ${name} }\n    spec:\n      containers:\n        - name: ${name}\n          image: registry.example.com/${name}:1.0.0\n`;

function* makeService(name, parts) {
  const dependencies = { express: '^4.0.0', 'express-session': '^1.0.0' };
  yield ['package.json', JSON.stringify({ name, scripts: { start: 'node server.js' }, dependencies })];
  yield ['server.js', server(name)];
  yield ['Dockerfile', 'FROM node:22.1.0\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n'];
  yield ['k8s/deployment.yaml', manifest(name, 3)];
  yield [
    'src/index.js',
    `module.exports = [${Array.from({ length: parts }, (_, index) => `require('./part${index}').router`).join(', ')}];\n`,
  ];
  for (let index = 0; index < parts; index++) yield [`src/part${index}.js`, index ? part(index, `part${index - 1}`) : first];
}

function makeRepository(root, wanted) {
  let made = 0;
  for (let number = 0; made < wanted; number++) {
    const parts = Math.max(1, Math.min(perService, wanted - made) - 5);
    for (const [path, text] of makeService(`shop${number}`, parts)) {
      const file = join(root, 'services', `shop${number}`, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      made++;
    }
  }
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
  ])
    execFileSync('git', words, { cwd: root });
  return made;
}

const capabilities = {
  textDocument: { publishDiagnostics: {}, codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } } },
  workspace: { workspaceEdit: { documentChanges: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
};

class Editor {
  heard = new Map();
  waiting = [];
  versions = new Map();

  constructor(root) {
    this.root = root;
    this.process = spawn(process.execPath, [resolve(values.cli), 'lsp', '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, XDG_CACHE_HOME: join(root, '.git/cache') },
    });
    this.connection = createProtocolConnection(new StreamMessageReader(this.process.stdout), new StreamMessageWriter(this.process.stdin));
    this.connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => {
      this.heard.set(uri, diagnostics);
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.connection.onRequest('client/registerCapability', () => null);
    this.connection.listen();
  }

  uri = (path) => pathToFileURL(join(this.root, path)).href;

  async start() {
    const folder = pathToFileURL(this.root).href;
    const workspaceFolders = [{ uri: folder, name: 'shops' }];
    await this.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: folder,
      capabilities,
      workspaceFolders,
      initializationOptions: { debounce: 0 },
    });
    await this.connection.sendNotification('initialized', {});
  }

  async until(holds) {
    while (!holds()) await new Promise((wake) => this.waiting.push(wake));
  }

  found = (path, code) => (this.heard.get(this.uri(path)) ?? []).find((one) => one.code === code);

  edit(path, text) {
    const uri = this.uri(path);
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    if (version === 1)
      return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'plaintext', version, text } });
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  /** As asked for when the caret moves. */
  actions(path, range) {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: this.uri(path) },
      range,
      context: { diagnostics: [], triggerKind: 2 },
    });
  }

  /** Processor time so far in ms: what the answers cost where other programs share the machine. */
  spent() {
    const fields = readFileSync(`/proc/${this.process.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** Processor time of the thread that answers, in ms, to the microsecond. */
  answering = () => Number(readFileSync(`/proc/${this.process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

  memory(name) {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${this.process.pid}/status`, 'utf8'));
    return `${Math.round(Number(found?.[1] ?? 0) / 1024)} MB`;
  }
}

async function timed(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}
const inMs = (ms) => `${ms < 20 ? ms.toFixed(1) : Math.round(ms)} ms`;
function say(what, all) {
  const sorted = all.toSorted((a, b) => a - b);
  console.log(`${what}: median ${inMs(sorted[sorted.length >> 1])}, slowest ${inMs(sorted.at(-1))}`);
}

/** Each round edits twice, there and back. */
async function repeat(what, editor, there, back) {
  const all = [];
  const before = editor.spent();
  for (let round = 0; round < rounds; round++) all.push(await timed(there), await timed(back));
  say(`${what} (${inMs((editor.spent() - before) / all.length)} of the processor each)`, all);
}

const root = mkdtempSync(join(tmpdir(), 'cloudworthy-bench-'));
try {
  console.log(`${makeRepository(root, Number(values.files))} files`);
  const editor = new Editor(root);
  const code = 'services/shop0/server.js';
  const yaml = 'services/shop0/k8s/deployment.yaml';
  const session = () => editor.found(code, 'session-in-memory');
  const start = await timed(async () => {
    await editor.start();
    await editor.until(session);
  });
  console.log(`First diagnostics (${inMs(editor.spent())} of the processor): ${inMs(start)}`);
  await editor.edit(code, server('shop0'));
  await editor.edit(yaml, manifest('shop0', 3));
  const setReplicas = (count, level) => async () => {
    await editor.edit(yaml, manifest('shop0', count));
    await editor.until(() => session() && (session().severity === 1) === (level === 1));
  };
  await setReplicas(1, 2)();
  await setReplicas(3, 1)();
  const ask = () => editor.actions(code, session().range);
  const processor = [];
  const timedAsk = async () => {
    const before = editor.answering();
    const time = await timed(ask);
    processor.push(editor.answering() - before);
    return time;
  };
  const actions = [await timedAsk()];
  await repeat('Edit of a manifest, until the finding in the code follows', editor, setReplicas(1, 2), setReplicas(3, 1));
  const setSession = (text, shown) => async () => {
    await editor.edit(code, text);
    await editor.until(() => Boolean(session()) === shown);
  };
  const without = server('shop0').replace(/^app\.use\(session.*$/m, '');
  await repeat('Edit of code, until its finding follows', editor, setSession(without, false), setSession(server('shop0'), true));
  for (let round = 0; round < rounds * 2; round++) {
    await setReplicas(round % 2 ? 3 : 1, 2 - (round % 2))();
    actions.push(await timedAsk());
  }
  say(`Code actions (${(await ask()).length} on the line), the first after start and after each edit`, actions);
  say('  of the processor', processor);
  const again = [];
  for (let round = 0; round < rounds * 4; round++) again.push(await timed(ask));
  say('Code actions, asked for again', again);
  console.log(`Memory: ${editor.memory('VmRSS')} now, ${editor.memory('VmHWM')} at most`);
  editor.connection.dispose();
  editor.process.kill();
} finally {
  rmSync(root, { recursive: true, force: true });
}
