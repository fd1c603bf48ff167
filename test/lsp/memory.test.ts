/** What is kept between analyses stays below the limit, and nothing that is told depends on it. */
import { beforeEach, expect, it } from 'vitest';
import { analyse } from '../../src/session.ts';
import type { Result } from '../../src/types.ts';
import { openWorkspace } from '../../src/workspace.ts';
import { makeFolder, makeWorkTree, shop } from '../temporary-repository.ts';

const shops = Object.fromEntries(
  Array.from({ length: 8 }, (_, index) =>
    Object.entries(shop).map(([path, text]) => [`shops/${index}/${path}`, String(text).replaceAll('shop', `shop${index}`)] as const),
  ).flat(),
);
const server = 'shops/3/server.js';
const plain = ({ services, findings, notAssessed }: Result): unknown => JSON.parse(JSON.stringify({ services, findings, notAssessed }));

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

async function replayEdits(keep: number, cache: boolean): Promise<number> {
  const root = makeWorkTree(shops);
  const workspace = openWorkspace({ root, keep, cache });
  let most = 0;
  for (const line of ['', '// one', 'fetch("http://10.0.0.7/a");', '']) {
    const text = `${shops[server]}\n${line}\n`;
    workspace.update(server, text);
    const { result } = (await workspace.analyse())!;
    expect(plain(result)).toEqual(plain(analyse({ root, overlay: new Map([[server, text]]), cache: false })));
    expect(workspace.keptBytes).toBeLessThanOrEqual(keep);
    most = Math.max(most, workspace.keptBytes);
  }
  return most;
}

it.each([true, false])('with a cache on the disk: %s', async (cache) => {
  const all = await replayEdits(Number.MAX_SAFE_INTEGER, cache);
  expect(all).toBeGreaterThan(20_000);
  for (const share of [0.7, 0.3, 0.05]) expect(await replayEdits(Math.round(all * share), cache)).toBeGreaterThan(0);
  expect(await replayEdits(0, cache)).toBe(0);
});
