/** What an editor sees: each test is a short session with the server. */
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { CancellationTokenSource, type CodeAction, type Diagnostic, type Hover } from 'vscode-languageserver/node';
import { makeFolder, makeWorkTree, shop, writeFiles } from '../temporary-repository.ts';
import { startClient, type TestClient } from './client.ts';
import type { Editor } from './editors.ts';

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

const server = shop['server.js'] as string;
const manifest = shop['k8s/deployment.yaml'] as string;
const one = manifest.replace('replicas: 3', 'replicas: 1');
const level = (client: TestClient, path = 'server.js'): number | undefined =>
  client.pushed.get(client.uri(path))?.find(({ code }) => code === 'session-in-memory')?.severity;
/** The session finding rests on the manifest. */
const names = (client: TestClient): boolean =>
  (client.pushed.get(client.uri('server.js')) ?? []).some(
    ({ code, message }) => code === 'session-in-memory' && String(message).includes('k8s/deployment.yaml'),
  );
const pushing: readonly Editor[] = ['neovim-0.7', 'helix', 'eglot'];
const pulling: readonly Editor[] = ['vscode', 'neovim-0.12'];

describe('diagnostics', () => {
  it.each(pushing)('follow an unsaved manifest into code that is open, in %s', async (editor) => {
    const client = await startClient(makeWorkTree(shop), { editor });
    await client.open('server.js', server);
    await client.open('k8s/deployment.yaml', manifest);
    await client.until(() => level(client) === 1);
    await client.edit('k8s/deployment.yaml', one);
    await client.until(() => level(client) !== 1);
    await client.edit('k8s/deployment.yaml', manifest);
    await client.until(() => level(client) === 1);
  });

  it.each(pulling)('are pulled for open documents and pushed for others, never both, in %s', async (editor) => {
    const client = await startClient(makeWorkTree(shop), { editor });
    await client.until(() => level(client) === 1);
    await client.open('server.js', server);
    await client.until(() => client.pushed.get(client.uri('server.js'))?.length === 0);
    const pull = async (): Promise<Diagnostic[]> =>
      (
        (await client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: client.uri('server.js') } })) as {
          items: Diagnostic[];
        }
      ).items;
    expect((await pull()).map(({ code }) => code)).toContain('session-in-memory');
    const before = client.refreshes;
    await client.open('k8s/deployment.yaml', one);
    await client.until(
      async () => client.refreshes > before && (await pull()).every((item) => item.code !== 'session-in-memory' || item.severity !== 1),
    );
    expect(client.pushed.get(client.uri('server.js'))).toEqual([]);
    await client.close('k8s/deployment.yaml');
    await client.close('server.js');
    await client.until(() => level(client) === 1);
  });

  it('name the other place, link the rule and count UTF-16', async () => {
    const wide = server.replace('app.use(session', '/* 🙂 */ app.use(session');
    const client = await startClient(makeWorkTree({ ...shop, 'server.js': wide }), { editor: 'neovim-0.7' });
    await client.until(() => level(client) === 1);
    const found = client.pushed.get(client.uri('server.js'))!.find(({ code }) => code === 'session-in-memory')!;
    expect(found.message).toContain('k8s/deployment.yaml:6');
    expect(found.source).toBe('cloudworthy');
    expect(found.codeDescription!.href).toMatch(/^https:/);
    expect(found.relatedInformation!.map(({ location }) => location.uri)).toContain(client.uri('k8s/deployment.yaml'));
    expect(wide.split('\n')[3]!.slice(found.range.start.character)).toMatch(/^session\(|^app\.use/);
  });

  it('keep the last settings that were right when a configuration breaks', async () => {
    const root = makeWorkTree({ ...shop, 'cloudworthy.yml': 'rules:\n  session-in-memory: note\n' });
    const client = await startClient(root, { editor: 'eglot' });
    await client.until(() => level(client) === 3);
    await client.open('cloudworthy.yml', 'rules:\n  session-in-memori: note\n');
    await client.until(() => client.codes('cloudworthy.yml').includes('configuration'));
    expect(client.pushed.get(client.uri('cloudworthy.yml'))![0]!.range.start.line).toBe(1);
    expect(level(client)).toBe(3);
    await client.edit('cloudworthy.yml', '{}\n');
    await client.until(() => level(client) === 1 && client.codes('cloudworthy.yml').length === 0);
  });

  it('see files that come and go, with and without a client that watches', async () => {
    const root = makeWorkTree(shop);
    const watching = await startClient(root, { editor: 'helix' });
    const other = await startClient(root, { editor: 'neovim-0.7' });
    await watching.until(() => names(watching));
    await other.until(() => names(other));
    rmSync(join(root, 'k8s/deployment.yaml'));
    await watching.watched('k8s/deployment.yaml', 3);
    await watching.until(() => !names(watching));
    await other.open('server.js', server);
    await other.until(() => !names(other));
    writeFiles(root, shop);
    await watching.watched('k8s/deployment.yaml', 1);
    await other.save('server.js');
    await watching.until(() => names(watching));
    await other.until(() => names(other));
  });

  it('see a folder that goes, told of without its files', async () => {
    const now = Date.now.bind(Date);
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() + 10_000);
    onTestFinished(() => clock.mockRestore());
    const root = makeWorkTree(shop);
    const client = await startClient(root, { editor: 'helix' });
    await client.until(() => names(client));
    rmSync(join(root, 'k8s'), { recursive: true });
    await client.watched('k8s', 3);
    await client.until(() => !names(client));
  });

  it('use the names of the client where its folder is a link', async () => {
    const root = makeWorkTree(shop);
    const link = join(makeFolder(), 'project');
    symlinkSync(root, link);
    const client = await startClient(link, { editor: 'eglot' });
    await client.until(() => level(client) === 1);
  });

  it('tell several folders apart', async () => {
    const [a, b] = [makeWorkTree(shop), makeWorkTree({ ...shop, 'k8s/deployment.yaml': one })];
    const client = await startClient(a, { editor: 'eglot', folders: [a, b] });
    await client.until(() => level(client) === 1 && client.pushed.has(client.uri('').replace(a, b) + 'package.json'));
    expect([...client.pushed.keys()].some((uri) => uri.includes(b))).toBe(true);
  });
});

