/** One service as it is handed on: what was read, what is right, and the answer that its gates give. */

import { judgeGates } from '../assessment/gates.ts';
import { english } from '../assessment/phrases.ts';
import { decideVerdict } from '../assessment/verdict.ts';
import type { Platform } from '../facts.ts';
import { findUses } from '../model/uses.ts';
import { findingsByService, isOfNone } from '../text/finding-questions.ts';
import type { Deployment, NotAssessed, Repository, Service, ServiceResult } from '../types.ts';
import { collectEvidence, type Judged } from './evidence.ts';

const platformsOf = (service: Service): readonly Platform[] => [...new Set(service.deployments.map(({ platform }) => platform))].sort();

const isForProduction = ({ purpose }: Deployment): boolean => purpose === 'production' || purpose === 'unknown';

/** What of it was read. */
const describeReading = (service: Service): ServiceResult['read'] => {
  const production = service.deployments.filter(isForProduction);
  const processes = production.length ? production.map(({ process }) => process) : service.images.map(({ process }) => process);
  return {
    code: service.codeRead,
    ...(service.unreadLanguage === undefined ? {} : { unreadLanguage: service.unreadLanguage }),
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

export interface JudgedServices {
  readonly services: readonly Service[];
  readonly repository: Repository;
  readonly findings: readonly Judged[];
  readonly notAssessed: readonly NotAssessed[];
}

export function judgeServices({ services, repository, findings, notAssessed }: JudgedServices): readonly ServiceResult[] {
  const names = new Set(repository.services.map(({ name }) => name));
  const outside = findings.filter((finding) => isOfNone(finding, names));
  const byService = findingsByService(findings);
  const notes = new Map<string | undefined, NotAssessed[]>(services.map(({ name }) => [name, []]));
  for (const note of notAssessed) notes.get(note.service)?.push(note);
  return services.map((service) =>
    judgeService({ service, repository, own: byService.get(service.name) ?? [], outside, notes: notes.get(service.name) ?? [] }),
  );
}

interface JudgedService {
  readonly service: Service;
  readonly repository: Repository;
  readonly own: readonly Judged[];
  readonly outside: readonly Judged[];
  readonly notes: readonly NotAssessed[];
}

function judgeService({ service, repository, own, outside, notes }: JudgedService): ServiceResult {
  const result = {
    name: service.name,
    root: service.root,
    kind: service.kind,
    place: service.place,
    blockers: own.filter(({ level }) => level === 'error').length,
    platforms: platformsOf(service),
    read: describeReading(service),
    copies: service.copies.count,
    images: service.images.map(({ fact, stage }) => ({ name: fact.place.path, place: stage.place })),
    workloads: service.deployments.map(describeWorkload),
    uses: findUses(service, repository),
    evidence: collectEvidence(service, repository, own),
    links: service.links,
    notAssessed: notes.map(({ message }) => message),
  };
  const gates = judgeGates(result, own, english);
  return {
    ...result,
    gates: gates.map(({ id, state }) => ({ id, state })),
    ...decideVerdict(result, { gates, findings: own, outside }, english),
  };
}
