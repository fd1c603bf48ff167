/** Texts in a gzipped tar, read in memory: bounded, plain files only, no path that leads out. */
import { gunzipSync } from 'node:zlib';
import { decodeText } from './decode.ts';

/** Packed charts are a few hundred kilobytes with some hundred files. */
const maxBytes = 32 * 1024 * 1024;
const maxEntries = 5000;
const maxTextBytes = 2 * 1024 * 1024;
const block = 512;

/** `undefined`: it is no such archive, damaged, or far larger than anything that people pack. */
export function unpackTexts(packed: Buffer): ReadonlyMap<string, string> | undefined {
  try {
    const bytes = gunzipSync(packed, { maxOutputLength: maxBytes });
    const texts = new Map<string, string>();
    for (const { name, content } of entriesOf(bytes)) {
      const path = safePath(name);
      const text = path === undefined || content.length > maxTextBytes ? undefined : decodeText(content);
      if (path !== undefined && text !== undefined) texts.set(path, text);
    }
    return texts;
  } catch (error) {
    if (error instanceof ArchiveError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

class ArchiveError extends Error {}

interface Entry {
  readonly name: string;
  readonly content: Buffer;
}

/** Plain files of a tar: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, with the long names of GNU. */
function* entriesOf(bytes: Buffer): Generator<Entry> {
  let longName: string | undefined;
  let count = 0;
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    if (++count > maxEntries) throw new ArchiveError('too many entries');
    const size = readSize(bytes, at + 124);
    const content = bytes.subarray(at + block, at + block + size);
    if (content.length < size) throw new ArchiveError('cut off');
    const type = String.fromCharCode(bytes[at + 156]!);
    if (type === 'x') longName = paxPath(content) ?? longName;
    else if (type === 'L') longName = textIn(content, 0, content.length);
    else {
      if (type === '0' || type === '\0' || type === '7') yield { name: longName ?? readName(bytes, at), content };
      if (type !== 'g') longName = undefined;
    }
    at += block + Math.ceil(size / block) * block;
  }
}

function textIn(bytes: Buffer, start: number, length: number): string {
  const part = bytes.subarray(start, start + length);
  const end = part.indexOf(0);
  return part.toString('utf8', 0, end < 0 ? part.length : end);
}

function readName(bytes: Buffer, at: number): string {
  const name = textIn(bytes, at, 100);
  const prefix = textIn(bytes, at + 257, 5) === 'ustar' && bytes[at + 262] === 0 ? textIn(bytes, at + 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readSize(bytes: Buffer, at: number): number {
  const text = textIn(bytes, at, 12).trim();
  if (!/^[0-7]{0,11}$/.test(text)) throw new ArchiveError('no size');
  return Number.parseInt(text || '0', 8);
}

/** Records of `length key=value\n`. */
function paxPath(content: Buffer): string | undefined {
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(content.toString('latin1', at, Math.min(space, at + 12)));
    if (!Number.isInteger(length) || length <= 0) return undefined;
    const record = content.toString('utf8', space + 1, at + length - 1);
    if (record.startsWith('path=')) return record.slice('path='.length);
    at += length;
  }
  return undefined;
}

function safePath(name: string): string | undefined {
  if (name.startsWith('/') || name.includes('\\') || name.length > 1000) return undefined;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? undefined : parts.join('/');
}
