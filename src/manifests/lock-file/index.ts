/** Lock files → `lock-file` facts. That they exist is all that is read: they are large, and npm checks them itself. */
import type { FactValues } from '../../facts.ts';
import { LineMap } from '../../text/positions.ts';
import type { Adapter } from '../../types.ts';

const managers: Readonly<Record<string, FactValues['lock-file']['manager']>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'yarn.lock': 'yarn',
  'pnpm-lock.yaml': 'pnpm',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
};
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const lockFileAdapter: Adapter = {
  id: 'lock-file',
  nameSuffices: true,
  classify: (path) => Object.hasOwn(managers, baseName(path)),
  extract(file) {
    const manager = managers[baseName(file.path)];
    if (!manager) return { facts: [], notAssessed: [] };
    const place = new LineMap(file.path, file.text.slice(0, 1000)).place(0, 0);
    const root = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
    return { facts: [{ kind: 'lock-file', place, confidence: 'certain', value: { manager, root } }], notAssessed: [] };
  },
};
