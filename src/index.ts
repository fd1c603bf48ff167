/**
 * cloudworthy as a library: `analyse({ root })` reads a repository and returns services, findings and what could not be assessed.
 *
 * @example
 * import { analyse } from 'cloudworthy';
 * const { services, findings } = analyse({ root: '.' });
 * for (const { name, answer } of services) console.log(name, answer);
 *
 * @packageDocumentation
 */
export { loadRules } from './rules/load-rules.ts';
export { type AnalyseOptions, analyse } from './session.ts';
export type {
  Confidence,
  Evidence,
  Finding,
  Level,
  Link,
  NotAssessed,
  Place,
  Related,
  Reporter,
  ReporterOptions,
  Result,
  Rule,
  RuleDocs,
  ServiceResult,
  Verdict,
} from './types.ts';
