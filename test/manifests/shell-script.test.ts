import { describe, expect, it } from 'vitest';
import { processFileAdapter } from '../../src/manifests/process-file/index.ts';
import { shellScriptAdapter } from '../../src/manifests/shell-script/index.ts';
import { needsShell, splitCommands, splitWords } from '../../src/text/shell-words.ts';
import { factsOf, knownOf, read } from './read.ts';

describe('shell words', () => {
  it.each([
    [`a "b c" 'd $e' f\\ g`, ['a', 'b c', 'd $e', 'f g']],
    ['echo "x\\"y" a#b # comment', ['echo', 'x"y', 'a#b']],
    ['a $(b | c) `d e` ${F:-g h}', ['a', '$(b | c)', '`d e`', '${F:-g h}']],
    ['"" \'\'', ['', '']],
    ['a \\\n  b', ['a', 'b']],
  ])('%s', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });
  it('splits commands with assignments and redirections', () => {
    const commands = splitCommands('A=1 B="2 3" exec node a.js 2>&1 >log | tee x && ! test -f y; (cd z) &');
    expect(commands.map(({ words, operator }) => [words.join(' '), operator])).toEqual([
      ['exec node a.js', '|'],
      ['tee x', '&&'],
      ['test -f y', ';'],
      ['cd z', ')'],
    ]);
    expect(commands[0]!.assignments).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: '2 3' },
    ]);
  });
  it('knows what needs a shell', () => {
    expect(['node a.js', 'a && b', 'a $X', "a '$'"].map(needsShell)).toEqual([false, true, true, true]);
  });
  it.each([
    ['$(', '$('.repeat(100_000)],
    ['quotes', `"${'\\"'.repeat(100_000)}`],
    ['continuations', 'a \\\n'.repeat(100_000)],
    ['here-documents', 'a <<E\n'.repeat(20_000)],
    ['NUL', '\0'.repeat(100_000)],
  ])('is bounded for %s', (_, text) => {
    const started = performance.now();
    splitCommands(text);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe('shell scripts', () => {
  const script = (text: string) => factsOf(read(shellScriptAdapter, 'entrypoint.sh', text), 'shell-script')[0]!.value;
  it('reads commands by line, exports, exec and traps', () => {
    const value = script(
      '#!/bin/sh\nset -e\nexport NODE_ENV=production PATH\nif [ -n "$X" ]; then\n  npm run migrate && echo done\nfi\ncat <<EOF > f\nnot a command\nEOF\ntrap "kill 0" TERM\nexec node \\\n  server.js "$@"\n',
    );
    expect(value.commands.map(({ line, place }) => [place.line, line.replace(/\s+/g, ' ')])).toEqual([
      [2, 'set -e'],
      [3, 'export NODE_ENV=production PATH'],
      [4, '[ -n "$X" ]'],
      [5, 'npm run migrate && echo done'],
      [7, 'cat <<EOF > f'],
      [10, 'trap "kill 0" TERM'],
      [11, 'exec node server.js "$@"'],
    ]);
    expect([value.exports, value.execs, value.traps]).toEqual([['NODE_ENV', 'PATH'], true, true]);
  });
  it('knows when the last program stays a child', () => {
    expect(script('node server.js\n')).toMatchObject({ execs: false, traps: false });
    expect(script('exec 2>&1\nnode a\n').execs).toBe(false);
  });
  it('masks secrets', () => {
    expect(JSON.stringify(script('export DB_PASSWORD=hunter2-x\npsql postgres://u:hunter2-x@h/d\n'))).not.toContain('hunter2');
  });
  it('takes files without an ending by their first line', () => {
    expect(shellScriptAdapter.needsText?.('bin/start')).toBe(true);
    expect(shellScriptAdapter.classify('bin/start', '#!/usr/bin/env bash\n')).toBe(true);
    expect(shellScriptAdapter.classify('bin/start', '#!/usr/bin/env node\n')).toBe(false);
    expect(shellScriptAdapter.needsText?.('LICENSE')).toBe(false);
  });
});

describe('process files', () => {
  it('makes a workload of each Procfile line', () => {
    const workloads = factsOf(
      read(processFileAdapter, 'Procfile', '# c\nweb: node server.js\nrelease: npm run migrate\r\n\nbroken\n'),
      'workload',
    );
    expect(
      workloads.map(({ value, place }) => [
        place.line,
        value.platform,
        value.name,
        value.longRunning,
        knownOf(value.containers[0]!.command),
      ]),
    ).toEqual([
      [2, 'heroku', 'web', true, ['node server.js']],
      [3, 'heroku', 'release', false, ['npm run migrate']],
    ]);
  });
  it('reads pm2 files without running them', () => {
    const text =
      "const n = 'max';\nmodule.exports = { apps: [{ name: 'a', cwd: 'api', script: './dist/main.js', instances: n }, { script: 'npm', args: 'start' }, { script: process.env.X }] };\n";
    const { value } = factsOf(read(processFileAdapter, 'ecosystem.config.js', text), 'process-file')[0]!;
    expect([value.manager, value.scripts, knownOf(value.instances)]).toEqual(['pm2', ['api/dist/main.js', 'npm start'], 'max']);
    const json = factsOf(
      read(processFileAdapter, 'process.json', '{ "apps": { "script": "a.js", "instances": 2 } } // c'),
      'process-file',
    )[0]!;
    expect([json.value.scripts, knownOf(json.value.instances)]).toEqual([['a.js'], 2]);
  });
  it('reads nodemon.json', () => {
    expect(factsOf(read(processFileAdapter, 'nodemon.json', '{ "exec": "ts-node src/main.ts" }'), 'process-file')[0]!.value).toEqual({
      manager: 'nodemon',
      scripts: ['ts-node src/main.ts'],
    });
  });
  it.each([
    ['module.exports = {', 'syntax-error'],
    [`module.exports = ${'['.repeat(200_000)}`, undefined],
  ])('names what it cannot read: %#', (text, reason) => {
    const { facts, notAssessed } = read(processFileAdapter, 'ecosystem.config.js', text);
    expect(facts).toEqual([]);
    expect(notAssessed[0]).toMatchObject(reason ? { reason, failed: true } : { failed: true });
  });
  it('does not multiply constants', () => {
    const names = Array.from({ length: 30 }, (_, index) => `const a${index} = [a${index + 1}, a${index + 1}];`);
    const { notAssessed } = read(processFileAdapter, 'ecosystem.config.js', `${names.join('\n')}\nmodule.exports = { apps: a0 };\n`);
    expect(notAssessed).toEqual([]);
  });
});
