import type { Language } from '../language.ts';
import { findPrograms } from './find-programs.ts';
import { loadParser } from './parser.ts';
import { readProgram } from './program.ts';

/** Go programs: net/http, gin, echo, fiber, chi, gorilla/mux and gRPC. */
export const go: Language = {
  id: 'go',
  owns: (path) => path.endsWith('.go'),
  manifests: [],
  program: readProgram,
  findPrograms,
  prepare: loadParser,
};
