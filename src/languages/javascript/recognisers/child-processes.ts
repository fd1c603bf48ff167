import type { Value } from '../../../facts.ts';
import type { CallSite, Recogniser } from '../recogniser.ts';

const runners = new Set(['exec', 'execSync', 'execFile', 'execFileSync', 'spawn', 'spawnSync']);
const runnerPackages = ['child_process', 'execa', 'cross-spawn', 'shelljs', 'zx', 'promisify-child-process'];

/** Packages that run a program of the system when they are used, and its name. Each is named in the package's own documentation. */
const toolPackages: Readonly<Record<string, string>> = {
  'fluent-ffmpeg': 'ffmpeg',
  gm: 'gm',
  imagemagick: 'convert',
  wkhtmltopdf: 'wkhtmltopdf',
  'node-wkhtmltopdf': 'wkhtmltopdf',
  'pdf-image': 'convert',
  pdf2pic: 'gm',
  'libreoffice-convert': 'soffice',
  'node-tesseract-ocr': 'tesseract',
  'simple-git': 'git',
  pdftotextjs: 'pdftotext',
  phantom: 'phantomjs',
  graphviz: 'dot',
};

/** Packages that compile, or need a matching binary, when they are installed. */
const nativePackages = [
  'bcrypt',
  'canvas',
  'node-sass',
  'sqlite3',
  'better-sqlite3',
  'argon2',
  'sharp',
  'node-gyp',
  'ref-napi',
  'ffi-napi',
  'node-pty',
  'usb',
  'serialport',
  'libpq',
  'oracledb',
  'odbc',
  'ibm_db',
  'zeromq',
  'node-rdkafka',
  'snappy',
  're2',
  'deasync',
  'bcrypto',
  'sodium-native',
  'isolated-vm',
  'node-canvas',
  'heapdump',
  'node-expat',
];

/** First word of a command that is written in the code; `undefined` where a value decides. */
function commandOf(value: Value | undefined): string | undefined {
  const text =
    value?.is === 'literal' ? value.value : value?.is === 'text' && value.parts[0]?.is === 'literal' ? value.parts[0].value : undefined;
  if (typeof text !== 'string') return undefined;
  const whole = value?.is === 'literal' || /\s/.test(text);
  const word = text.trim().split(/\s+/)[0] ?? '';
  return whole && /^[\w.+-]+$/.test(word) ? word : undefined;
}

const isNode = (command: string): boolean =>
  /^(?:node|npm|npx|yarn|pnpm|bun|sh|bash|cmd|cmd\.exe|echo|cat|ls|mkdir|rm|cp|mv|true|false|test|kill|uname|hostname|which|env|sleep|cd|chmod|chown|touch|find|grep|sed|awk|tar|gzip|gunzip|df|du|ps|whoami|id|date|head|tail|wc|sort)$/.test(
    command,
  );

/** The commit that is shown as the version, or whose checkout it is, where code copes with a folder that is none. */
const asksVersion = ({ args: [command], tried }: CallSite): boolean =>
  tried &&
  command?.is === 'literal' &&
  /^git (?:log|rev-parse|describe|show|branch|rev-list|config|remote|symbolic-ref)\b/.test(String(command.value));

function emitTool(call: CallSite, library: string, emit: Parameters<Recogniser['recognise']>[1]): void {
  const name = call.path.split('.').at(-1) ?? '';
  const isRunner =
    library === 'execa' || library === 'cross-spawn'
      ? /^(?:execa(?:Sync|Command|CommandSync)?|sync|spawn|command|commandSync)?$/.test(name)
      : library === 'zx'
        ? call.how === 'tag'
        : runners.has(name);
  const command = isRunner ? commandOf(call.args[0]) : undefined;
  if (command && !isNode(command) && !asksVersion(call)) emit('system-tool', { ...call, place: call.namePlace }, { command, library });
}

/** Programs of the system that code runs, addons that need a compiler, and processes that fork themselves. */
export const childProcesses: Recogniser = {
  id: 'child-processes',
  packages: [
    ...runnerPackages,
    ...Object.keys(toolPackages),
    ...nativePackages,
    'cluster',
    'throng',
    'pm2',
    'sticky-cluster',
    '@socket.io/sticky',
  ],
  recognise(program, emit) {
    for (const library of runnerPackages) for (const call of program.callsOf(library)) emitTool(call, library, emit);
    for (const [library, command] of Object.entries(toolPackages)) {
      const [call] = program.callsOf(library);
      if (call) emit('system-tool', { ...call, place: call.namePlace }, { command, library });
    }
    for (const library of nativePackages) {
      const place = program.imports.get(library);
      if (place) emit('native-addon', { place }, { library });
    }
    for (const call of program.callsOf('cluster', 'throng', 'sticky-cluster')) {
      const forks = call.package !== 'cluster' || /(?:^|\.)fork$/.test(call.path);
      if (forks)
        emit('process-manager', { ...call, place: call.namePlace }, { library: call.package ?? 'cluster', how: 'forks copies of itself' });
    }
  },
};
