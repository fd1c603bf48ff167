/** Host and port of the addresses that servers listen on. */
import type { Value } from '../../../facts.ts';
import { choose } from '../value-shapes.ts';

export interface Address {
  readonly host?: Value;
  readonly port?: Value;
}

const whole = /^(?:https?:\/\/)?(\[[^\]]*\]|[^:/\s]*):(\d{1,5}|http|https)$/;
const named: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** `:8080`, `0.0.0.0:8080`, `":" + port`, a variable with `:8080` as its fallback. */
export function addressOf(value: Value | undefined): Address {
  if (!value) return {};
  const { place } = value;
  // 0 is any port that is free, or none yet.
  if (value.is === 'literal' && value.value === 0) return { port: { is: 'unknown', place } };
  if (value.is === 'literal') return typeof value.value === 'number' ? { port: value } : ofText(String(value.value), value);
  if (value.is === 'env') {
    const fallback = value.fallback && addressOf(value.fallback).port;
    return { port: { ...value, ...(value.fallback ? { fallback: fallback ?? { is: 'unknown', place } } : {}) } };
  }
  if (value.is === 'choice') {
    const all = value.options.map((option) => ({ ...addressOf(option.value), when: option.when }));
    const ports = all.map(({ port, when }) => ({ value: port ?? ({ is: 'unknown', place } as const), ...(when ? { when } : {}) }));
    const hosts = all.flatMap(({ host, when }) => (host ? [{ value: host, ...(when ? { when } : {}) }] : []));
    return { port: choose(ports, place), ...(hosts.length === all.length ? { host: choose(hosts, place) } : {}) };
  }
  if (value.is === 'text') return ofParts(value);
  return { port: { is: 'unknown', place } };
}

function ofText(text: string, { place }: Value): Address {
  const [, host = '', port = ''] = whole.exec(text.trim()) ?? [];
  if (port === '')
    return /^\d{1,5}$/.test(text) ? { port: { is: 'literal', value: Number(text), place } } : { port: { is: 'unknown', place } };
  return {
    port: { is: 'literal', value: named[port] ?? Number(port), place },
    ...(host === '' ? {} : { host: { is: 'literal', value: host, place } }),
  };
}

/** What stands after the last colon is the port. */
function ofParts({ parts, place }: Extract<Value, { is: 'text' }>): Address {
  const at = parts.findLastIndex((part) => part.is === 'literal' && String(part.value).includes(':'));
  const colon = parts[at];
  if (colon?.is !== 'literal') return parts.length === 1 ? addressOf(parts[0]) : { port: { is: 'unknown', place } };
  const text = String(colon.value);
  const [before, after] = [text.slice(0, text.lastIndexOf(':')), text.slice(text.lastIndexOf(':') + 1)];
  const rest = parts.slice(at + 1);
  const isOne = rest.length === 1 && after === '';
  const port: Value = isOne
    ? rest[0]!
    : rest.length === 0 && /^\d+$/.test(after)
      ? { is: 'literal', value: Number(after), place }
      : { is: 'unknown', place };
  const host: Value | undefined =
    at === 0 && before !== '' ? { is: 'literal', value: before, place: colon.place } : at === 1 && before === '' ? parts[0] : undefined;
  return { port, ...(host ? { host } : {}) };
}
