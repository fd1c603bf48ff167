/** go.mod → `package` facts: a module of Go. */
import { readGoModule, withoutMajorVersion } from '../../text/go-module.ts';
import { withoutScripts } from '../../text/package-without-scripts.ts';
import type { Adapter, Extraction, Place, SourceFile } from '../../types.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

function extractModule({ path, text }: SourceFile): Extraction {
  const { name } = readGoModule(text);
  if (!name) return { facts: [], notAssessed: [] };
  const placeOf = (line: number, column: number, length: number): Place => ({
    path,
    line,
    column,
    endLine: line,
    endColumn: column + length,
  });
  const namePlace = placeOf(name.line, name.column, name.text.length);
  return {
    facts: [
      {
        kind: 'package',
        place: namePlace,
        confidence: 'certain',
        value: {
          name: baseName(withoutMajorVersion(name.text)),
          root: folderOf(path),
          ...withoutScripts,
          ecosystem: 'go',
          namePlace,
        },
      },
    ],
    notAssessed: [],
  };
}

export const goModuleAdapter: Adapter = {
  id: 'go-module',
  classify: (path) => baseName(path) === 'go.mod',
  extract: extractModule,
};
