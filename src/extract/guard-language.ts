import { type Language, type Program, readInSteps } from '../languages/language.ts';
import type { Steps } from '../steps.ts';
import { describeError } from './extract-manifests.ts';

/** A program that could not be read at all: nothing in it may be called absent. */
function failedProgram(root: string, error: unknown): Program {
  const message = `Reading the program in ${root || 'the root'} failed: ${describeError(error)}`;
  return {
    entries: [],
    complete: false,
    files: [],
    facts: [],
    notAssessed: [{ reason: 'internal-error', message, failed: true }],
    reached: (functions) => new Set(functions),
  };
}

/** A crash of a language costs the one program and is named; all others are still analysed. */
export const guardLanguage = (language: Language): Language => ({
  id: language.id,
  manifests: language.manifests,
  owns: (path) => language.owns(path),
  findPrograms: (manifest, packages, files) => language.findPrograms?.(manifest, packages, files),
  program(request) {
    try {
      return language.program(request);
    } catch (error) {
      return failedProgram(request.root, error);
    }
  },
  *programInSteps(request): Steps<Program> {
    try {
      return yield* readInSteps(language, request);
    } catch (error) {
      return failedProgram(request.root, error);
    }
  },
});
