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
export { type Config, ConfigError } from './config/load-config.ts';
export { reporters } from './reporters/index.ts';
export {
  type AnalyseOptions,
  analyse,
  analyseFolder,
  type Baseline,
  listRules,
  prepareLanguages,
  printBaseline,
  pruneBaseline,
  readBaseline,
  readConfig,
  UsageError,
} from './session.ts';
export type {
  Comparison,
  Confidence,
  Evidence,
  Finding,
  Fix,
  GateId,
  HiddenFindings,
  KnownFinding,
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
  Use,
  Verdict,
} from './types.ts';