describe('the conversation', () => {
  it('shows progress of the first reading, and asks to be told of files', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'vscode' });
    await client.until(() => level(client) === 1);
    expect(client.requests).toEqual(expect.arrayContaining(['window/workDoneProgress/create', 'client/registerCapability']));
    const silent = await startClient(makeWorkTree(shop), { editor: 'neovim-0.7' });
    await silent.until(() => level(silent) === 1);
    expect(silent.requests).not.toContain('client/registerCapability');
  });

  it('publishes nothing of a text that is no longer there', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot' });
    await client.open('server.js', server);
    await client.open('k8s/deployment.yaml', manifest);
    await client.until(() => level(client) === 1);
    const seen: (number | undefined)[] = [];
    client.connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => {
        client.pushed.set(params.uri, params.diagnostics);
        if (params.uri === client.uri('server.js')) seen.push(params.version);
      },
    );
    const last = 12;
    for (let version = 2; version <= last; version++) await client.edit('server.js', `${'// more\n'.repeat(version)}${server}`);
    await client.until(() => client.pushed.get(client.uri('server.js'))!.some(({ range }) => range.start.line === last + 3));
    expect(seen.at(-1)).toBe(last);
    expect(seen.length).toBeLessThan(last - 1);
  });

  it('forgets a folder that leaves, and reads one that comes', async () => {
    const [a, b] = [makeWorkTree(shop), makeWorkTree(shop)];
    const client = await startClient(a, { editor: 'vscode' });
    await client.until(() => level(client) === 1);
    const folder = (root: string) => ({ uri: pathToFileURL(root).href, name: root });
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
      event: { added: [folder(b)], removed: [folder(a)] },
    });
    const there = pathToFileURL(join(b, 'server.js')).href;
    await client.until(() => (client.pushed.get(there)?.length ?? 0) > 0 && client.pushed.get(client.uri('server.js'))?.length === 0);
  });

  it('tells what a lens asks for', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot' });
    await client.until(() => level(client) === 1);
    const textDocument = { uri: client.uri('k8s/deployment.yaml') };
    const [lens] = (await client.connection.sendRequest('textDocument/codeLens', { textDocument })) as { command: object }[];
    await client.connection.sendRequest('workspace/executeCommand', lens!.command);
    await client.until(() => client.messages.some((message) => /^shop: can it autoscale\? No.*\nBlocker: /.test(message)));
  });

  it('goes on after a request was cancelled', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot', debounce: 3000 });
    await client.open('server.js', server);
    await client.until(() => level(client) === 1);
    await client.edit('server.js', `// one\n${server}`);
    const cancel = new CancellationTokenSource();
    const position = { line: 4, character: 0 };
    const params = {
      textDocument: { uri: client.uri('server.js') },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    };
    const asked = client.connection.sendRequest('textDocument/codeAction', params, cancel.token).catch((error: Error) => error);
    cancel.cancel();
    await asked;
    expect((await client.actions('server.js', 5)).length).toBeGreaterThan(0);
  });
});

