import { beforeEach, expect, it } from 'vitest';
import { analyse } from '../src/session.ts';
import type { Result } from '../src/types.ts';
import { openWorkspace } from '../src/workspace.ts';
import { makeFolder, makeWorkTree, shop, writeFiles } from './temporary-repository.ts';

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

const plain = ({ services, findings, notAssessed }: Result): unknown => JSON.parse(JSON.stringify({ services, findings, notAssessed }));
const shops = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) =>
      Object.entries(shop).map(([path, text]) => [`shops/${index}/${path}`, String(text).replaceAll('shop', `shop${index}`)] as const),
    ).flat(),
  );
/** Wants the result until so many pauses were made. */
function countPauses(most: number): { isWanted: () => boolean; pauses: () => number } {
  let pauses = 0;
  return { isWanted: () => ++pauses < most, pauses: () => pauses };
}

it('ends an analysis early that nobody wants any more, and goes on with what it came to', async () => {
  const texts = shops(40);
  const root = makeWorkTree(texts);
  const workspace = openWorkspace({ root });
  for (const most of [1, 2, 3]) {
    const { isWanted, pauses } = countPauses(most);
    expect(await workspace.analyse(isWanted)).toBeUndefined();
    expect(pauses()).toBe(most);
  }
  const { result } = (await workspace.analyse())!;
  expect(plain(result)).toEqual(plain(analyse({ root, cache: false })));
});

it('sees one state of the files: what is told between the steps counts for the next analysis', async () => {
  const root = makeWorkTree(shops(20));
  const workspace = openWorkspace({ root });
  const server = 'shops/19/server.js';
  const hasSession = (result: Result): boolean =>
    result.findings.some(({ rule, place }) => rule === 'session-in-memory' && place.path === server);
  let told = 0;
  const first = await workspace.analyse(() => {
    if (told++ === 0) workspace.update(server, 'require("http").createServer().listen(process.env.PORT);\n');
    return true;
  });
  expect(told).toBeGreaterThan(1);
  expect(hasSession(first!.result)).toBe(true);
  expect(hasSession((await workspace.analyse())!.result)).toBe(false);
  workspace.update(server, undefined);
  expect(hasSession((await workspace.analyse())!.result)).toBe(true);
});

it('keeps nothing of an analysis that ended early that rests on a text which has changed', async () => {
  const texts = shops(20);
  const root = makeWorkTree(texts);
  const workspace = openWorkspace({ root });
  for (let edit = 1; edit < 12; edit++) {
    const path = `shops/${edit}/server.js`;
    writeFiles(root, { [path]: edit % 2 ? 'require("http").createServer().listen(3000);\n' : texts[path]! });
    workspace.touch(path);
    const { isWanted } = countPauses(edit);
    await workspace.analyse(() => {
      workspace.touch(path);
      return isWanted();
    });
  }
  expect(plain((await workspace.analyse())!.result)).toEqual(plain(analyse({ root, cache: false })));
});

it('outlives values that hold themselves', async () => {
  const workspace = openWorkspace({ root: makeWorkTree(shop) });
  const server = "const options = {};\noptions.self = options;\nrequire('express-rate-limit')(options);\n";
  for (const line of ['', '// one\n']) {
    workspace.update('server.js', line + server);
    expect((await workspace.analyse())!.result.notAssessed.filter(({ failed }) => failed)).toEqual([]);
  }
});
