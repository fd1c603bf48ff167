/** The address on which servers of others listen, as their command line says. Defaults are those of their documentation. */
import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { EntryCommand } from '../../language.ts';

export interface Binding {
  readonly library: string;
  readonly port?: Value;
  readonly host?: Value;
  /** Lets running requests end on SIGTERM. */
  readonly graceful: boolean;
}
interface Server {
  readonly bind: readonly string[];
  readonly port: readonly string[];
  readonly host: readonly string[];
  readonly defaultPort: number;
  /** A variable that replaces the default port. */
  readonly variable?: string;
  readonly graceful: boolean;
}
const servers: Readonly<Record<string, Server>> = {
  gunicorn: { bind: ['-b', '--bind'], port: [], host: [], defaultPort: 8000, variable: 'PORT', graceful: true },
  uvicorn: { bind: [], port: ['--port'], host: ['--host'], defaultPort: 8000, variable: 'UVICORN_PORT', graceful: true },
  hypercorn: { bind: ['-b', '--bind'], port: [], host: [], defaultPort: 8000, graceful: true },
  daphne: { bind: [], port: ['-p', '--port'], host: ['-b', '--bind'], defaultPort: 8000, graceful: false },
  'waitress-serve': { bind: ['--listen'], port: ['--port'], host: ['--host'], defaultPort: 8080, graceful: false },
  granian: { bind: [], port: ['--port'], host: ['--host'], defaultPort: 8000, variable: 'GRANIAN_PORT', graceful: true },
  flask: { bind: [], port: ['-p', '--port'], host: ['-h', '--host'], defaultPort: 5000, variable: 'FLASK_RUN_PORT', graceful: false },
  fastapi: { bind: [], port: ['--port'], host: ['--host'], defaultPort: 8000, variable: 'PORT', graceful: true },
  streamlit: {
    bind: [],
    port: ['--server.port'],
    host: ['--server.address'],
    defaultPort: 8501,
    variable: 'STREAMLIT_SERVER_PORT',
    graceful: false,
  },
  uwsgi: { bind: ['--http', '--http-socket', '--socket'], port: [], host: [], defaultPort: 0, graceful: false },
};

const literal = (value: string | number, place: Place): Value => ({ is: 'literal', value, place });

/** `8000`, `$PORT`, `${PORT:-8000}`. */
function readNumber(text: string, place: Place): Value {
  const variable = /^\$\{?([A-Za-z_]\w*)(?::?-([^}]*))?\}?$/.exec(text);
  if (variable) return { is: 'env', name: variable[1]!, ...(variable[2] ? { fallback: readNumber(variable[2], place) } : {}), place };
  return /^\d+$/.test(text) ? literal(Number(text), place) : { is: 'unknown', place };
}

/** `0.0.0.0:8000`, `:$PORT`, `[::]:80`; sockets of the machine have no port. */
function readAddress(text: string, place: Place): Pick<Binding, 'port' | 'host'> | undefined {
  if (text.startsWith('unix:') || text.startsWith('fd:') || text.startsWith('/')) return undefined;
  const [, host = '', port = ''] = /^(?:\w+:\/\/)?(\[[^\]]*\]|[^:$]*|\$\{?\w+\}?):(.+)$/.exec(text) ?? [];
  if (port === '') return /^\d+$/.test(text) ? { port: literal(Number(text), place) } : { port: { is: 'unknown', place } };
  const at = host === '' || host === '*' ? undefined : host.includes('$') ? ({ is: 'unknown', place } as const) : literal(host, place);
  return { port: readNumber(port, place), ...(at ? { host: at } : {}) };
}

function optionOf(words: readonly string[], names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    if (names.includes(word)) return words[at + 1];
    const joined = names.find(
      (name) => word.startsWith(`${name}=`) || (/^-\w$/.test(name) && word.startsWith(name) && word.length > 2 && !word.startsWith('--')),
    );
    if (joined) return word.slice(joined.length).replace(/^=/, '');
  }
  return undefined;
}

const nameOf = (words: readonly string[]): string | undefined =>
  words
    .slice(0, 8)
    .map((word) => word.slice(word.lastIndexOf('/') + 1))
    .find((word) => Object.hasOwn(servers, word) || word === 'waitress');

/** `manage.py runserver 0.0.0.0:8000`; command lines of other programs have a `runserver` of their own. */
function readRunserver(words: readonly string[], place: Place, isDjango: boolean): Binding | undefined {
  const at = words.findIndex((word) => /^runserver(?:_plus)?$/.test(word));
  const isKnown = isDjango || words.slice(0, at).some((word) => /(?:^|\/)(?:manage(?:\.py)?|django-admin(?:\.py)?)$/.test(word));
  if (at < 0 || !isKnown) return undefined;
  const address = words.slice(at + 1).find((word) => !word.startsWith('-'));
  return {
    library: 'django',
    ...(address === undefined ? { port: literal(8000, place), host: literal('127.0.0.1', place) } : readAddress(address, place)),
    graceful: false,
  };
}

/**
 * @param config what a configuration file of the server binds to, where there is one
 * @param isDjango the program loads Django, or the commands of Flask that came before those of Click
 */
export function readBinding(
  { words, place, chosen }: EntryCommand,
  config: () => Value | undefined,
  isDjango: boolean,
): Binding | undefined {
  const django = readRunserver(words, place, isDjango);
  if (django) return django;
  const name = nameOf(words)?.replace(/^waitress$/, 'waitress-serve');
  const server = name === undefined ? undefined : servers[name];
  if (!name || !server) return undefined;
  const { graceful } = server;
  const all = [...words, ...(name === 'gunicorn' ? (chosen['GUNICORN_CMD_ARGS'] ?? '').split(/\s+/) : [])];
  const bound = optionOf(all, server.bind);
  if (bound !== undefined) {
    const address = readAddress(bound, place);
    return address && { library: name, ...address, graceful };
  }
  const written = name === 'gunicorn' ? config() : undefined;
  if (written) {
    const address = written.is === 'literal' ? readAddress(String(written.value), place) : { port: { is: 'unknown' as const, place } };
    return address && { library: name, ...address, graceful };
  }
  if (name === 'uwsgi' || (name === 'uvicorn' && words.includes('--uds')))
    return { library: name, port: { is: 'unknown', place }, graceful };
  const port = optionOf(words, server.port);
  const host = optionOf(words, server.host);
  const fallback = literal(server.defaultPort, place);
  const usual: Value = server.variable ? { is: 'env', name: server.variable, fallback, place } : fallback;
  return {
    library: name,
    port: port === undefined ? usual : readNumber(port, place),
    ...(host === undefined ? {} : { host: host.includes('$') ? { is: 'unknown', place } : literal(host, place) }),
    graceful,
  };
}
