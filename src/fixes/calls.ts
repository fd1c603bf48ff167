/** Timeouts for calls to other services. */
import type { Node } from '@babel/types';
import type { Edit, Finding, Place } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { addProperty, type Call, callAt, indentAt, insertAt, propertyOf, scriptOf, walk } from './script-edit.ts';
import type { Script } from './scripts.ts';

const milliseconds = 5000;

/** Puts a property into the options at an index, which may be made when everything before it is there. */
function setOption(script: Script, call: Call, index: number, name: string, value: string): Edit | undefined {
  const options = call.arguments[index];
  if (options?.type === 'ObjectExpression')
    return propertyOf(options, name) ? undefined : addProperty(script, options, `${name}: ${value}`);
  const last = call.arguments.at(-1);
  if (options !== undefined || !last || call.arguments.length !== index) return undefined;
  const added = `{ ${name}: ${value} }`;
  const isOnOwnLine = /^,[ \t]*\r?\n/.test(script.text.slice(last.end!, last.end! + 20));
  return isOnOwnLine
    ? insertAt(script, last.end! + 1, `\n${indentAt(script, last.start!)}${added},`)
    : insertAt(script, last.end!, `, ${added}`);
}

const optionsIndex: Readonly<Record<string, number>> = { get: 1, delete: 1, head: 1, options: 1, post: 2, put: 2, patch: 2, request: 0 };

/** The call of `axios.create` that makes a client of this file. */
function creationOf(script: Script, name: string): Call | undefined {
  for (const node of walk(script.file)) {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.id.name !== name) continue;
    const { init } = node;
    const isCreate = init?.type === 'CallExpression' && init.callee.type === 'MemberExpression' && isNamed(init.callee.property, 'create');
    return isCreate ? init : undefined;
  }
  return undefined;
}
const isNamed = (node: Node, name: string): boolean => node.type === 'Identifier' && node.name === name;

/** `axios(config)`: the object that was given that name last. */
function configEdit(script: Script, call: Call, name: string): Edit | undefined {
  let config: Node | null | undefined;
  for (const node of walk(script.file))
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && node.id.name === name && node.end! <= call.start!)
      config = node.init;
  return config?.type === 'ObjectExpression' && !propertyOf(config, 'timeout') && call.arguments.length === 1
    ? addProperty(script, config, `timeout: ${milliseconds}`)
    : undefined;
}

function axiosEdit(script: Script, call: Call): Edit | undefined {
  const { callee } = call;
  if (callee.type === 'Identifier' && call.arguments[0]?.type === 'Identifier') return configEdit(script, call, call.arguments[0].name);
  if (callee.type === 'Identifier')
    return setOption(script, call, call.arguments[0]?.type === 'ObjectExpression' ? 0 : 1, 'timeout', String(milliseconds));
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const created = callee.object.type === 'Identifier' ? creationOf(script, callee.object.name) : undefined;
  if (created)
    return created.arguments.length === 0
      ? insertAt(script, created.end! - 1, `{ timeout: ${milliseconds} }`)
      : setOption(script, created, 0, 'timeout', String(milliseconds));
  const index = optionsIndex[callee.property.name];
  return index === undefined ? undefined : setOption(script, call, index, 'timeout', String(milliseconds));
}

/** What ends a wait, by library: an option, or a method at the end of the call. */
const signal = ['signal', `AbortSignal.timeout(${milliseconds})`] as const;
const limits: Readonly<Record<string, readonly [name: string, value: string]>> = {
  fetch: signal,
  'node-fetch': signal,
  'cross-fetch': signal,
  undici: signal,
  got: ['timeout', `{ request: ${milliseconds} }`],
  '@nestjs/axios': ['timeout', String(milliseconds)],
  request: ['timeout', String(milliseconds)],
  'request-promise': ['timeout', String(milliseconds)],
  'request-promise-native': ['timeout', String(milliseconds)],
  http: signal,
  https: signal,
};

const isFunction = (node: Node | undefined): boolean => node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression';
/** Clients of Node take a callback behind their options. */
const takesCallback = new Set(['http', 'https', 'request']);

/** Options that are the only argument, stand behind the address, or have to be put before a callback. */
function optionEdit(script: Script, call: Call, library: string): Edit | undefined {
  const [name, value] = limits[library]!;
  const [first, second, third] = call.arguments;
  // A request of Node that ends without a listener for its error ends the process.
  if (/^https?$/.test(library) && !/\.on\(\s*['"]error/.test(script.text)) return undefined;
  if (first?.type === 'ObjectExpression' && /^(?:request|request-promise|request-promise-native|https?|got)$/.test(library))
    return propertyOf(first, name) ? undefined : addProperty(script, first, `${name}: ${value}`);
  if (library === '@nestjs/axios') {
    const { callee } = call;
    const index =
      callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? optionsIndex[callee.property.name] : undefined;
    return index === undefined ? undefined : setOption(script, call, index, name, value);
  }
  if (takesCallback.has(library) && first && !third && isFunction(second))
    return insertAt(script, second!.start!, `{ ${name}: ${value} }, `);
  return setOption(script, call, 1, name, value);
}

/** `superagent.get(url).timeout(5000)`. */
const chainEdit = (script: Script, call: Call): Edit => insertAt(script, call.end!, `.timeout(${milliseconds})`);

function editCall(place: Place, library: string, context: FixContext): Edit | undefined {
  const script = scriptOf(context, place.path);
  const call = script && callAt(script, place);
  if (!call) return undefined;
  if (library === 'axios') return axiosEdit(script, call);
  if (library === 'superagent') return chainEdit(script, call);
  return Object.hasOwn(limits, library) ? optionEdit(script, call, library) : undefined;
}

/** Calls of one client are fixed where it is made. */
function onePerPlace(edits: readonly (Edit | undefined)[]): readonly (Edit | undefined)[] {
  const key = (edit: Edit | undefined) => edit && `${edit.place.path}:${edit.place.line}:${edit.place.column}`;
  return edits.filter((edit, index) => edits.findIndex((other) => key(other) === key(edit)) === index);
}

export const callWithoutTimeout: FixMaker = {
  rule: 'call-without-timeout',
  offers: [
    {
      what: 'give up after five seconds: `AbortSignal.timeout` for `fetch`, undici and Node, `timeout` for axios, got, request and superagent',
      safe: false,
    },
  ],
  make(finding: Finding, context) {
    const places = [
      finding.place,
      ...finding.related.filter(({ message }) => message === 'no timeout here either').map(({ place }) => place),
    ];
    if (places.length !== Number(finding.data['count'])) return [];
    const library = String(finding.data['library']);
    return makeFix('Give up after five seconds', false, onePerPlace(places.map((place) => editCall(place, library, context))));
  },
};
