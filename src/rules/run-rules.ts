/** Lets every rule judge every service and the repository, and fills what a report leaves to the pipeline. */
import { describeError } from '../extract/extract-manifests.ts';
import type { Steps } from '../steps.ts';
import type { Finding, NotAssessed, Place, Report, Repository, Rule } from '../types.ts';
import { renderMessage } from './render-message.ts';

/** A finding before findings/ gives it its identity. */
export interface RawFinding extends Omit<Finding, 'fingerprint'> {
  /** It stands in text that was rendered or merged: where else it was made, so that a suppression counts there, too. */
  readonly made?: readonly Place[];
}
export interface RuleRun {
  readonly findings: readonly RawFinding[];
  readonly notAssessed: readonly NotAssessed[];
}

class Run {
  readonly findings: RawFinding[] = [];
  readonly notAssessed: NotAssessed[] = [];

  judge(rule: Rule, repository: Repository): void {
    for (const service of rule.checkService ? repository.services : []) {
      this.#guard(rule, service.name, () => rule.checkService?.(service, (report) => this.#add(rule, report, service.name), repository));
    }
    this.#guard(rule, undefined, () => rule.checkRepository?.(repository, (report) => this.#add(rule, report)));
  }

  /** A rule that crashes is named; all others still run. */
  #guard(rule: Rule, service: string | undefined, check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#fail(`Rule ${rule.id} failed: ${describeError(error)}`, service);
    }
  }

  #fail(message: string, service: string | undefined): void {
    this.notAssessed.push({ reason: 'internal-error', message, service, failed: true });
  }

  #add(rule: Rule, report: Report, service?: string): void {
    const data = report.data ?? {};
    const { missing, ...message } = renderMessage(rule, report.message, data);
    if (missing.length)
      this.#fail(`Rule ${rule.id} gives no value for {${missing.join('}, {')}} of its message "${report.message}".`, service);
    this.findings.push({
      rule: rule.id,
      category: rule.category,
      level: report.level ?? rule.level,
      confidence: report.confidence ?? 'certain',
      service,
      messageId: report.message,
      data,
      ...message,
      place: report.place,
      related: report.related ?? [],
      subject: report.subject,
      effort: report.effort ?? rule.effort,
    });
  }
}

export function* runRules(rules: readonly Rule[], repository: Repository): Steps<RuleRun> {
  const run = new Run();
  for (const rule of rules) {
    yield;
    run.judge(rule, repository);
  }
  return run;
}
