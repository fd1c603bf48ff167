/** Units of systemd: what they say as facts, and what hostile ones cost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemdAdapter } from '../../src/manifests/systemd/index.ts';
import { secondsOf, sizeOf } from '../../src/manifests/systemd/values.ts';
import { liesWithin, placesIn } from './infrastructure.ts';
import { factsOf, knownOf, read } from './read.ts';

const unitsOf = (path: string, text: string) => factsOf(read(systemdAdapter, path, text), 'workload').map(({ value }) => value);

describe('a unit', () => {
  const text = `[Unit]
Description=x
[Service]
; a comment
ExecStart=/bin/old
ExecStart=
ExecStart=-/usr/bin/env node \\
# between
  "server.js" --port=%i
WorkingDirectory=-/srv/app/
Environment=A=1 "B=two words"
Environment='C=%h/x'
EnvironmentFile=-/srv/app/.env
EnvironmentFile=/etc/app/env
TimeoutStopSec=1min 30s
KillSignal=SIGQUIT
MemoryMax=512M
CPUQuota=150%
User=web
`;
  const [unit] = unitsOf('ops/app@.service', text);
  const [container] = unit!.containers;
  it('is a workload of one host', () => {
    expect(unit).toMatchObject({ platform: 'other', kind: 'systemd template', name: 'app', longRunning: true });
    expect(unit!.replicas?.known).toBe(false);
    expect(knownOf(unit!.gracePeriod)).toBe(90);
    expect(knownOf(unit!.stopSignal)).toBe('SIGQUIT');
  });
  it('has a command, joined over its lines', () => {
    expect(knownOf(container!.command)).toEqual(['/usr/bin/env', 'node', 'server.js', '--port=%i']);
    expect(container!.command!.place).toMatchObject({ line: 7, column: 11, endLine: 9, endColumn: 24 });
  });
  it('has variables, files and limits', () => {
    expect(container!.env.map(({ name, value }) => [name, value?.known && value.value])).toEqual([
      ['A', '1'],
      ['B', 'two words'],
      ['C', false],
    ]);
    expect(container!.env[1]!.place).toMatchObject({ line: 11, column: 17, endColumn: 30 });
    expect(container!.envFrom).toMatchObject([{ name: '.env', optional: true }, { name: '/etc/app/env' }]);
    expect(knownOf(container!.resources.memoryLimit)).toBe(512 * 1024 ** 2);
    expect(knownOf(container!.resources.cpuLimit)).toBe(1.5);
  });
  it('of another format is not read', () => {
    expect(systemdAdapter.classify('services.d/a.service', '#!/bin/sh\necho [Service]\n')).toBe(false);
    expect(systemdAdapter.classify('a.service', '[Unit]\n[Service]\nExecStart=/x\n')).toBe(true);
  });
});

describe('spans and sizes', () => {
  it.each([
    ['90', 90],
    ['2min 5s', 125],
    ['500ms', 0.5],
    ['infinity', Number.MAX_SAFE_INTEGER],
    ['soon', undefined],
    ['5 parsecs', undefined],
  ])('%s', (text, seconds) => expect(secondsOf(text)).toBe(seconds));
  it('512M', () => expect([sizeOf('1G'), sizeOf('50%'), sizeOf('')]).toEqual([1024 ** 3, undefined, undefined]));
});

const service = (...rows: readonly string[]): string => `[Service]\n${rows.join('\n')}\n`;
const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join('');

const refused: readonly (readonly [string, string])[] = [
  ['no section and no setting', 'hello'],
  ['a conflict', '<<<<<<< HEAD\n[Service]\nExecStart=/a\n=======\n'],
  ['JSON', '{"Service": {"ExecStart": "/a"}}'],
  ['XML', '<unit><service/></unit>'],
  ['YAML', 'Service:\n  ExecStart: /a\n'],
  ['an open section', '[Service\nExecStart=/a\n'],
  ['a section with a blank', '[Ser vice]\n'],
  ['a nameless section', '[]\n'],
  ['nested sections', `${'['.repeat(5_000)}Service${']'.repeat(5_000)}\n`],
  ['a long section', `[${'a'.repeat(100_000)}]\n`],
  ['a nameless setting', service('=x')],
  ['a row of equals', service('='.repeat(5_000))],
  ['a long key', service(`${'K'.repeat(5_000)}=x`)],
  ['a long line', service(`ExecStart=/a ${'x'.repeat(100_000)}`)],
  ['a line of many words', service(`Environment=${'A=1 '.repeat(50_000)}`)],
  ['an endless continuation', `[Service]\nExecStart=/a ${'\\\n b'.repeat(20_000)}`],
  ['many settings', service(many(5_000, (n) => `Environment=A${n}=1\n`))],
  ['a large file', service('Environment=A=1\n'.repeat(50_000))],
  ['characters without meaning', '\u0000\u0001\u0002'],
  ['a template of a template', service('{{ if .Values.x }}', 'ExecStart=/a')],
  ['a shell script', '#!/bin/sh\nexec node server.js\n'],
];
const readable: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['blanks', ' \n\t\n\r\n'],
  ['comments', '# a\n; b\n'],
  ['a section alone', '[Service]'],
  ['a continuation of comments', `[Service]\nExecStart=/a \\\n${'# x\n'.repeat(20_000)}`],
  ['no command', service('User=a')],
  ['an empty command', service('ExecStart=')],
  ['signs alone', service('ExecStart=-@+!:')],
  ['an open quote', service('ExecStart="/usr/bin/node server.js')],
  ['many open quotes', service(`ExecStart=/a ${'" \''.repeat(1_000)}`)],
  ['escapes', service(`ExecStart=/a "${'\\"'.repeat(2_000)}`)],
  ['a backslash at the end', '[Service]\nExecStart=/a \\'],
  ['backslashes', service(`ExecStart=/a ${'\\'.repeat(4_001)}`)],
  ['specifiers', service(`ExecStart=%%%i%h%n%${'%i'.repeat(500)}`)],
  ['variables in a circle', service('Environment=A=$B B=$A', 'ExecStart=$A ${B} $A')],
  ['a variable without a value', service('Environment=A= =B C', 'ExecStart=/a')],
  ['a variable of the prototype', service('Environment=__proto__=1 constructor=2', 'ExecStart=/a')],
  ['an endless time', service('ExecStart=/a', `TimeoutStopSec=${'1s '.repeat(1_000)}`)],
  ['an impossible time', service('ExecStart=/a', 'TimeoutStopSec=-1', 'KillSignal=')],
  ['a huge size', service('ExecStart=/a', `MemoryMax=${'9'.repeat(500)}`, 'CPUQuota=1e9%')],
  ['a folder that leaves the root', service('WorkingDirectory=/../../..', 'ExecStart=/../../../etc/passwd')],
  ['a folder of thousands', service(`WorkingDirectory=/${'a/'.repeat(2_000)}`, 'ExecStart=/usr/bin/node a.js')],
  ['a file that leaves the root', service('EnvironmentFile=../../../../etc/passwd', 'ExecStart=/a')],
  ['other line ends', '[Service]\r\nExecStart=/a \\\r\n  b\r\n'],
  ['settings before a section', 'ExecStart=/a\n[Service]\nExecStart=/b\n'],
  ['the same section twice', `${service('ExecStart=/a')}${service('ExecStart=/b')}`],
  ['many commands', service('ExecStart=/a\n'.repeat(1_900))],
  ['a secret', service('Environment=DB_PASSWORD=vR7-qLx2Tz9pWd', 'ExecStart=/a --password=vR7-qLx2Tz9pWd')],
  ['wide characters', service('ExecStart=/usr/bin/node "\u{1f600}.js"', 'Environment=\u00e4=\u00f6')],
];

function judge(path: string, text: string): ReturnType<typeof read> {
  const started = process.cpuUsage().user;
  const extraction = systemdAdapter.extract({ path, text });
  expect(process.cpuUsage().user - started).toBeLessThan(1_000_000);
  expect(JSON.stringify(extraction)).not.toMatch(/vR7-qLx2Tz9pWd/);
  for (const place of placesIn([extraction.facts, extraction.notAssessed]))
    expect([place, liesWithin(place, { [path]: text })]).toEqual([place, true]);
  return extraction;
}

describe('hostile units', () => {
  it.each(refused)('%s is named', (_, text) => expect(judge('a.service', text).notAssessed).toMatchObject([{ failed: true }]));
  it.each(readable)('%s is read', (_, text) => expect(judge('a@.service', text).notAssessed).toEqual([]));
  it('any text', () => {
    const words = [
      '[Service]\n',
      '[Timer]\n',
      'ExecStart=',
      'Environment=',
      '"',
      "'",
      '\\\n',
      '\n',
      '# ',
      '%i',
      '%',
      '/usr/bin/node ',
      'A=1 ',
      '=',
      'Unit=',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 })), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('a.service', 'a.timer'), (given, path) => void judge(path, given)),
      { numRuns: 300 },
    );
  });
});
