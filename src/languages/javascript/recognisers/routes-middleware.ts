import type { Value } from '../../../facts.ts';
import { originOf } from '../call-sites.ts';
import type { ProgramView } from '../recogniser.ts';
import { moduleOf } from '../values.ts';
import type { PathText } from './routes-paths.ts';

/** What stands behind `app.use`: a folder of files, something that may answer anything, or a handler of one path. */
export interface Answer {
  readonly is: 'files' | 'any' | 'handler';
  readonly library?: string;
  /** What it is could not be read at all: a router may hide there. */
  readonly opaque?: boolean;
}

/** Middleware that serves files of a folder. */
const staticServers = new Set([
  ...['serve-static', 'koa-static', 'koa-static-cache', 'koa-send', 'serve-favicon', 'express-static-gzip', 'serve-index', 'sirv'],
  ...['@hono/node-server', '@fastify/static', 'st', 'ecstatic', 'serve-handler', 'koa-favicon'],
]);
/** Middleware that may answer any path below where it stands. */
const answering =
  /prox|ssr|spa|history|nuxt|^next$|vite|webpack|terminus|health|liveness|readiness|probe|actuator|status|admin|graphql|yoga|apollo|parse-server|swagger|openapi|exegesis|bull|metrics|prometheus|prom-bundle|feathers|payload|keystone|remix|react-router|trpc|connect-query|oidc-provider/;
/** Of those, the ones that only wrap or report. */
const passing = /^(?:@sentry\/|helmet|express-openapi-validator$|koa-logger|express-status-monitor$|http-proxy-agent)/;
/** Of the answering ones, those whose routes stand in a description or a folder of their own. */
const described = /openapi|exegesis|swagger-(?:tools|express|node|routes)|feathers|keystone|payload|connect-query/;
const expressParsers = new Set(['json', 'urlencoded', 'raw', 'text', 'query', 'init']);

const lineRange = /\n/g;
/** The text of a function, as far as its place tells. */
function textOf(id: string, program: ProgramView): string {
  const fn = program.functionOf(id);
  const text = program.text(moduleOf(id));
  if (!fn || text === undefined) return '';
  const [from, , to] = fn.at;
  let start = 0;
  let line = 1;
  lineRange.lastIndex = 0;
  while (line < from && lineRange.exec(text)) {
    line++;
    start = lineRange.lastIndex;
  }
  let end = start;
  while (line <= to && lineRange.exec(text)) {
    line++;
    end = lineRange.lastIndex;
  }
  return text.slice(start, line > to ? end : text.length);
}

const answers = /\.(?:send|json|jsonp|end|sendFile|sendStatus|render|redirect|pipe|download)\s*\(|\bbody\s*=/;
/** `app.all('*', (req, res, next) => { res.header(…); next(); })`: middleware in the form of a route; browsers' questions before a request count for nothing. */
export function passesOn(id: string, program: ProgramView): boolean {
  const text = textOf(id, program);
  return /\bnext\s*\(\s*\)/.test(text) && (!answers.test(text) || /['"`]OPTIONS['"`]/.test(text));
}

/** A function that `use` got: one that never passes on ends the chain. */
function functionAnswer(id: string, own: boolean, program: ProgramView): Answer | undefined {
  const count = program.functionOf(id)?.parameters ?? 0;
  const text = textOf(id, program);
  if (/\b404\b|not.?found/i.test(text) && !own) return undefined;
  if (count === 2 && !/\bnext\s*\(/.test(text)) return own ? { is: 'handler' } : { is: 'any' };
  const sends = /\.(?:send|json|end|sendFile|sendStatus|render)\s*\(|\bbody\s*=/.test(text);
  if (own) return sends && !/\bnext\s*\(/.test(text) ? { is: 'handler' } : undefined;
  return /\.sendFile\s*\(|\.render\s*\(|\bhandle\s*\(/.test(text) && count <= 3 ? { is: 'any' } : undefined;
}

function packageAnswer(library: string, path: string, own: boolean): Answer | undefined {
  if (/^express$|^ultimate-express$/.test(library))
    return /^static\(/.test(path)
      ? { is: 'files', library }
      : expressParsers.has(path.replace(/\(.*/, ''))
        ? undefined
        : unknownAnswer(own);
  if (staticServers.has(library)) return { is: 'files', library };
  if (passing.test(library)) return undefined;
  if (!answering.test(library)) return undefined;
  return described.test(library) ? { is: 'any', library, opaque: true } : { is: 'any', library };
}
const unknownAnswer = (own: boolean): Answer | undefined => (own ? { is: 'any' } : undefined);

/** Whether what `use` mounts answers requests itself; `undefined` for middleware that passes on. */
export function answerOf(value: Value, own: boolean, at: readonly PathText[], program: ProgramView): Answer | undefined {
  if (value.is === 'function') return functionAnswer(value.id, own, program);
  if (value.is === 'choice') {
    const answers = value.options.map((option) => answerOf(option.value, own, at, program));
    return answers.find((answer) => answer !== undefined);
  }
  const origin = originOf(value);
  if (origin?.package) return packageAnswer(origin.package, origin.path, own);
  if (value.is === 'made' && value.callee.is === 'function') return undefined;
  const isOpaque = value.is === 'unknown' || value.is === 'parameter' || value.is === 'member' || value.is === 'made';
  return isOpaque ? { is: 'any', opaque: true } : undefined;
}
