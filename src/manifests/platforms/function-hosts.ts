/**
 * vercel.json and netlify.toml → the folder whose server code runs as functions (vercel.com/docs/functions,
 * docs.netlify.com/build/functions): what they say beyond that is about routing and builds.
 */
import { readToml } from '../../text/toml-document.ts';
import { nodeAt, textOf } from '../../text/yaml-access.ts';
import type { Adapter, SourceFile } from '../../types.ts';
import { baseName, folderOf, joinBelow } from './facts.ts';

const platforms: Readonly<Record<string, string>> = { 'vercel.json': 'Vercel', 'netlify.toml': 'Netlify' };

/** `base = "frontend"`: Netlify changes into that folder, and builds nothing beside it. */
function baseFolder(file: SourceFile): string | undefined {
  if (!file.path.endsWith('.toml')) return undefined;
  const { root } = readToml(file);
  const base = root && textOf(nodeAt(root, 'build', 'base'));
  return base ? joinBelow(folderOf(file.path), base.replace(/^\/+|\/+$/g, '')) : undefined;
}

export const functionHostAdapter: Adapter = {
  id: 'function-host',
  classify: (path) => Object.hasOwn(platforms, baseName(path)),
  extract: (file: SourceFile) => ({
    facts: [
      {
        kind: 'function-host',
        place: { path: file.path, line: 1, column: 1, endLine: 1, endColumn: 1 },
        confidence: 'certain',
        value: { platform: platforms[baseName(file.path)]!, root: baseFolder(file) ?? folderOf(file.path) },
      },
    ],
    notAssessed: [],
  }),
};
