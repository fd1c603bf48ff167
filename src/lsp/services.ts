/** What a client that asks for it is told of each service after each analysis (`cloudworthy/services`): for a status bar and a tree. */
import type { Location } from 'vscode-languageserver/node';
import { assess, isAsked } from '../assessment/index.ts';
import type { Gate, ServiceAssessment } from '../assessment/types.ts';
import type { Finding, Level, Place, Result, ServiceResult, Verdict } from '../types.ts';
import { toRange } from './uris.ts';

export const servicesMethod = 'cloudworthy/services';

export interface ToldFinding {
  readonly rule: string;
  readonly level: Level;
  readonly text: string;
  readonly next: string;
  readonly location: Location;
}
export interface ToldGate {
  readonly id: string;
  readonly title: string;
  readonly state: Gate['state'];
  readonly wouldChange: readonly string[];
  /** Worst first. */
  readonly against: readonly ToldFinding[];
  readonly for: readonly { readonly text: string; readonly location: Location }[];
}
export interface ToldService {
  readonly name: string;
  readonly verdict: Verdict;
  readonly answer: string;
  readonly location: Location;
  /** Source folder from the repository's root. */
  readonly root?: string;
  /** Files that are its own, or decide how it runs, from the repository's root. */
  readonly paths: readonly string[];
  /** None for what is not asked whether it scales. */
  readonly gates: readonly ToldGate[];
}
export interface ServicesParams {
  /** The repository's root on the disk: its identity. */
  readonly root: string;
  /** The root as the client names it. Absent, like the services: the repository is no longer open. */
  readonly uri?: string;
  readonly services?: readonly ToldService[];
}

/** More than anybody reads in a tree. */
const mostFindings = 200;

type LocationOf = (place: Place) => Location;

function pathsOf({ place, images, workloads, links }: ServiceResult, findings: readonly Finding[]): readonly string[] {
  const places = [place, ...[...images, ...workloads, ...findings].map((one) => one.place), ...links.flatMap((link) => link.places)];
  return [...new Set(places.map(({ path }) => path))].sort();
}

function tellService({ service, verdict, gates }: ServiceAssessment, all: readonly Finding[], locationOf: LocationOf): ToldService {
  const findings = all.filter((finding) => finding.service === service.name);
  const byFingerprint = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  const tellFinding = ({ rule, level, text, next, place }: Finding): ToldFinding => ({
    rule,
    level,
    text,
    next,
    location: locationOf(place),
  });
  return {
    name: service.name,
    verdict,
    answer: service.answer,
    location: locationOf(service.place),
    root: service.root,
    paths: pathsOf(service, findings),
    gates: !isAsked(service)
      ? []
      : gates.map(({ id, title, state, wouldChange, against, for: signs }) => ({
          id,
          title,
          state,
          wouldChange,
          against: against
            .flatMap((print) => byFingerprint.get(print) ?? [])
            .slice(0, mostFindings)
            .map(tellFinding),
          for: signs.map(({ text, place }) => ({ text, location: locationOf(place) })),
        })),
  };
}

export function tellServices(result: Result, uriOf: (path: string) => string): readonly ToldService[] {
  const locationOf: LocationOf = (place) => ({ uri: uriOf(place.path), range: toRange(place) });
  // Fixes take time, and nothing here asks for them.
  const { services } = assess({ ...result, fixes: () => [] });
  const findings = result.allFindings ?? result.findings;
  return services.map((service) => tellService(service, findings, locationOf));
}
