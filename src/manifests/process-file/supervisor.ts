/** Settings of Supervisor → the programs that it starts (supervisord.org, "Configuration File"). */
import { LineMap } from '../../text/positions.ts';
import { maskCommand } from '../../text/secret-shapes.ts';
import type { Extraction, Place, SourceFile } from '../../types.ts';

const maxPrograms = 100;
const maxRows = 5000;

export const isSupervisor = (text: string): boolean => /^\[(?:program|fcgi-program):[^\]\n]{1,100}\]/m.test(text);

interface Program {
  readonly name: string;
  readonly settings: Map<string, string>;
  command?: Place;
}

const header = /^\[(?:program|fcgi-program):([^\]]{1,100})\]/;
const pair = /^([a-z_]{1,40})[ \t]*[=:][ \t]*(\S.*)$/;

/** A value goes on in lines that are moved in; ` ;` starts a comment. */
function readPrograms({ path, text }: SourceFile): readonly Program[] {
  const lines = new LineMap(path, text);
  const programs: Program[] = [];
  let program: Program | undefined;
  let last: string | undefined;
  let offset = 0;
  for (const row of text.split('\n').slice(0, maxRows)) {
    const written = row.length > 4000 ? '' : row.replace(/\s;.*$/, '').trimEnd();
    if (written.startsWith('[')) {
      const name = header.exec(written)?.[1];
      program = name === undefined ? undefined : { name: name.trim(), settings: new Map() };
      if (program && programs.length < maxPrograms) programs.push(program);
      last = undefined;
    } else if (program && /^\s/.test(written) && last !== undefined)
      program.settings.set(last, `${program.settings.get(last) ?? ''} ${written.trim()}`);
    else {
      const [, key, value] = pair.exec(written) ?? [];
      last = key;
      if (program && key !== undefined && value !== undefined) program.settings.set(key, value);
      if (program && key === 'command') program.command = lines.place(offset, offset + written.length);
    }
    offset += row.length + 1;
  }
  return programs;
}

/** `%(ENV_PORT)s` is a variable of the environment. */
const expand = (text: string, { name }: Program): string =>
  text
    .replace(/%\(ENV_(\w{1,80})\)[sd]/g, `$\{$1}`)
    .replace(/%\((?:program_name|group_name)\)s/g, name)
    .replace(/%\(here\)s/g, '.')
    .replaceAll('%%', '%');

/** `A="1",B=2`. */
const variables = /([A-Za-z_]\w{0,80})=("[^"]{0,500}"|'[^']{0,500}'|[^,"']{0,500})/g;
const assignmentsIn = (text: string): readonly string[] =>
  [...text.matchAll(variables)].map(([, name, value = '']) => `${name}=${/^["']/.test(value) ? value : `'${value.trim()}'`}`);

/** `/dev/stdout`, `NONE`, `AUTO` and `syslog` are no log files of the program's own. */
const isFile = (path: string): boolean => path.includes('/') && !/^\/(?:dev|proc)\//.test(path) && !/[%$\s]/.test(path);

/** The line of a shell that would do the same. */
function lineOf(program: Program): string | undefined {
  const get = (key: string): string | undefined => {
    const value = program.settings.get(key);
    return value === undefined ? undefined : expand(value, program);
  };
  const command = get('command');
  if (command === undefined || /^(?:false|no|off|0)$/i.test(get('autostart') ?? '')) return undefined;
  const folder = get('directory');
  const log = get('stdout_logfile') ?? '';
  const words = [...assignmentsIn(get('environment') ?? ''), maskCommand(command), ...(isFile(log) ? [`>> ${log}`] : [])];
  return folder && !/[\s'"$]/.test(folder) ? `cd ${folder} && ${words.join(' ')}` : words.join(' ');
}

export function extractSupervisor(file: SourceFile): Extraction {
  const started = readPrograms(file).flatMap((program) => {
    const line = lineOf(program);
    return line === undefined || !program.command ? [] : [{ name: program.name, line, place: program.command }];
  });
  const [first] = started;
  if (!first) return { facts: [], notAssessed: [] };
  const value = {
    manager: 'supervisord',
    scripts: started.map(({ line }) => line),
    named: Object.fromEntries(started.map(({ name, line }) => [name, line])),
    places: started.map(({ place }) => place),
  };
  return { facts: [{ kind: 'process-file', place: first.place, confidence: 'certain', value }], notAssessed: [] };
}
