import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackTexts } from '../../src/files/archive.ts';
import { type Entry, packed, tar } from '../tar.ts';

const pathsOf = (entries: readonly Entry[]): readonly string[] | undefined => {
  const texts = unpackTexts(packed(entries));
  return texts && [...texts.keys()];
};

describe('a packed chart', () => {
  it('gives its texts', () => {
    const texts = unpackTexts(packed([{ name: 'a/Chart.yaml', text: 'name: a\n' }, { name: 'a/empty.yaml' }]));
    expect([...texts!]).toEqual([
      ['a/Chart.yaml', 'name: a\n'],
      ['a/empty.yaml', ''],
    ]);
  });
  it('gives long names, as Go, GNU tar and pax write them', () => {
    const long = `a/${'deep/'.repeat(40)}b.yaml`;
    const record = `path=${long}\n`;
    const length = record.length + 1 + String(record.length + 4).length;
    expect(pathsOf([{ name: 'b.yaml', prefix: 'a/templates' }])).toEqual(['a/templates/b.yaml']);
    expect(pathsOf([{ name: 'pax', type: 'x', text: `${length} ${record}` }, { name: 'short' }])).toEqual([long]);
    expect(pathsOf([{ name: 'gnu', type: 'L', text: `${long}\0` }, { name: 'short' }, { name: 'next' }])).toEqual([long, 'next']);
  });
  it('leaves out what is no plain text inside of it', () => {
    const entries: Entry[] = [
      { name: '../out.yaml' },
      { name: 'a/../../out.yaml' },
      { name: '/etc/passwd' },
      { name: 'a\\..\\b.yaml' },
      { name: 'a/link', type: '2' },
      { name: 'a/hard', type: '1' },
      { name: 'a/', type: '5' },
      { name: 'a/binary', text: '\0\0' },
      { name: './a/b.yaml' },
    ];
    expect(pathsOf(entries)).toEqual(['a/b.yaml']);
  });
});

describe('a hostile archive', () => {
  const bad = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(tar([{ name: 'a/b', text: 'x' }]));
    change(bytes);
    return gzipSync(bytes);
  };
  it.each([
    ['no gzip', Buffer.from('PK\x03\x04')],
    ['nothing', Buffer.alloc(0)],
    ['a bomb', gzipSync(Buffer.alloc(64 * 1024 * 1024))],
    ['half of it', packed([{ name: 'a', text: 'x'.repeat(5000) }]).subarray(0, 40)],
    ['a size that is none', bad((bytes) => bytes.write('zzzz', 124))],
    ['a negative size', bad((bytes) => bytes.write('-0000000001', 124))],
    ['a size in base 256', bad((bytes) => bytes.writeUInt8(0x80, 124))],
    ['more content than there is', bad((bytes) => bytes.write('77777777777', 124))],
    ['a million entries', gzipSync(tar(Array.from({ length: 6000 }, (_, index) => ({ name: `a/${index}` }))))],
  ])('is refused: %s', (_, bytes) => {
    expect(unpackTexts(bytes)).toBeUndefined();
  });
  it('never throws, and no path leads out', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        for (const path of unpackTexts(gzipSync(bytes))?.keys() ?? []) expect(path).not.toMatch(/^\/|(?:^|\/)\.\.(?:\/|$)/);
      }),
    );
  });
});
