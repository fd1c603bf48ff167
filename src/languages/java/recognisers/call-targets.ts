/** Which addresses a program calls while it works: peers of the repository and others. */
import type { Value } from '../../../facts.ts';
import { readPlaceholders } from '../../../text/placeholders.ts';
import type { Place } from '../../../types.ts';
import { type CallView, type MethodView, refersTo, type TypeView } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser, startOf } from '../recogniser.ts';
import type { Annotation, Expression } from '../summary.ts';
import { breakerAnnotations } from './breakers.ts';

/** Text with placeholders as the program's settings fill it in. */
function fill(text: string, place: Place, { settings }: ProgramView): Value {
  const lookUp = (key: string): Value | undefined => {
    const own = settings.of(key).find(({ profile }) => profile === undefined) ?? settings.of(key)[0];
    return own && settings.value(own);
  };
  return readPlaceholders(text, place, lookUp);
}

/** What `@Value` or `@ConfigProperty` puts into a variable. */
export function injected(annotations: readonly Annotation[], path: string, view: ProgramView): Value | undefined {
  const holder = { annotations };
  const text = annotationOf(holder, 'Value')?.args.value;
  const name = annotationOf(holder, 'ConfigProperty')?.args.name;
  if (text?.is === 'text') return fill(text.value, placeAt(path, text.at), view);
  return name?.is === 'text' ? fill(`\${${name.value}}`, placeAt(path, name.at), view) : undefined;
}

/** The constructor's parameter that a field gets its value from: `this.url = url`. */
function fromConstructor(type: TypeView, field: string): readonly Annotation[] {
  for (const { name, assignments, parameters } of type.type.methods) {
    const set = name === '<init>' ? assignments.find(({ target }) => target.length === 1 && target[0] === field) : undefined;
    const source = set?.value?.is === 'name' ? set.value.path.at(-1) : undefined;
    const parameter = parameters.find((one) => one.name === source);
    if (parameter) return parameter.annotations;
  }
  return [];
}

/** What an address starts with, as far as it can be told. */
function addressOf(expression: Expression | undefined, view: MethodView, program: ProgramView, depth = 0): Value | undefined {
  if (!expression || depth > 5) return undefined;
  const text = program.names.text(expression, view);
  if (text !== undefined) return { is: 'literal', value: text, place: placeAt(view.path, expression.at) };
  if (expression.is === 'sum') return addressOf(expression.parts[0], view, program, depth + 1);
  if (expression.is === 'new' || expression.is === 'call')
    return /^(?:URL|URI|create|fromHttpUrl|fromUriString|format)$/.test(expression.is === 'new' ? expression.type : expression.name)
      ? addressOf(expression.args[0], view, program, depth + 1)
      : undefined;
  if (expression.is !== 'name' || expression.path.length !== 1) return undefined;
  const variable = program.names.variable(view, expression.path[0]!);
  if (!variable) return undefined;
  return (
    injected(variable.annotations, view.path, program) ??
    injected(fromConstructor(view, variable.name), view.path, program) ??
    (variable.value === expression ? undefined : addressOf(variable.value, view, program, depth + 1))
  );
}

/** Methods that take an address, and the types that they are called on; where the type cannot be told only names that are nothing else. */
const takers: readonly { readonly names: readonly string[]; readonly on: RegExp; readonly sure?: true }[] = [
  {
    names: [
      'getForObject',
      'getForEntity',
      'postForObject',
      'postForEntity',
      'exchange',
      'put',
      'delete',
      'postForLocation',
      'patchForObject',
    ],
    on: /(?:RestTemplate|RestOperations)$/,
  },
  { names: ['uri', 'baseUrl', 'rootUri'], on: /(?:WebClient|RestClient|RestTemplateBuilder)(?:\.Builder)?$/, sure: true },
  { names: ['target'], on: /(?:^|\.)Client$/ },
  { names: ['newBuilder'], on: /(?:^|\.)HttpRequest$/ },
  { names: ['create'], on: /(?:^|\.)(?:WebClient|RestClient)$/ },
];
const names = [...new Set(takers.flatMap((taker) => taker.names))];

function takesAddress(call: CallView, view: ProgramView): boolean {
  const type = view.names.typeOf(call.call.on, call);
  return takers.some(({ names: own, on, sure }) => own.includes(call.call.name) && (type === undefined ? sure === true : on.test(type)));
}

const isWebAddress = (value: Value): boolean =>
  value.is === 'literal' ? /^(?:https?|lb):\/\/[\w.-]+/.test(String(value.value)) : value.is === 'env' || value.is === 'text';

/** `lb://cart` asks the service registry for `cart`. */
const asHttp = (value: Value): Value =>
  value.is === 'literal' && typeof value.value === 'string' ? { ...value, value: value.value.replace(/^lb:\/\//, 'http://') } : value;

const guardOf = ({ type, method }: MethodView): { readonly breaker?: string } =>
  annotationOf(method, ...breakerAnnotations) || annotationOf(type, ...breakerAnnotations) ? { breaker: 'an annotation' } : {};

function emitCalls(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed(...names)) {
    if (!takesAddress(call, view)) continue;
    const target = addressOf(call.call.args[0], call, view);
    if (!target || !isWebAddress(target)) continue;
    emit(
      'outgoing-call',
      startOf(call.path, call.call.at),
      { library: 'Spring', protocol: 'http', timeout: 'unknown', target: asHttp(target), ...guardOf(call) },
      { within: call.id },
    );
  }
}

const feign = ['org.springframework.cloud.openfeign.FeignClient', 'org.springframework.cloud.netflix.feign.FeignClient'];

/** Interfaces of OpenFeign: their address, else the name under which the registry knows the other side. */
function emitFeign(view: ProgramView, emit: Emit): void {
  for (const { path, type, file } of view.types) {
    const client = type.annotations.find(({ name }) => refersTo(file, name, ...feign));
    if (!client) continue;
    const { url, name = client.args.value, fallback, fallbackFactory } = client.args;
    const place = placeAt(path, client.at);
    const written = url?.is === 'text' && url.value !== '' ? url.value : name?.is === 'text' ? `http://${name.value}` : undefined;
    if (written === undefined) continue;
    emit('outgoing-call', place, {
      library: 'Feign',
      protocol: 'http',
      timeout: 'default',
      target: fill(written, place, view),
      ...((fallback ?? fallbackFactory) ? { breaker: 'a Feign fallback' } : {}),
    });
  }
}

/** Addresses that code calls. */
export const callTargets: Recogniser = {
  text: ['RestTemplate', 'WebClient', 'RestClient', 'FeignClient', 'java.net.http', 'ws.rs.client'],
  recognise(view, emit) {
    emitCalls(view, emit);
    emitFeign(view, emit);
  },
};
