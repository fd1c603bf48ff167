import type { Language } from '../language.ts';
import { findPrograms } from './find-programs.ts';
import { loadParser } from './parser.ts';
import { readProgram } from './program.ts';

/** Python programs: Flask, FastAPI, Django and others, their workers, and the servers that load them. */
export const python: Language = {
  id: 'python',
  owns: (path) => path.endsWith('.py'),
  manifests: [],
  program: readProgram,
  findPrograms,
  prepare: loadParser,
};
