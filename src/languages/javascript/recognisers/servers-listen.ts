import type { FactValues, Value } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView } from '../recogniser.ts';
import { resolveSetting } from './servers-settings.ts';

/** Port and host that a call of `listen` or an options object names. */
export interface Address {
  readonly port?: Value;
  readonly host?: Value;
}
type Purpose = FactValues['listen']['purpose'];

const isText = (value: Value | undefined): boolean => value?.is === 'literal' && typeof value.value === 'string';
const isPortText = (value: Value): boolean => isText(value) && /^\d+$/.test(String((value as Value & { is: 'literal' }).value));
const mayBeHost = (value: Value): boolean =>
  (isText(value) && !isPortText(value)) ||
  ['env', 'choice', 'member', 'text'].includes(value.is) ||
  (value.is === 'made' && !(value.callee.is === 'package' && value.callee.package === ''));

const fromOptions = (value: Value & { is: 'object' }): Address => {
  const { port, host, hostname, address } = value.properties;
  // hapi binds to `address`; its `host` is only the name that it gives of itself.
  const at = address ?? host ?? hostname;
  const open: Value | undefined = value.open ? { is: 'unknown', place: value.place } : undefined;
  return { ...((port ?? open) ? { port: port ?? open! } : {}), ...((at ?? open) ? { host: at ?? open! } : {}) };
};

/** The address of `listen(port, host?, backlog?, callback?)` or `listen({ port, host })`; `undefined` for sockets and the like. */
export function listenAddress(args: readonly Value[]): Address | undefined {
  const [first, second] = args;
  if (!first || first.is === 'function') return {};
  if (first.is === 'object') return first.properties['path'] && !first.properties['port'] ? undefined : fromOptions(first);
  if (isText(first) && !isPortText(first)) {
    const found = /:(\d+)$/.exec(String((first as Value & { is: 'literal' }).value));
    return found ? hostAndPort(first) : undefined;
  }
  return { port: first, ...(second && mayBeHost(second) ? { host: second } : {}) };
}

/** `'0.0.0.0:50051'`. */
export function hostAndPort(value: Value): Address | undefined {
  if (value.is === 'literal' && typeof value.value === 'string') {
    const found = /^(?:\w+:\/\/)?(.*):(\d+)$/.exec(value.value);
    if (!found) return undefined;
    const literal = (inner: string | number): Value => ({ is: 'literal', value: inner, place: value.place });
    return { port: literal(Number(found[2])), host: literal(found[1]!.replace(/^\[|\]$/g, '')) };
  }
  if (value.is !== 'text') return { port: { is: 'unknown', place: value.place } };
  const last = value.parts.at(-1)!;
  const before = value.parts.at(-2);
  const isPort = before?.is === 'literal' && String(before.value).endsWith(':');
  return { port: isPort ? last : { is: 'unknown', place: value.place } };
}

/** A second port for metrics or probes, told by its names. */
function purposeOf(port: Value | undefined): Purpose {
  const names: string[] = [];
  const collect = (value: Value | undefined, depth: number): void => {
    if (!value || depth > 4) return;
    if (value.is === 'env') names.push(value.name);
    else if (value.is === 'member') {
      names.push(value.name);
      collect(value.of, depth + 1);
    } else if (value.is === 'choice') for (const option of value.options) collect(option.value, depth + 1);
  };
  collect(port, 0);
  return names.some((name) => /metrics|prom|admin|management|health|probe|debug|internal/i.test(name)) ? 'metrics' : 'main';
}

export interface Listening {
  readonly library: string;
  readonly address: Address;
  readonly server?: string;
  readonly purpose?: Purpose;
}

/** `onlyLocal ? '127.0.0.1' : null`: no host is all addresses, so the other one holds only where somebody asks for it. */
const mayBeAbsent = (host: Value): boolean =>
  host.is === 'choice' && host.options.some(({ value }) => value.is === 'literal' && (value.value === null || value.value === false));

/** Emits one listen with its port and host followed as far as they can be. */
export function emitListen(
  at: Pick<CallSite, 'namePlace' | 'when' | 'within'>,
  listening: Listening,
  program: ProgramView,
  emit: Emit,
): void {
  const { address, library, server } = listening;
  const port = address.port && resolveSetting(address.port, program);
  if (port?.is === 'literal' && Number(port.value) === 0) return;
  const host = address.host && !mayBeAbsent(address.host) ? resolveSetting(address.host, program) : undefined;
  emit(
    'listen',
    { when: at.when, ...(at.within === undefined ? {} : { within: at.within }), place: at.namePlace },
    {
      library,
      ...(port ? { port } : {}),
      ...(host ? { host } : {}),
      purpose: listening.purpose ?? purposeOf(address.port),
      ...(server ? { server } : {}),
    },
  );
}
