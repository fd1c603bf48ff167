/** .dockerignore and .gitignore → `ignore-list` facts. `Dockerfile.worker.dockerignore` belongs to that Dockerfile alone (BuildKit). */
import { LineMap } from '../../text/positions.ts';
import type { Adapter } from '../../types.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const maxPatterns = 10_000;

export const ignoreFileAdapter: Adapter = {
  id: 'ignore-file',
  classify: (path) => /^(?:.+\.dockerignore|\.dockerignore|\.containerignore|\.gitignore)$/i.test(baseName(path)),
  extract(file) {
    const name = baseName(file.path).toLowerCase();
    const rules = file.text
      .split(/\r\n|\r|\n/)
      .map((line, index) => ({ pattern: line.trim(), line: index + 1 }))
      .filter(({ pattern }) => pattern !== '' && !pattern.startsWith('#'))
      .slice(0, maxPatterns);
    const value = {
      kind: name === '.gitignore' ? ('git' as const) : ('docker' as const),
      root: file.path.slice(0, Math.max(0, file.path.lastIndexOf('/'))),
      patterns: rules.map(({ pattern }) => pattern),
      lines: rules.map(({ line }) => line),
    };
    const place = new LineMap(file.path, file.text).place(0, 0);
    return { facts: [{ kind: 'ignore-list', place, confidence: 'certain', value }], notAssessed: [] };
  },
};
