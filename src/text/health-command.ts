/** Turns the command of a container health check into a probe: what it asks, and where. */
import type { Probe, Setting } from '../facts.ts';
import type { Place } from '../types.ts';
import { splitCommands } from './shell-words.ts';

const local = /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\$\{?(HOSTNAME|HOST)\}?|\$\(hostname\))$/i;
const webClients = new Set(['curl', 'wget', 'http', 'https']);
const url = /^(?:(https?):\/\/)?([^/:\s]+|\[[0-9a-f:]+\])(?::([^/\s?]+))?([/?]\S*)?$/i;

interface Asked {
  readonly words: readonly string[];
  /** Names under which the container itself is reached. */
  readonly names: readonly string[];
  readonly place: Place;
}
const known = <T>(value: T, place: Place): Setting<T> => ({ known: true, value, place });
/** `8080`, `${PORT:-8080}` (its default) or a variable. */
function portOf(text: string | undefined, scheme: string, place: Place): Setting<number | string> {
  if (text === undefined) return known(scheme === 'https' ? 443 : 80, place);
  if (/^\d{1,5}$/.test(text)) return known(Number(text), place);
  const fallback = /^\$\{\w+:?-(\d{1,5})\}$/.exec(text)?.[1];
  return fallback ? known(Number(fallback), place) : { known: false, because: `port ${text}`, place };
}

function httpProbe(target: string, { names, words: command, place }: Asked): Probe | undefined {
  const [, scheme = 'http', host, port, tail = '/'] = url.exec(target) ?? [];
  const own = host !== undefined && (local.test(host) || names.includes(host));
  if (!host || !(own || /^\d+\.\d+\.\d+\.\d+$/.test(host) || target.includes('://'))) return undefined;
  if (!own) return { type: 'exec', command, place };
  const path = tail.split(/[?#]/)[0] || '/';
  const pathSetting: Setting<string> = path.includes('$')
    ? { known: false, because: 'the path holds a variable', place }
    : known(path, place);
  return { type: 'http', path: pathSetting, port: portOf(port, scheme.toLowerCase(), place), command, place };
}

/** Words of an option's value, so that `-o /dev/null` is not taken for the address. */
const takesValue = new Set([
  '-o',
  '-O',
  '-m',
  '-H',
  '-X',
  '-w',
  '-T',
  '-t',
  '-u',
  '-U',
  '--max-time',
  '--timeout',
  '--tries',
  '--output',
  '--header',
  '--connect-timeout',
  '--retry',
  '--user-agent',
  '-A',
  '-b',
  '--write-out',
  '--request',
]);

function targetOf(words: readonly string[]): string | undefined {
  const explicit = words.find((word) => /^https?:\/\//i.test(word));
  if (explicit) return explicit;
  for (let index = 1; index < words.length; index++) {
    const word = words[index]!;
    if (takesValue.has(word)) index++;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

/** The probe of a health check's words; `shell`: the words are one shell line; `names`: hosts that mean the container itself. */
export function readHealthCommand(words: readonly string[], shell: boolean, place: Place, names: readonly string[] = []): Probe {
  const inner = /^(?:.*\/)?(?:ba|da|a)?sh$/.test(words[0] ?? '') && words[1] === '-c' ? words.slice(2, 3) : words;
  const isShell = shell || inner !== words;
  const commands = isShell ? splitCommands(inner.join(' ')).map((command) => command.words) : [inner];
  for (const command of commands) {
    const name = command[0]?.split('/').at(-1) ?? '';
    if (webClients.has(name)) {
      const target = targetOf(command);
      const probe = target && httpProbe(target, { words, names, place });
      if (probe) return probe;
    }
    if ((name === 'nc' || name === 'ncat') && /^\d+$/.test(command.at(-1) ?? ''))
      return { type: 'tcp', port: known(Number(command.at(-1)), place), command: words, place };
    if (name === 'grpc_health_probe' || name === 'grpc-health-probe') return { type: 'grpc', command: words, place };
  }
  return { type: 'exec', command: words, place };
}
