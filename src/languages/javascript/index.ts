import type { Language } from '../language.ts';
import { readProgram, readProgramInSteps } from './program.ts';

/** JavaScript and TypeScript programs for Node.js. */
export const javascript: Language = {
  id: 'javascript',
  owns: (path) => /\.[cm]?[jt]sx?$/.test(path) && !path.endsWith('.d.ts'),
  manifests: ['package.json'],
  program: readProgram,
  programInSteps: readProgramInSteps,
};
