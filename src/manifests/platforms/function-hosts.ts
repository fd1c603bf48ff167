/**
 * vercel.json and netlify.toml → the folder whose server code runs as functions (vercel.com/docs/functions,
 * docs.netlify.com/build/functions): what they say beyond that is about routing and builds.
 */
import type { Adapter, SourceFile } from '../../types.ts';
import { baseName, folderOf } from './facts.ts';

const platforms: Readonly<Record<string, string>> = { 'vercel.json': 'Vercel', 'netlify.toml': 'Netlify' };

export const functionHostAdapter: Adapter = {
  id: 'function-host',
  classify: (path) => Object.hasOwn(platforms, baseName(path)),
  extract: ({ path }: SourceFile) => ({
    facts: [
      {
        kind: 'function-host',
        place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 },
        confidence: 'certain',
        value: { platform: platforms[baseName(path)]!, root: folderOf(path) },
      },
    ],
    notAssessed: [],
  }),
};
