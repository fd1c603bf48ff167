/** Commands that run Python programs. The words name files (`app.py`) or modules (`shop.web:app`). */
import { lastSegment } from '../path-tree.ts';
import type { Meaning } from './meaning.ts';

const interpreter = /^(?:python(?:\d+(?:\.\d+)?)?|pypy\d?|py)$/;
/** Run the rest of their words in an environment of their own. The number counts words of their own before it. */
const runners: Readonly<Record<string, readonly string[]>> = {
  poetry: ['run'],
  uv: ['run'],
  pipenv: ['run'],
  pdm: ['run'],
  hatch: ['run'],
  rye: ['run'],
  micromamba: ['run'],
  'ddtrace-run': [],
  'opentelemetry-instrument': [],
  'newrelic-admin': ['run-program'],
  watchmedo: ['auto-restart'],
};
/** They report on what they run, which a step of their own shows. */
const agents = new Set(['ddtrace-run', 'opentelemetry-instrument', 'newrelic-admin']);
const runnerOptionsWithValue = new Set([
  '--python',
  '-p',
  '--with',
  '--extra',
  '--group',
  '--package',
  '--directory',
  '--project',
  '--env-file',
  '-n',
  '--name',
  '-d',
  '--pattern',
  '--service_name',
  '--traces_exporter',
  '--metrics_exporter',
  '--logs_exporter',
  '--exporter_otlp_endpoint',
]);

/** Servers that load an application by `module:name`, with the options that take a value. */
const servers: Readonly<Record<string, RegExp>> = {
  gunicorn:
    /^(?:-[bwktcnugpmRs]|--(?:bind|workers|worker-class|threads|timeout|config|name|user|group|pid|chdir|log-level|access-logfile|error-logfile|access-logformat|graceful-timeout|keep-alive|max-requests|max-requests-jitter|worker-tmp-dir|log-config|log-file|env|certfile|keyfile|worker-connections|backlog|forwarded-allow-ips|pythonpath|umask|limit-request-line|limit-request-field_size|statsd-host|paste|logger-class|proxy-allow-from))$/,
  uvicorn:
    /^--(?:host|port|uds|fd|workers|loop|http|ws|lifespan|interface|env-file|log-config|log-level|root-path|forwarded-allow-ips|limit-concurrency|backlog|limit-max-requests|timeout-keep-alive|timeout-graceful-shutdown|ssl-\w+|header|app-dir|reload-dir|reload-include|reload-exclude|ws-\S+|h11-\S+|use-colors)$/,
  hypercorn:
    /^(?:-[bwkcgmpuh]|--(?:bind|workers|worker-class|config|access-logfile|error-logfile|graceful-timeout|keep-alive|log-level|root-path|insecure-bind|certfile|keyfile|ca-certs|backlog|pid|statsd-host|umask|user|group|websocket-ping-interval))$/,
  daphne:
    /^(?:-[bpvte]|--(?:bind|port|verbosity|http-timeout|access-log|endpoint|websocket_timeout|ping-interval|ping-timeout|application-close-timeout|root-path|proxy-headers-host|server-name|unix-socket|fd))$/,
  'waitress-serve': /^--(?:host|port|listen|threads|url-prefix|channel-timeout|url-scheme|trusted-proxy|ident|connection-limit)$/,
  granian: /^--(?:interface|host|port|workers|threads|log-level|http|ws|loop|backlog|log-config|url-path-prefix|workers-kill-timeout)$/,
};
const folderOptions = /^(?:--chdir|--app-dir|--pythonpath|--chdir2|--module-path)$/;
const moduleName = /^(?:\.{0,2}\/)?[A-Za-z_][\w./]*(?::[\w.]+(?:\(.*\))?)?$/;

