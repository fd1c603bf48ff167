import { decodeText } from './decode.ts';
import { readBytes } from './host/read.ts';

/** One small text file, outside of any listing; links are not followed. `undefined` when it cannot be read. */
export function readTextFile(root: string, path: string, maxBytes?: number): string | undefined {
  const result = readBytes(root, path, { maxBytes });
  return 'bytes' in result ? decodeText(result.bytes) : undefined;
}
