/** The forms in which an assessment is handed over. Like reporters they return text and never print. */
import type { Assessment } from '../assessment/types.ts';
import type { Language } from '../locales/index.ts';
import type { Result } from '../types.ts';

export interface ReportOptions {
  readonly lang: Language;
  /** Of cloudworthy. */
  readonly version: string;
  /** What was analysed, as readers call it; absent: the name of its folder. */
  readonly name?: string;
  /** Printed when given: a report never asks a clock. */
  readonly date?: string;
  /** Where a place can be read, with `{path}` and `{line}`: `https://github.com/owner/name/blob/COMMIT/{path}#L{line}`. */
  readonly sourceLink?: string;
}

/** Prints an assessment with the result that it judges. A result that was saved has no files: `excerpt` and `text` give `undefined`. */
export interface ReportFormat {
  readonly id: string;
  render(assessment: Assessment, result: Result, options: ReportOptions): string;
}

/** Pages, and the addresses that editors register. Anything else (`javascript:`) never becomes a link. */
export const isSourceLink = (template: string): boolean => /^(?:https?|vscode|vscode-insiders|cursor|idea|jetbrains):/i.test(template);
