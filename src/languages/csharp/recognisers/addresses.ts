/** Addresses that servers listen on, as values: `http://+:8080`, `http://0.0.0.0:{port}`, lists with `;`. */
import type { Value } from '../../../facts.ts';
import { textOf } from '../evaluate.ts';

export interface Listening {
  readonly port?: Value;
  readonly host?: Value;
  readonly isSecure: boolean;
}

const url = /^(https?):\/\/(\[[^\]]*\]|[^/:;]*)(?::(\d{1,5}))?/i;

function readUrl(text: string, value: Value): Listening[] {
  const [whole, scheme = '', host = '', port] = url.exec(text.trim()) ?? [];
  if (whole === undefined) return [];
  const isSecure = scheme.toLowerCase() === 'https';
  const number = port === undefined ? (isSecure ? 443 : 80) : Number(port);
  const { place } = value;
  return [
    {
      port: { is: 'literal', value: number, place },
      ...(/^[+*]$/.test(host) ? {} : { host: { is: 'literal', value: host, place } }),
      isSecure,
    },
  ];
}

/** The part behind `http://host:` of a text that is put together. */
function readParts(parts: readonly Value[]): Listening[] {
  const [first, second] = parts;
  const start = first && textOf(first);
  const host = start === undefined ? undefined : /^https?:\/\/([^/:]*):$/i.exec(start)?.[1];
  if (start === undefined || host === undefined || !second) return [];
  return [{ port: second, ...(/^[+*]$/.test(host) ? {} : { host: { ...first!, value: host } as Value }), isSecure: /^https/i.test(start) }];
}

/** What a value says; `undefined` for what only the deployment tells. */
export function readListening(value: Value): readonly Listening[] | undefined {
  const text = textOf(value);
  if (text !== undefined) {
    const all = text.split(/[;,]/).flatMap((one) => readUrl(one, value));
    return all.length > 0 ? all : undefined;
  }
  if (value.is !== 'text') return undefined;
  const all = readParts(value.parts);
  return all.length > 0 ? all : undefined;
}
