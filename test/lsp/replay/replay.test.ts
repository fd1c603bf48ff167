/** Whatever an editor's user does, what is shown is what a run from nothing says of the same contents. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, makeWorkTree } from '../../temporary-repository.ts';
import { startClient } from '../client.ts';
import type { Editor } from '../editors.ts';
import { type Step, session } from './acts.ts';
import { ScriptedEditor } from './editor.ts';
import { FreshRuns, withoutConfigs } from './fresh.ts';
import { project } from './project.ts';

/** `REPLAY_STEPS=1000 npx vitest run test/lsp/replay` is the long way. */
const steps = Number(process.env['REPLAY_STEPS'] ?? 100);
const seed = Number(process.env['REPLAY_SEED'] ?? 20_261);
const perSession = Math.min(25, steps);
const editors: readonly Editor[] = ['eglot', 'vscode', 'neovim-0.7', 'helix'];

/** Megabytes that the server may keep: everything, a part, nothing. */
const memories = [512, 0.05, 0];

async function replay(editor: Editor, memory: number, script: readonly Step[]): Promise<void> {
  const client = await startClient(makeWorkTree(project), { editor, memory });
  await client.until(() => client.codes('Dockerfile').length > 0);
  const scripted = new ScriptedEditor(client, editor);
  const fresh = new FreshRuns(scripted);
  for (const [index, { acts }] of script.entries()) {
    for (const { run } of acts) await run(scripted);
    await scripted.settle();
    const soFar = `${editor}, ${memory} MB, after\n${script.slice(0, index + 1).join('\n')}\n`;
    expect(withoutConfigs(await scripted.shown()), soFar).toEqual(withoutConfigs(fresh.expected()));
  }
}

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

describe('random sessions of editors', () => {
  it('show what a fresh run says', { timeout: 30_000 + steps * 2000 }, async () => {
    const script = fc.tuple(fc.constantFrom(...editors), fc.constantFrom(...memories), session(perSession));
    await fc.assert(
      fc.asyncProperty(script, ([editor, memory, acts]) => replay(editor, memory, acts)),
      {
        numRuns: Math.ceil(steps / perSession),
        seed,
        endOnFailure: process.env['REPLAY_SHRINK'] === undefined,
      },
    );
  });
});
