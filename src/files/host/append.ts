/** Appends to files that the caller's environment names (GITHUB_OUTPUT, GITHUB_STEP_SUMMARY): they are read while they grow. */
import { appendFileSync } from 'node:fs';

export function appendText(file: string, text: string): void {
  appendFileSync(file, text, 'utf8');
}