describe('a long analysis', () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => Object.entries(shop).map(([path, text]) => [`shops/${index}/${path}`, text] as const)).flat(),
  );
  const toldOf = (client: TestClient, root: string): boolean =>
    [...client.pushed.keys()].some((uri) => uri.startsWith(pathToFileURL(root).href));

  it('leaves room for answers about what is known', async () => {
    const [small, large] = [makeWorkTree(shop), makeWorkTree(many)];
    const client = await startClient(small, { editor: 'eglot', folders: [large, small] });
    await client.until(() => level(client) === 1);
    const position = { line: 3, character: 10 };
    const hover = await client.connection.sendRequest('textDocument/hover', { textDocument: { uri: client.uri('server.js') }, position });
    expect(JSON.stringify(hover)).toContain('session-in-memory');
    expect(toldOf(client, large)).toBe(false);
    await client.until(() => toldOf(client, large));
  });

  it('gives way to an edit', async () => {
    const client = await startClient(makeWorkTree(many), { editor: 'helix' });
    const begun = (): number => client.requests.filter((method) => method === 'window/workDoneProgress/create').length;
    await client.until(() => begun() === 1);
    await client.open('shops/59/server.js', 'require("http").createServer().listen(process.env.PORT);\n');
    await client.until(() => level(client, 'shops/58/server.js') === 1);
    expect([begun(), level(client, 'shops/59/server.js')]).toEqual([2, undefined]);
  });
});

