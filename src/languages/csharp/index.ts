import type { Language } from '../language.ts';
import { findPrograms } from './find-programs.ts';
import { loadParser } from './parser.ts';
import { readProgram } from './program.ts';

/** C# programs on .NET: ASP.NET Core applications and workers. Their entry is their project. */
export const csharp: Language = {
  id: 'csharp',
  owns: (path) => /\.(?:cs|csproj)$|(?:^|\/)web\.config$/i.test(path),
  manifests: [],
  program: readProgram,
  findPrograms,
  prepare: loadParser,
};
