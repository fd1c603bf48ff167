/** What kind of move a service asks for: the field's "R"s (Gartner 2010, AWS 2016), read from the size of what stands against it. */
import type { Finding, ServiceResult, Verdict } from '../types.ts';
import { isAsked } from './gates.ts';
import type { Say } from './phrases.ts';
import type { Strategy } from './types.ts';

const deploymentFile =
  /(?:^|\/)(?:[^/]*\.?dockerfile[^/]*|containerfile|procfile|[^/]+\.(?:ya?ml|tf|tfvars|hcl|conf|toml|env|json|properties))$/i;
/** A manifest, image or configuration: changing it changes no program. */
export const isDeploymentFile = (path: string): boolean => deploymentFile.test(path);

const summaryOf = (findings: readonly Finding[], summaries: ReadonlyMap<string, string>): readonly string[] => [
  ...new Set(findings.map(({ rule }) => summaries.get(rule) ?? rule)),
];
const most = 4;
function sayReasons(findings: readonly Finding[], summaries: ReadonlyMap<string, string>, say: Say): readonly string[] {
  const all = summaryOf(findings, summaries);
  const reasons = all.slice(0, most).map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
  return all.length > most ? [...reasons, say('change.more', { count: all.length - most })] : reasons;
}

export interface Planned {
  readonly service: ServiceResult;
  readonly verdict: Verdict;
  /** Those of the service. */
  readonly findings: readonly Finding[];
  /** Of rules, by id. */
  readonly summaries: ReadonlyMap<string, string>;
}

export function chooseStrategy({ service, verdict, findings, summaries }: Planned, say: Say): Strategy {
  const make = (id: Strategy['id'], reasons: readonly string[]): Strategy => ({ id, title: say(`strategy.${id}`), reasons });
  const because = (of: readonly Finding[]): readonly string[] => sayReasons(of, summaries, say);
  const open = findings.filter(({ level }) => level !== 'note');
  const blockers = open.filter(({ level }) => level === 'error');
  if (!isAsked(service)) return make('not applicable', [say(`strategy.other.${service.kind as 'database' | 'third-party' | 'job'}`)]);
  if (verdict === 'ready') return make('retain', [say('strategy.reason.ready')]);
  if (!open.length) return make('undecided', [say('strategy.reason.unknown')]);
  const deepest = blockers.filter(({ effort }) => effort >= 7);
  if (deepest.length) return make('rearchitect', [say('strategy.reason.rearchitect'), ...because(deepest)]);
  const redesign = blockers.filter(({ effort }) => effort >= 5);
  if (redesign.length) return make('refactor', [say('strategy.reason.redesign'), ...because(redesign)]);
  if (verdict === 'unknown') return make('undecided', [say('strategy.reason.unread'), ...because(open)]);
  const inCode = open.filter(({ place }) => !isDeploymentFile(place.path));
  const complex = inCode.filter(({ effort }) => effort >= 3);
  if (complex.length) return make('refactor', [say('strategy.reason.refactor'), ...because(complex)]);
  if (!service.read.code) return make('undecided', [say('strategy.reason.unread'), ...because(open)]);
  return inCode.length
    ? make('replatform', [say('strategy.reason.replatform'), ...because(inCode)])
    : make('rehost', [say('strategy.reason.rehost'), ...because(open)]);
}
