/** Bytes to text: byte order marks are honoured and removed, binary content is refused. */
const utf16BigEndian = (bytes: Buffer): string => {
  const swapped = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return swapped.swap16().toString('utf16le');
};

/** `undefined` for binary content (a NUL byte in what is not UTF-16). */
export function decodeText(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16BigEndian(bytes.subarray(2));
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}