describe('answers', () => {
  it('explain a finding on hover, with the evidence', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot' });
    await client.until(() => level(client) === 1);
    const start = client.pushed.get(client.uri('server.js'))!.find(({ code }) => code === 'session-in-memory')!.range.start;
    const ask = (position: object) =>
      client.connection.sendRequest('textDocument/hover', {
        textDocument: { uri: client.uri('server.js') },
        position,
      }) as Promise<Hover | null>;
    const { value } = (await ask(start))!.contents as { value: string };
    expect(value).toContain('**session-in-memory**');
    expect(value).toContain(`${client.uri('k8s/deployment.yaml')}#L6`);
    expect(value).toContain('**Next:**');
    expect(await ask({ line: 0, character: 0 })).toBeNull();
  });

  it('accept a finding with a reason, in the syntax of the file', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'vscode' });
    await client.until(() => level(client) === 1);
    await client.open('server.js', server);
    const action = (await client.actions('server.js', 4)).find(({ title }) => title.startsWith('Accept session-in-memory'))!;
    await client.apply(action.edit!);
    expect(client.texts.get(client.uri('server.js'))!.text).toContain('\n// cloudworthy-ignore session-in-memory: ');
    await client.close('k8s/deployment.yaml');
    await client.until(async () => {
      const { items } = (await client.connection.sendRequest('textDocument/diagnostic', {
        textDocument: { uri: client.uri('server.js') },
      })) as { items: Diagnostic[] };
      return items.every(({ code }) => code !== 'session-in-memory');
    });
  });

  it('fix several files at once, open or not', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot' });
    await client.open('server.js', server);
    await client.until(() => level(client) === 1);
    const action = (await client.actions('server.js', 4)).find(({ title }) => title.startsWith('Keep sessions in Redis'))!;
    expect(action.isPreferred).toBe(false);
    await client.apply(action.edit!);
    expect([...client.texts.keys()].sort()).toEqual(['k8s/deployment.yaml', 'package.json', 'server.js'].map((path) => client.uri(path)));
    await client.until(() => level(client) === undefined);
  });

  it.each([
    ['helix', 'when it is taken, with everything that the file reaches', 'await pool.end();'],
    ['eglot', 'at once, where the client asks no more', 'server.close(() => process.exit(0));'],
  ] as const)('give %s an edit that takes its time %s', async (editor, _, expected) => {
    const text = `const { pool } = require('./db');\n${server}`;
    const files = { 'server.js': text, 'db.js': "const { Pool } = require('pg');\nexports.pool = new Pool();\n" };
    const packages = JSON.stringify({
      name: 'shop',
      scripts: { start: 'node server.js' },
      dependencies: { express: '^4.0.0', pg: '^8.0.0' },
    });
    const client = await startClient(makeWorkTree({ ...shop, ...files, 'package.json': packages }), { editor });
    await client.open('server.js', text);
    const isThere = () => client.codes('server.js').includes('shutdown-not-graceful');
    await client.until(isThere);
    const line = text.split('\n').findIndex((each) => each.includes('app.listen')) + 1;
    const action = (await client.actions('server.js', line)).find(({ title }) => title.startsWith('On SIGTERM'))!;
    expect(action.edit === undefined).toBe(editor === 'helix');
    const resolved = action.edit ? action : ((await client.connection.sendRequest('codeAction/resolve', action)) as CodeAction);
    await client.apply(resolved.edit!);
    expect(client.texts.get(client.uri('server.js'))!.text).toContain(expected);
    await client.until(() => !isThere());
  });

  it('fix all of a file that is safe, until nothing is left', async () => {
    const two = `${manifest}---\n${manifest.replaceAll('shop', 'worker')}`;
    const client = await startClient(makeWorkTree({ ...shop, 'k8s/deployment.yaml': two }), { editor: 'eglot' });
    await client.open('k8s/deployment.yaml', two);
    const unspread = (): number => client.codes('k8s/deployment.yaml').filter((code) => code === 'spread-missing').length;
    await client.until(() => unspread() === 2);
    const fixAll = (only?: string) => client.actions('k8s/deployment.yaml', 1, only ? [only] : undefined, 1);
    const kinds = (await Promise.all([fixAll(), fixAll('quickfix')])).flat().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind?.startsWith('source'))).toEqual([]);
    const [action, ...more] = await fixAll('source');
    expect([action!.kind, more]).toEqual(['source.fixAll.cloudworthy', []]);
    await client.apply(action!.edit!);
    await client.until(() => unspread() === 0);
    expect(await fixAll('source.fixAll')).toEqual([]);
  });

  it('edit the text as it stands, although it was not analysed yet', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot', debounce: 3000 });
    await client.open('server.js', server);
    await client.until(() => level(client) === 1);
    await client.edit('server.js', `// one\n// two\n${server}`);
    expect((await client.actions('server.js', 6, undefined, 2)).filter(({ edit }) => edit)).toEqual([]);
    const action = (await client.actions('server.js', 6)).find(({ title }) => title.startsWith('Accept session-in-memory'))!;
    await client.apply(action.edit!);
    expect(client.texts.get(client.uri('server.js'))!.text).toMatch(/cloudworthy-ignore session-in-memory: .*\napp\.use\(session/);
  });

  it('explain rules and open the other place by command', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot' });
    await client.until(() => level(client) === 1);
    const actions = await client.actions('server.js', 4);
    const run = (start: string) =>
      client.connection.sendRequest('workspace/executeCommand', actions.find(({ title }) => title.startsWith(start))!.command!);
    await run('Explain session-in-memory');
    await client.until(() => client.messages.some((message) => message.startsWith('session-in-memory: ')));
    await run('Open k8s/deployment.yaml:6');
    await client.until(() => client.shown.includes(client.uri('k8s/deployment.yaml')));
  });

  it('apply all safe fixes of a file at once, only when asked for', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'eglot' });
    await client.until(() => client.codes('Dockerfile').length > 0);
    await client.open('Dockerfile', (shop['Dockerfile'] as string).replace('CMD ["node", "server.js"]', 'CMD node server.js'));
    await client.until(() => client.codes('Dockerfile').includes('signal-lost'));
    const all = await client.actions('Dockerfile', 1, ['source.fixAll'], 1);
    expect(all.map(({ kind }) => kind)).toEqual(['source.fixAll.cloudworthy']);
    expect(await client.actions('Dockerfile', 1, ['refactor'], 1)).toEqual([]);
    expect((await client.actions('Dockerfile', 1, undefined, 1)).filter(({ kind }) => kind !== 'quickfix')).toEqual([]);
  });

  it('fix several files in one edit', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'vscode' });
    await client.until(() => level(client) === 1);
    const fix = (await client.actions('server.js', 4, ['quickfix'], 1)).find(({ title }) => title.includes('Redis'))!;
    const paths = fix.edit!.documentChanges!.map((change) => ('textDocument' in change ? change.textDocument.uri : change));
    expect(paths).toEqual(expect.arrayContaining([client.uri('server.js'), client.uri('package.json')]));
  });

  it('say above the workload whether the service autoscales', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'neovim-0.12' });
    await client.until(() => level(client) === 1);
    const textDocument = { uri: client.uri('k8s/deployment.yaml') };
    const lenses = (await client.connection.sendRequest('textDocument/codeLens', { textDocument })) as { command: { title: string } }[];
    expect(lenses.map(({ command }) => command.title)).toEqual([expect.stringMatching(/^shop: can it autoscale\? No: \d+ blockers?$/)]);
  });

  it('say above the entry whether the service autoscales', async () => {
    const client = await startClient(makeWorkTree(shop), { editor: 'neovim-0.12' });
    await client.until(() => level(client) === 1);
    const lenses = (await client.connection.sendRequest('textDocument/codeLens', { textDocument: { uri: client.uri('server.js') } })) as {
      command: { title: string };
    }[];
    expect(lenses.map(({ command }) => command.title)).toEqual([expect.stringMatching(/^shop: can it autoscale\? No: \d+ blockers?$/)]);
  });
});
