/** HTTP clients that wait without a limit unless told otherwise. Names and options are from the documentation of each. Data only. */
export interface CallClient {
  /** Calls that send a request, by their way from the package. */
  readonly sends: RegExp;
  /** Options that limit the wait, on the call or on the instance that it belongs to. */
  readonly limits: readonly string[];
  /** Calls that make an instance or extend one: their options hold for what it sends. */
  readonly instances?: RegExp;
  /** Methods in the chain of a call that limit the wait. */
  readonly chained?: RegExp;
  /** Text by which a program sets a limit for all calls. */
  readonly everywhere?: RegExp;
}
const verbs = '(?:get|post|put|patch|delete|del|head|options|request|postForm|putForm|patchForm)';

/** `this.get('/orders')` in a class that extends it. */
const restSource = /^(?:default\.)?RESTDataSource\(\)\.(?:get|post|put|patch|delete|head|fetch)$/;
const sourceLimit = /\bwillSendRequest\b[\s\S]{0,600}\b(?:signal|timeout)\b/;

export const callClients: Readonly<Record<string, CallClient>> = {
  axios: {
    sends: new RegExp(`^(?:default|axios|(?:default\\.|axios\\.)?(?:create\\(\\)\\.?)?${verbs}|(?:default\\.)?create\\(\\))?$`),
    limits: ['timeout', 'signal', 'cancelToken'],
    instances: /create\(\)/,
    everywhere: /\bdefaults(?:\.timeout\s*=|\[['"]timeout['"]\]\s*=)/,
  },
  '@nestjs/axios': {
    sends: /^HttpService\(\)\.(?:axiosRef\.?)?(?:get|post|put|patch|delete|head|request)?$/,
    limits: ['timeout', 'signal'],
    everywhere: /HttpModule\.register(?:Async)?\([^)]{0,400}\btimeout\b/,
  },
  got: {
    sends: /^(?:default|got|(?:default\.|got\.)?(?:extend\(\)\.?)?(?:get|post|put|patch|delete|head|stream|paginate)?)?$/,
    limits: ['timeout', 'signal'],
    instances: /extend\(\)/,
  },
  'node-fetch': { sends: /^(?:default)?$/, limits: ['timeout', 'signal'] },
  'cross-fetch': { sends: /^(?:default|fetch)?$/, limits: ['signal'] },
  undici: {
    sends: /^(?:fetch|request|stream|pipeline)$/,
    limits: ['signal', 'headersTimeout', 'bodyTimeout', 'dispatcher'],
    everywhere: /setGlobalDispatcher\s*\(/,
  },
  // Waits ten seconds for a connection, and for ever for the answer (needle, "Request options").
  needle: {
    sends: /^(?:default)?(?:\.?(?:get|post|put|patch|delete|head|request))?$/,
    limits: ['timeout', 'response_timeout', 'read_timeout'],
    everywhere: /\bneedle\s*\.\s*defaults\s*\(/,
  },
  superagent: {
    sends: /^(?:default\.)?(?:agent\(\)\.)?(?:get|post|put|patch|delete|del|head)$/,
    limits: ['timeout'],
    chained: /^timeout$/,
  },
  request: {
    sends: new RegExp(`^(?:defaults\\(\\)\\.?)?${verbs}?$`),
    limits: ['timeout'],
    instances: /defaults\(\)/,
  },
  'request-promise': { sends: new RegExp(`^(?:defaults\\(\\)\\.?)?${verbs}?$`), limits: ['timeout'], instances: /defaults\(\)/ },
  'request-promise-native': { sends: new RegExp(`^(?:defaults\\(\\)\\.?)?${verbs}?$`), limits: ['timeout'], instances: /defaults\(\)/ },
  // Sources of Apollo Server ask with `fetch`; a limit is set where they send or on a call.
  '@apollo/datasource-rest': { sends: restSource, limits: ['signal', 'timeout'], everywhere: sourceLimit },
  'apollo-datasource-rest': { sends: restSource, limits: ['signal', 'timeout'], everywhere: sourceLimit },
  http: { sends: /^(?:default\.)?(?:request|get)$/, limits: ['timeout', 'signal'], chained: /^(?:setTimeout|timeout)$/ },
  https: { sends: /^(?:default\.)?(?:request|get)$/, limits: ['timeout', 'signal'], chained: /^(?:setTimeout|timeout)$/ },
};

/** `fetch` of the runtime waits up to five minutes for an answer (undici, `headersTimeout`). */
export const globalFetch: CallClient = { sends: /^fetch$/, limits: ['signal', 'dispatcher'], everywhere: /setGlobalDispatcher\s*\(/ };
/** Packages that put `fetch` into the global scope. */
export const fetchPolyfills: readonly string[] = ['isomorphic-fetch', 'whatwg-fetch', 'cross-fetch'];
