/** The five gates of one service: what speaks for and against each, and what would change the answer. */
import type { Confidence, Evidence, Finding, GateId, Level, ServiceResult } from '../types.ts';
import { countOf, type PhraseId, type Say } from './phrases.ts';
import { gateIds, gateOf } from './rule-table.ts';
import type { Gate, GateState } from './types.ts';

/** A finding, as far as a gate asks. */
export type Against = Pick<Finding, 'rule' | 'category' | 'level' | 'confidence'> & Partial<Pick<Finding, 'fingerprint' | 'next'>>;
/** A service, as far as a gate asks. */
export type Asked = Pick<ServiceResult, 'kind' | 'root' | 'read' | 'workloads' | 'images' | 'evidence' | 'links' | 'notAssessed'>;

const scaling: ReadonlySet<string> = new Set(['kubernetes', 'cloud-foundry', 'ecs', 'cloud-run', 'heroku', 'other']);
export const isOnScalingPlatform = ({ workloads }: Pick<Asked, 'workloads'>): boolean =>
  workloads.some(({ platform, purpose }) => scaling.has(platform) && (purpose === 'production' || purpose === 'unknown'));

/** What is not a program of this repository that serves or works on is not asked whether it scales. */
const notAsked: ReadonlySet<string> = new Set(['database', 'third-party', 'job']);
export const isAsked = ({ kind }: Pick<Asked, 'kind'>): boolean => !notAsked.has(kind);
export const whatItIs = (say: Say, { kind }: Pick<Asked, 'kind'>): string => say(`kind.${kind}` as PhraseId);

/** Whether the places were read in which something against a gate would stand. */
const wasRead: Readonly<Record<GateId, (service: Asked) => boolean>> = {
  'second-copy-safe': ({ read }) => read.code,
  'any-copy-serves': ({ read }) => read.code,
  'copy-replaceable': ({ read }) => read.code && (read.process || read.workload),
  'platform-scales': isOnScalingPlatform,
  'same-build-observable': ({ read, images }) => read.code && (images.length > 0 || read.workload),
};

const rank: Readonly<Record<Level, number>> = { error: 0, warning: 1, note: 2 };
export const byLevel = (a: { readonly level: Level }, b: { readonly level: Level }): number => rank[a.level] - rank[b.level];

/** Whether its place was read: only then nothing against it means that it is open. */
export const isGateRead = (id: GateId, service: Asked): boolean => isAsked(service) && wasRead[id](service);

function decideState(id: GateId, service: Asked, against: readonly Against[], signs: readonly Evidence[]): GateState {
  if (against.some(({ level }) => level === 'error')) return 'closed';
  if (against.some(({ level }) => level === 'warning')) return 'at risk';
  return isGateRead(id, service) && signs.length > 0 ? 'open' : 'unknown';
}

const degree: Readonly<Record<Confidence, Gate['confidence']>> = { certain: 'high', likely: 'medium', guess: 'low' };
const isOfConvention = ({ links }: Asked): boolean => links.some(({ confidence }) => confidence === 'guess');

/** As sure as the surest finding that decided it; a gate without findings is as sure as the reading was whole. */
function measureConfidence(state: GateState, service: Asked, against: readonly Against[]): Gate['confidence'] {
  if (state === 'unknown') return 'low';
  if (state === 'open') return service.notAssessed.length || isOfConvention(service) ? 'medium' : 'high';
  const deciding = against.filter(({ level }) => level === (state === 'closed' ? 'error' : 'warning'));
  const surest = (['certain', 'likely', 'guess'] as const).find((one) => deciding.some(({ confidence }) => confidence === one));
  return degree[surest ?? 'guess'];
}

function whyUnread(id: GateId, service: Asked, say: Say): string {
  if (!isAsked(service)) return say('unknown.not-asked', { what: whatItIs(say, service) });
  const needsCode = id !== 'platform-scales';
  if (needsCode && !service.read.code) {
    const { unreadLanguage: language } = service.read;
    if (language !== undefined) return say('unknown.language-unread', { language });
    return say(service.root === undefined ? 'unknown.code-absent' : 'unknown.code-unread');
  }
  if (wasRead[id](service)) return say('unknown.nothing');
  if (id === 'platform-scales') return say('unknown.platform');
  return say(id === 'copy-replaceable' ? 'unknown.process' : 'unknown.build');
}

const mostSteps = 3;
/** The next steps of what decided it, each once. */
function listChanges(id: GateId, state: GateState, service: Asked, against: readonly Against[], say: Say): readonly string[] {
  if (state === 'unknown') return [whyUnread(id, service, say)];
  if (state === 'open') {
    const unread = service.notAssessed.length;
    return [
      ...(unread ? [say('change.unread', { count: countOf(say, unread, 'part') })] : []),
      ...(isOfConvention(service) ? [say('change.links')] : []),
    ];
  }
  const deciding = against.filter(({ level }) => level !== 'note').flatMap(({ next }) => next ?? []);
  const steps = [...new Set(deciding)];
  const more = steps.length - mostSteps;
  return more > 0 ? [...steps.slice(0, mostSteps), say('change.more', { count: more })] : steps;
}

/** `findings`: those of the service, in the pipeline's order. */
export function judgeGates(service: Asked, findings: readonly Against[], say: Say): readonly Gate[] {
  return gateIds.map((id) => {
    const against = findings.filter(({ rule, category }) => gateOf(rule, category) === id).toSorted(byLevel);
    const signs = service.evidence.filter(({ gate }) => gate === id);
    const state = decideState(id, service, against, signs);
    return {
      id,
      title: say(`gate.${id}`),
      state,
      for: signs,
      against: against.flatMap(({ fingerprint }) => fingerprint ?? []),
      confidence: measureConfidence(state, service, against),
      wouldChange: listChanges(id, state, service, against, say),
    };
  });
}