/** `shop.web:app` as a path: `shop/web.py`. */
const pathOfModule = (spec: string): string => {
  const name = spec.replace(/:.*$/s, '');
  return /\.py$/.test(name) ? name : `${name.replace(/\.(?=[\w])/g, '/')}.py`;
};
const program = (folder: string | undefined, path: string): Meaning => ({
  is: 'program',
  paths: [folder && folder !== '.' ? `${folder.replace(/\/+$/, '')}/${path}` : path],
});

/** Words that are no options, and the values of those that matter. */
function sortWords(words: readonly string[], takesValue: (word: string) => boolean) {
  const plain: string[] = [];
  const values = new Map<string, string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const joined = /^(--[\w-]+)=(.*)$/s.exec(word);
    if (joined) values.set(joined[1]!, joined[2]!);
    else if (takesValue(word)) {
      values.set(word, words[at + 1] ?? '');
      at++;
    } else if (!word.startsWith('-') || word === '-') plain.push(word);
  }
  return { plain, values };
}

function readServer(name: string, words: readonly string[]): Meaning {
  const options = servers[name]!;
  const { plain, values } = sortWords(words, (word) => options.test(word) || folderOptions.test(word));
  const spec = plain.find((word) => moduleName.test(word));
  const folder = [...values].find(([option]) => folderOptions.test(option))?.[1];
  return spec === undefined ? { is: 'other' } : program(folder, pathOfModule(spec));
}

function readInterpreter(words: readonly string[]): Meaning {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '-m') return readModule(words[at + 1], words.slice(at + 2));
    if (word === '-c' || word === '-' || word === '-V' || word === '--version') return { is: 'other' };
    if (/^-[WX]$/.test(word)) at++;
    // `python shop` runs `shop/__main__.py`.
    else if (!word.startsWith('-')) return /\.pyw?$/.test(word) || /manage$/.test(word) ? program(undefined, word) : readFolder(word);
  }
  return { is: 'other' };
}

const readFolder = (word: string): Meaning =>
  /^\.{0,2}\/?[\w./-]*$/.test(word)
    ? { is: 'chosen-program', variable: '', usual: [`${word.replace(/\/+$/, '')}/__main__.py`] }
    : { is: 'other' };

/** Modules of others that are commands; all others are the repository's own. */
const tools = new Set([
  'pip',
  'venv',
  'http.server',
  'pytest',
  'unittest',
  'alembic',
  'ensurepip',
  'compileall',
  'debugpy',
  'json.tool',
  'coverage',
  'build',
]);
function readModule(name: string | undefined, words: readonly string[]): Meaning {
  if (name === undefined || tools.has(name)) return { is: 'other' };
  const command = name === 'waitress' ? 'waitress-serve' : name;
  const known = readPython(command, words);
  if (known) return known;
  return moduleName.test(name) ? program(undefined, pathOfModule(name)) : { is: 'other' };
}

function readFlask(words: readonly string[]): Meaning {
  const { plain, values } = sortWords(words, (word) =>
    /^(?:-[Ahp]|--(?:app|host|port|env-file|cert|key|extra-files|exclude-patterns))$/.test(word),
  );
  if (plain[0] !== 'run') return { is: 'other' };
  const spec = values.get('--app') ?? values.get('-A');
  if (spec !== undefined) return program(undefined, pathOfModule(spec));
  // Where nothing names it, Flask looks for these (Flask documentation, "Application Discovery").
  return { is: 'chosen-program', variable: 'FLASK_APP', usual: ['wsgi.py', 'app.py'] };
}

function readFastapi(words: readonly string[]): Meaning {
  const { plain, values } = sortWords(words, (word) => /^(?:-e|--(?:host|port|app|root-path|workers|entrypoint|reload-dir))$/.test(word));
  if (plain[0] !== 'run' && plain[0] !== 'dev') return { is: 'other' };
  const spec = values.get('-e') ?? values.get('--entrypoint');
  if (spec !== undefined) return program(undefined, pathOfModule(spec));
  if (plain[1] !== undefined) return program(undefined, plain[1].endsWith('.py') ? plain[1] : pathOfModule(plain[1]));
  return { is: 'chosen-program', variable: '', usual: ['main.py', 'app.py', 'api.py', 'app/main.py', 'app/app.py', 'app/api.py'] };
}

