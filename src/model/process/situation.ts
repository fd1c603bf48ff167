import type { Place, ProcessStep } from '../../types.ts';

/** Where and how a command of the chain runs. */
export interface Situation {
  readonly cwd: string;
  readonly place: Place;
  readonly form: ProcessStep['form'];
  readonly replaces: boolean;
  readonly ends: boolean;
  readonly env: Readonly<Record<string, string>>;
  /** One of several commands that run side by side. */
  readonly beside?: boolean;
  /** Where the shell sends its standard output. */
  readonly output?: string;
  /** Started with `&`. */
  readonly background?: boolean;
  /** What `"$@"` stands for in a script. */
  readonly args: readonly string[];
  readonly depth: number;
}
