import type { FactValues, Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { anchored, option } from './databases-options.ts';
import { isRemoved, isScratch, isServed, knownStart, pathValue, rootText, writtenText } from './file-writes-paths.ts';
import { runsByItself, runsForRequests } from './request-code.ts';

type Content = FactValues['file-write']['content'];

/** Functions that write a file: by package, the last name and the argument that names it. */
const filePackages = ['fs', 'fs-extra', 'graceful-fs', 'fs-promise', 'mz', 'jsonfile', 'write-file-atomic', 'write-json-file', 'write'];
const fileCalls: Readonly<Record<string, number>> = {
  writeFile: 0,
  writeFileSync: 0,
  appendFile: 0,
  appendFileSync: 0,
  createWriteStream: 0,
  outputFile: 0,
  outputFileSync: 0,
  outputJson: 0,
  outputJSON: 0,
  outputJsonSync: 0,
  writeJson: 0,
  writeJSON: 0,
  writeJsonSync: 0,
  copyFile: 1,
  copyFileSync: 1,
  copy: 1,
  copySync: 1,
  rename: 1,
  renameSync: 1,
  move: 1,
  moveSync: 1,
};
/** Packages whose default export writes a file. */
const defaultWriters = new Set(['write-file-atomic', 'write-json-file', 'write']);

/** Libraries that write what they make: the way to the call, and the argument or option that names the file. */
const makers: Readonly<Record<string, { readonly path: RegExp; readonly argument: number; readonly option?: string }>> = {
  sharp: { path: /\.toFile$/, argument: 0 },
  jimp: { path: /\.write(?:Async)?$/, argument: 0 },
  exceljs: { path: /\.writeFile$/, argument: 0 },
  xlsx: { path: /^(?:default\.)?writeFile(?:Async|Sync|XLSX)?$/, argument: 1 },
  qrcode: { path: /^(?:default\.)?toFile$/, argument: 0 },
  puppeteer: { path: /\.(?:screenshot|pdf)$/, argument: 0, option: 'path' },
  playwright: { path: /\.(?:screenshot|pdf)$/, argument: 0, option: 'path' },
  'adm-zip': { path: /\.(?:writeZip|extractAllTo)$/, argument: 0 },
  'csv-writer': { path: /^createObjectCsvWriter$/, argument: 0, option: 'path' },
};

/** Clients of messengers that keep the login of an account in a folder, and write it again whenever the other side changes it. */
const logins: Readonly<
  Record<string, { readonly path: RegExp; readonly argument?: number; readonly option?: string; readonly fallback?: string }>
> = {
  'whatsapp-web.js': { path: /^(?:default\.)?LocalAuth$/, option: 'dataPath', fallback: '.wwebjs_auth' },
  '@whiskeysockets/baileys': { path: /^use(?:Multi|Single)FileAuthState$/, argument: 0 },
  '@adiwajshing/baileys': { path: /^use(?:Multi|Single)FileAuthState$/, argument: 0 },
  baileys: { path: /^use(?:Multi|Single)FileAuthState$/, argument: 0 },
  'telegraf-session-local': { path: /^(?:default|LocalSession)?$/, option: 'database', fallback: 'sessions.json' },
};

function emitLogin(call: CallSite, program: ProgramView, emit: Emit): void {
  const login = logins[call.package ?? ''];
  if (!login?.path.test(call.path)) return;
  const options = call.args.find((argument) => argument.is === 'object');
  const named = login.option && options?.is === 'object' ? option(options, login.option) : call.args[login.argument ?? -1];
  const fallback = login.fallback ? ({ is: 'literal', value: login.fallback, place: call.namePlace } as const) : undefined;
  const target = named ?? fallback;
  if (!target) return;
  emit('file-write', anchored(call), {
    library: call.package ?? '',
    api: call.name || 'LocalSession',
    target: pathValue(target, program.root),
    content: 'unknown',
    temporary: false,
    duringRequest: true,
    store: true,
  });
}

function targetOf(call: CallSite): Value | undefined {
  const library = call.package ?? '';
  const maker = Object.hasOwn(makers, library) ? makers[library] : undefined;
  if (maker) {
    const argument = maker.path.test(call.path) ? call.args[maker.argument] : undefined;
    if (!maker.option) return argument;
    return argument?.is === 'object' ? option(argument, maker.option) : undefined;
  }
  if (!filePackages.includes(library)) return undefined;
  if (defaultWriters.has(library) && /^(?:default|sync)?$/.test(call.path)) return call.args[0];
  if (!/^(?:default\.)?(?:promises\.|fs\.(?:promises\.)?)?\w+$/.test(call.path)) return undefined;
  const index = Object.hasOwn(fileCalls, call.name) ? fileCalls[call.name] : undefined;
  return index === undefined ? undefined : call.args[index];
}

const keyName = /secret|session_?key|api_?key|private_?key|jwt|signing|(?:^|[_/.-])keys?(?:[_/.-]|$)|\.pem$|passphrase|\btoken/i;
const settingsName = /(?:settings|config(?:uration)?|preferences|options)(?:file(?:name|path)?|path)?(?:\.\w{1,5})?$|(?:^|\/)\.env\b/i;
const logName = /\.log(?:\b|$)|(?:^|\/)logs?\/|log_?(?:dir|path|file)/i;
const randomMakers = /(?:^|\.)(?:randomBytes|randomUUID|generateKeyPair(?:Sync)?|generateKey(?:Sync)?|nanoid|uuid\w*|v4)\(\)/;

/** Random data, made by a library or by a function of the program's own that says so. */
function isRandom(value: Value | undefined, depth = 0): boolean {
  if (!value || depth > 4) return false;
  if (randomMakers.test(originOf(value)?.path ?? '')) return true;
  if (value.is === 'choice') return value.options.some((one) => isRandom(one.value, depth + 1));
  if (value.is === 'text') return value.parts.some((part) => isRandom(part, depth + 1));
  if (value.is === 'member') return isRandom(value.of, depth + 1);
  return value.is === 'made' && (isRandom(value.callee, depth + 1) || value.args.some((part) => isRandom(part, depth + 1)));
}

function contentOf(call: CallSite, path: Value): Content {
  const text = writtenText(path);
  if (logName.test(text)) return 'log';
  const data = call.name.startsWith('write') || call.name.startsWith('output') ? call.args[1] : undefined;
  if (keyName.test(text) && isRandom(data)) return 'key';
  if (settingsName.test(text)) return 'settings';
  return Object.hasOwn(makers, call.package ?? '') ? 'generated' : 'unknown';
}

const models = /(?:^|[/._-])(?:skeletons?|templates?|defaults?|examples?|samples?|stubs?|dist)(?:[/._-]|$)/i;

/** Settings copied from a file that comes with the program: each copy has the same. */
const isModelCopied = (call: CallSite, program: ProgramView): boolean =>
  /^copy/.test(call.name) && models.test(writtenText(call.args[0] && pathValue(call.args[0], program.root)));

/** Text that names a device, a stream or nothing is no file. */
const isFile = (value: Value): boolean => value.is !== 'literal' || (typeof value.value === 'string' && value.value !== '');

const endless = /\b(?:while\s*\(\s*(?:true|1)\s*\)|for\s*\(\s*;\s*;\s*\))/;
const timers = new Set(['setInterval', 'schedule', 'scheduleJob', 'process', 'Worker', 'CronJob', 'Cron', 'consume']);
const repeated = new WeakMap<ProgramView, ReadonlySet<string>>();

/** Ids of the functions that a worker runs again and again: from timers, queues and endless loops. */
function runsRepeatedly(program: ProgramView): ReadonlySet<string> {
  const known = repeated.get(program);
  if (known) return known;
  const loops = new Map<string, boolean>();
  const loopsForEver = (path: string): boolean => {
    const answer = loops.get(path) ?? endless.test(program.text(path) ?? '');
    loops.set(path, answer);
    return answer;
  };
  const roots = program.calls.flatMap((call) => {
    if (call.looped && loopsForEver(call.place.path)) return call.callee.is === 'function' ? [call.callee.id] : [];
    return timers.has(call.name) ? call.args.flatMap((argument) => (argument.is === 'function' ? [argument.id] : [])) : [];
  });
  const found = program.reached(roots);
  repeated.set(program, found);
  return found;
}

/** While it serves: for a request, a message, or as the work of a worker. */
function runsDuring(call: CallSite, program: ProgramView): boolean | 'unknown' {
  if (call.within === undefined) return false;
  if (runsForRequests(program).has(call.within) || runsRepeatedly(program).has(call.within)) return true;
  return runsByItself(program).has(call.within) ? false : 'unknown';
}

const readers =
  /^(?:createReadStream|readFile|readFileSync|readJson|readJSON|readJsonSync|readJSONSync|stat|statSync|access|exists|existsSync|pathExists)$/;
const scratchModule = /cache|te?mp|logg?(?:s|er|ing)?(?:[./-]|$)/i;
const readRoots = new WeakMap<ProgramView, ReadonlyMap<string, ReadonlySet<string | undefined>>>();

/** What tells that two paths of a module lie in one folder, or are one file: a field that the constructor was given stays the same. */
function rootOf(path: Value, program: ProgramView): string | undefined {
  if (path.is !== 'parameter') return rootText(path);
  return program.functionOf(path.function)?.name === 'constructor' ? `${path.function}:${path.index}` : undefined;
}

/** The functions of each module that read a file by its name, by the folder that they look in. */
function readsByRoot(program: ProgramView): ReadonlyMap<string, ReadonlySet<string | undefined>> {
  const known = readRoots.get(program);
  if (known) return known;
  const found = new Map<string, Set<string | undefined>>();
  for (const call of program.callsOf(...filePackages)) {
    const root = readers.test(call.name) && call.args[0] ? rootOf(pathValue(call.args[0], program.root), program) : undefined;
    if (root === undefined) continue;
    const key = `${call.place.path}\0${root}`;
    found.set(key, (found.get(key) ?? new Set()).add(call.within));
  }
  readRoots.set(program, found);
  return found;
}

/** A module that writes files by their names with one function and finds them again with another keeps them, whoever asks it to. */
function isStore(call: CallSite, path: Value, program: ProgramView): boolean {
  const root = call.within === undefined || scratchModule.test(call.place.path) ? undefined : rootOf(path, program);
  if (root === undefined) return false;
  const reading = readsByRoot(program).get(`${call.place.path}\0${root}`);
  return reading !== undefined && [...reading].some((within) => within !== undefined && within !== call.within);
}

const isCalled = new WeakMap<ProgramView, Map<string, boolean>>();
/** A key is made at the start, from wherever: but not by a helper that nothing calls. */
function isUnusedHelper({ within }: CallSite, program: ProgramView): boolean {
  const name = within === undefined ? undefined : program.functionOf(within)?.name;
  if (name === undefined || !/^\w+$/.test(name)) return false;
  const known = isCalled.get(program) ?? new Map<string, boolean>();
  isCalled.set(program, known);
  const call = new RegExp(`(?<!\\bfunction\\s{0,9})\\b${name}\\s?\\(`);
  const called = known.get(name) ?? program.files.some((path) => call.test(program.text(path) ?? ''));
  known.set(name, called);
  return !called;
}

function emitWrite(call: CallSite, target: Value, program: ProgramView, emit: Emit): void {
  const path = pathValue(target, program.root);
  if (!isFile(path) || /^\/(?:dev|proc|sys)\//.test(knownStart(path))) return;
  const during = runsDuring(call, program);
  const content = contentOf(call, path);
  if (content === 'settings' && isModelCopied(call, program)) return;
  if (content === 'key' && during === 'unknown' && isUnusedHelper(call, program)) return;
  const store = during !== false && isStore(call, path, program);
  emit('file-write', anchored(call), {
    library: call.package ?? '',
    api: call.name,
    target: path,
    content,
    // What a store deletes it had kept.
    temporary: (isScratch(target, path) && !isServed(path, program)) || (!store && isRemoved(target, program)),
    duringRequest: store || during,
    ...(store ? { store } : {}),
  });
}

/** Files that code writes while it runs. */
export const fileWrites: Recogniser = {
  id: 'file-writes',
  packages: [...filePackages, ...Object.keys(makers), ...Object.keys(logins)],
  recognise(program, emit) {
    for (const call of program.callsOf(...filePackages, ...Object.keys(makers))) {
      const target = call.how === 'decorator' ? undefined : targetOf(call);
      if (target) emitWrite(call, target, program, emit);
    }
    for (const call of program.callsOf(...Object.keys(logins))) if (call.how !== 'decorator') emitLogin(call, program, emit);
  },
};