function readCelery(words: readonly string[]): Meaning {
  const { values } = sortWords(words, (word) =>
    /^(?:-[AbclnQPS]|--(?:app|broker|loglevel|concurrency|hostname|queues|pool|scheduler|schedule|workdir))$/.test(word),
  );
  const spec = values.get('-A') ?? values.get('--app');
  if (spec === undefined) return { is: 'other' };
  const [module = '', ...rest] = spec.split(':');
  const path = pathOfModule(module).replace(/\.py$/, '');
  // `-A shop` means `shop.celery` where there is one; `-A shop.web.jobs` may name `jobs` of `shop.web`.
  const holder = path.includes('/') ? [`${path.slice(0, path.lastIndexOf('/'))}.py`] : [];
  const usual = rest.length > 0 ? [`${path}.py`] : [...(module.endsWith('celery') ? [] : [`${path}/celery.py`]), `${path}.py`, ...holder];
  return { is: 'chosen-program', variable: '', usual };
}

/** Commands whose first file is the program. */
const loadsFile = new Set(['streamlit', 'chainlit', 'gradio', 'panel', 'bokeh', 'solara', 'mesop']);

/** The settings file of a server that names what it loads: `uwsgi --ini app.ini`. */
export function settingsFileOf(words: readonly string[]): string | undefined {
  const name = lastSegment(words[0] ?? '');
  if (name !== 'uwsgi') return undefined;
  const { plain, values } = sortWords(words.slice(1), (word) => word === '--ini');
  return values.get('--ini') ?? plain.find((word) => word.endsWith('.ini'));
}

/** Reads a command of Python; `undefined` for others. */
export function readPython(name: string, words: readonly string[]): Meaning | undefined {
  if (interpreter.test(name)) return readInterpreter(words);
  if (Object.hasOwn(runners, name)) return readRunner(name, words);
  if (Object.hasOwn(servers, name)) return readServer(name, words);
  if (name === 'flask') return readFlask(words);
  if (name === 'fastapi') return readFastapi(words);
  if (name === 'celery') return readCelery(words);
  if (name === 'uwsgi') return readUwsgi(words);
  if (name === 'django-admin') return { is: 'other' };
  if (loadsFile.has(name)) {
    const file = words.find((word) => /\.py$/.test(word));
    return file ? program(undefined, file) : undefined;
  }
  if (/^(?:manage|app|main|run|server|wsgi)\.py$/.test(lastSegment(name))) return program(undefined, name);
  return undefined;
}

function readRunner(name: string, words: readonly string[]): Meaning | undefined {
  const own = runners[name]!;
  if (own.length > 0 && words[0] !== own[0]) return undefined;
  let at = own.length;
  for (; at < words.length && words[at]!.startsWith('-') && words[at] !== '--'; at++) if (runnerOptionsWithValue.has(words[at]!)) at++;
  const rest = words.slice(words[at] === '--' ? at + 1 : at);
  const isFile = rest[0] !== undefined && /\.py$/.test(rest[0]);
  return rest.length > 0
    ? // The runner becomes the program; what started the runner stays.
      { is: 'wrapper', rest: isFile ? ['python', ...rest] : rest, env: {}, replaces: agents.has(name), becomes: !agents.has(name) }
    : undefined;
}

function readUwsgi(words: readonly string[]): Meaning {
  const { values } = sortWords(words, (word) =>
    /^(?:-[wp]|--(?:module|wsgi-file|http|http-socket|socket|chdir|processes|threads|ini|callable|mount|master-fifo|uid|gid|pythonpath|wsgi))$/.test(
      word,
    ),
  );
  const spec = values.get('--module') ?? values.get('-w') ?? values.get('--wsgi') ?? values.get('--wsgi-file');
  return spec === undefined ? { is: 'other' } : program(values.get('--chdir'), pathOfModule(spec));
}
