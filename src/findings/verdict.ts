/** Answers for one service: can it autoscale? Blockers decide; sums only order the work. */
import type { Platform } from '../facts.ts';
import type { Deployment, Evidence, Level, NotAssessed, Repository, Service, ServiceResult, Verdict } from '../types.ts';
import { collectEvidence } from './evidence.ts';

export interface Judged {
  readonly rule: string;
  readonly level: Level;
  readonly service?: string;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** What is not a program of this repository that serves or works on is not asked whether it scales. */
const notAsked: Partial<Record<Service['kind'], string>> = {
  database: 'a store that others make',
  'third-party': 'an image that others make',
  job: 'a job that ends by itself',
};

/** Why nothing can be said in favour of a service, if so. */
function whyUnknown(service: Service): string | undefined {
  if (!service.deployments.length && !service.images.length) return 'no manifest says how it runs';
  if (!service.codeRead)
    return service.root === undefined ? 'its code is not in this repository' : 'its code could not be followed from its start';
  return undefined;
}

function decide(service: Service, blockers: number, risks: number): { verdict: Verdict; answer: string } {
  if (blockers) return { verdict: 'blocked', answer: `No: ${count(blockers, 'blocker')}` };
  const other = notAsked[service.kind];
  const riskText = risks ? `; ${count(risks, 'risk')} found` : '';
  if (other) return { verdict: 'unknown', answer: `Not asked: it is ${other}${riskText}` };
  const why = whyUnknown(service);
  if (why) return { verdict: 'unknown', answer: `Unknown: ${why}${riskText}` };
  return risks ? { verdict: 'at risk', answer: `Not yet: ${count(risks, 'risk')}` } : { verdict: 'ready', answer: 'Yes' };
}

const platformsOf = (service: Service): readonly Platform[] => [...new Set(service.deployments.map(({ platform }) => platform))].sort();

const isForProduction = ({ purpose }: Deployment): boolean => purpose === 'production' || purpose === 'unknown';

/** What of it was read. */
const describeReading = (service: Service): ServiceResult['read'] => {
  const production = service.deployments.filter(isForProduction);
  const processes = production.length ? production.map(({ process }) => process) : service.images.map(({ process }) => process);
  return {
    code: service.codeRead,
    process: processes.length > 0 && processes.every(({ known }) => known),
    workload: production.length > 0,
  };
};

const describeWorkload = ({ workload: { value }, purpose, image }: Deployment): ServiceResult['workloads'][number] => ({
  platform: value.platform,
  kind: value.kind,
  name: value.name,
  purpose,
  place: value.namePlace,
  ...(image ? { image: image.fact.place.path } : {}),
});

export interface JudgedService {
  readonly service: Service;
  readonly repository: Repository;
  readonly findings: readonly Judged[];
  readonly notAssessed: readonly NotAssessed[];
}

export function judgeService({ service, repository, findings, notAssessed }: JudgedService): ServiceResult {
  const own = findings.filter((finding) => finding.service === service.name);
  const blockers = own.filter(({ level }) => level === 'error').length;
  const risks = own.filter(({ level }) => level === 'warning').length;
  const evidence: readonly Evidence[] = collectEvidence(service, repository, new Set(own.map(({ rule }) => rule)));
  return {
    name: service.name,
    root: service.root,
    kind: service.kind,
    place: service.place,
    ...decide(service, blockers, risks),
    blockers,
    platforms: platformsOf(service),
    read: describeReading(service),
    copies: service.copies.count,
    images: service.images.map(({ fact, stage }) => ({ name: fact.place.path, place: stage.place })),
    workloads: service.deployments.map(describeWorkload),
    uses: [],
    evidence,
    links: service.links,
    notAssessed: notAssessed.filter((note) => note.service === service.name).map(({ message }) => message),
  };
}
