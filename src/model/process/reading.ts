/** What is known of a process, and of where it runs. */
import type { Entry } from '../../languages/language.ts';
import type { Fact, Process } from '../../types.ts';
import type { Sources } from '../sources.ts';

/** Where a process runs: how the paths that it sees come from the repository. Container paths start with `/`. */
export interface Surroundings {
  readonly sources: Sources;
  readonly workdir: string;
  /** Repository paths for a path that the process sees, best first; empty when nothing is known. */
  locate(containerPath: string): readonly string[];
  /** The source of a binary that the build of an image, or of a platform, makes. */
  findBinary?(command: string, cwd: string): string | undefined;
  /** Known variables. */
  readonly env: ReadonlyMap<string, string>;
}

export interface ProcessReading {
  readonly process: Process;
  readonly entries: readonly Entry[];
  /** Of the entries, those that a shell starts in the background of another one. */
  readonly helpers?: readonly Entry[];
  /** True when the chain ends at a tool that serves or bundles browser code. */
  readonly client: boolean;
  /** Process files that the chain goes through. */
  readonly managers: readonly Fact<'process-file'>[];
  /** Variables on which it depends what its scripts run. */
  readonly asks?: ReadonlySet<string>;
}

export const unknownProcess: ProcessReading = { process: { steps: [], known: false }, entries: [], client: false, managers: [] };
