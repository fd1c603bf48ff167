/** Random acts of an editor's user. */
import fc from 'fast-check';
import type { ScriptedEditor } from './editor.ts';
import {
  brokenConfigs,
  configFile,
  configs,
  entryFiles,
  folderMoves,
  ignoreFiles,
  nestedConfigFile,
  otherPaths,
  paths,
  snippets,
  textOf,
} from './project.ts';

type Mutation = (text: string) => string;
type Act = { readonly say: string; readonly run: (editor: ScriptedEditor) => Promise<void> };

const anyPath = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...paths) }, { weight: 1, arbitrary: fc.constantFrom(...otherPaths) });

/** Lines that go, come, double, or change a number or a word. */
const mutation: fc.Arbitrary<{ readonly say: string; readonly apply: Mutation }> = fc
  .tuple(fc.constantFrom('remove', 'double', 'insert', 'number', 'word', 'cut', 'conflict'), fc.nat(40), fc.constantFrom(...snippets))
  .map(([how, at, snippet]) => ({
    say: `${how} ${at} ${how === 'insert' ? snippet : ''}`,
    apply: (text) => mutate(text, how, at, snippet),
  }));

function mutate(text: string, how: string, at: number, snippet: string): string {
  const lines = text.split('\n');
  const line = at % lines.length;
  const was = lines[line]!;
  if (how === 'remove') lines.splice(line, 1);
  if (how === 'double') lines.splice(line, 0, was);
  if (how === 'insert') lines.splice(line, 0, snippet);
  if (how === 'number') lines[line] = was.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  if (how === 'word') lines[line] = was.replace(/[a-z]{3,}/i, 'other');
  // As a merge leaves it.
  if (how === 'conflict') lines.splice(line, 1, '<<<<<<< HEAD', was, '=======', snippet, '>>>>>>> theirs');
  if (how === 'cut') lines[line] = was.slice(0, was.length / 2);
  return lines.join('\n');
}

const edit = fc
  .tuple(anyPath, mutation)
  .map(
    ([path, { say, apply }]): Act => ({ say: `edit ${path}: ${say}`, run: (editor) => editor.edit(path, apply(editor.text(path) ?? '')) }),
  );
/** The text as it was first, so that projects do not decay. */
const mend = anyPath.map(
  (path): Act => ({ say: `mend ${path}`, run: (editor) => editor.edit(path, paths.includes(path) ? textOf(path) : 'a: 1\n') }),
);
const writeOutside = fc.tuple(anyPath, mutation).map(
  ([path, { say, apply }]): Act => ({
    say: `write ${path} outside: ${say}`,
    run: (editor) => editor.writeOutside(path, apply(editor.onDisk(path) ?? (paths.includes(path) ? textOf(path) : ''))),
  }),
);
const restore = fc
  .constantFrom(...paths)
  .map((path): Act => ({ say: `restore ${path} outside`, run: (editor) => editor.writeOutside(path, textOf(path)) }));
const save = anyPath.map((path): Act => ({ say: `save ${path}`, run: (editor) => editor.save(path) }));
const close = anyPath.map((path): Act => ({ say: `close ${path}`, run: (editor) => editor.close(path) }));
const remove = anyPath.map((path): Act => ({ say: `remove ${path}`, run: (editor) => editor.remove(path) }));
const rename = fc
  .tuple(anyPath, fc.constantFrom(...otherPaths, ...paths))
  .map(([path, to]): Act => ({ say: `rename ${path} to ${to}`, run: (editor) => editor.rename(path, to) }));
const configure = fc
  .tuple(fc.constantFrom(configFile, configFile, nestedConfigFile), fc.constantFrom(...configs, ...brokenConfigs))
  .map(([path, text]): Act => ({ say: `configure ${path} ${JSON.stringify(text)}`, run: (editor) => editor.edit(path, text) }));
const breakAndRepair = fc.tuple(fc.constantFrom(...brokenConfigs), fc.constantFrom(...configs)).map(
  ([broken, right]): Act => ({
    say: `break the configuration with ${JSON.stringify(broken)} and repair it with ${JSON.stringify(right)}`,
    run: async (editor) => {
      await editor.edit(configFile, broken);
      await editor.settle();
      await editor.edit(configFile, right);
    },
  }),
);
const unconfigure = fc.constantFrom(configFile, nestedConfigFile).map(
  (path): Act => ({
    say: `remove ${path}, closed`,
    run: async (editor) => {
      await editor.close(path);
      await editor.remove(path);
    },
  }),
);
const moveFolder = fc
  .tuple(fc.constantFrom(...folderMoves), fc.boolean())
  .map(([[one, other], back]) => (back ? [other, one] : [one, other]) as readonly [string, string])
  .map(([from, to]): Act => ({ say: `move folder ${from} to ${to}`, run: (editor) => editor.renameFolder(from, to) }));
const ignore = fc
  .constantFrom(...ignoreFiles)
  .map((text): Act => ({ say: `write .gitignore ${JSON.stringify(text)}`, run: (editor) => editor.writeOutside('.gitignore', text) }));
const removeEntry = fc
  .constantFrom(...entryFiles)
  .map((path): Act => ({ say: `remove the entry ${path}`, run: (editor) => editor.remove(path) }));

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: edit },
  { weight: 4, arbitrary: mend },
  { weight: 2, arbitrary: writeOutside },
  { weight: 2, arbitrary: restore },
  { weight: 2, arbitrary: save },
  { weight: 3, arbitrary: close },
  { weight: 2, arbitrary: remove },
  { weight: 2, arbitrary: rename },
  { weight: 2, arbitrary: configure },
  { weight: 1, arbitrary: breakAndRepair },
  { weight: 1, arbitrary: unconfigure },
  { weight: 2, arbitrary: moveFolder },
  { weight: 1, arbitrary: ignore },
  { weight: 1, arbitrary: removeEntry },
);

/** What is done before somebody looks at the result. */
export class Step {
  constructor(readonly acts: readonly Act[]) {}

  toString(): string {
    return this.acts.map(({ say }) => say).join(' + ');
  }
  [fc.toStringMethod](): string {
    return String(this);
  }
}

/** Most steps are one act; in some, more follow before the server has answered. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: act.map((one) => new Step([one])) },
  { weight: 1, arbitrary: fc.array(act, { minLength: 2, maxLength: 4 }).map((acts) => new Step(acts)) },
);

export const session = (length: number): fc.Arbitrary<readonly Step[]> => fc.array(step, { minLength: length, maxLength: length });
