/** What can be done about the findings of one analysis: made once each, for the files at work before anybody asks. */
import { writeSuppression } from '../text/write-suppression.ts';
import type { Edit, Finding, Fix, Result } from '../types.ts';

const none: readonly Finding[] = [];

export class ReadyFixes {
  readonly #result: Result;
  readonly #text: (path: string) => string | undefined;
  readonly #byPath: ReadonlyMap<string, readonly Finding[]>;
  readonly #suppressions = new Map<Finding, Edit | undefined>();

  /** @param text of a file as this analysis saw it, as long as the analysis is current */
  constructor(result: Result, text: (path: string) => string | undefined) {
    this.#result = result;
    this.#text = text;
    const byPath = new Map<string, Finding[]>();
    for (const finding of result.findings) {
      const known = byPath.get(finding.place.path);
      if (known) known.push(finding);
      else byPath.set(finding.place.path, [finding]);
    }
    this.#byPath = byPath;
  }

  findings(path: string): readonly Finding[] {
    return this.#byPath.get(path) ?? none;
  }

  fixes(finding: Finding): readonly Fix[] {
    return this.#result.fixes(finding);
  }

  suppression(finding: Finding): Edit | undefined {
    if (this.#suppressions.has(finding)) return this.#suppressions.get(finding);
    const { path, line } = finding.place;
    const text = this.#text(path);
    const edit = text === undefined ? undefined : writeSuppression({ path, text }, line, finding.rule);
    this.#suppressions.set(finding, edit);
    return edit;
  }

  /** Makes what is offered in these files, one finding a step. */
  prepare(paths: readonly string[]): Generator<void> {
    return this.#make(paths.flatMap((path) => this.findings(path)));
  }

  /** Makes one of each kind: what runs for the first time takes several times as long. */
  rehearse(): Generator<void> {
    return this.#make([...new Map(this.#result.findings.map((finding) => [finding.rule, finding])).values()]);
  }

  *#make(findings: readonly Finding[]): Generator<void> {
    for (const finding of findings) {
      this.fixes(finding);
      this.suppression(finding);
      yield;
    }
  }
}
