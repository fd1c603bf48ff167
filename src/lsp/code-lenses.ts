/** The answer for a service, above the lines that stand for it. */
import type { CodeLens } from 'vscode-languageserver/node';
import type { Place, Result, ServiceResult } from '../types.ts';
import { commands } from './code-actions.ts';
import { toRange } from './uris.ts';

/** Where a service listens or starts, and the workloads that run it. */
function placesOf({ place, workloads }: ServiceResult): readonly Place[] {
  const all = [place, ...workloads.map((workload) => workload.place)];
  return [...new Map(all.map((one) => [`${one.path}:${one.line}`, one])).values()];
}

export const makeLenses = (result: Result, path: string, root: string): CodeLens[] =>
  result.services.flatMap((service) =>
    placesOf(service)
      .filter((place) => place.path === path)
      .map((place) => ({
        range: toRange(place),
        command: {
          title: `${service.name}: can it autoscale? ${service.answer}`,
          command: commands.service,
          arguments: [{ root, service: service.name }],
        },
      })),
  );

/** What the lens opens: the reasons for the answer. */
export function describeService(result: Result, name: string): string | undefined {
  const service = result.services.find((one) => one.name === name);
  if (!service) return undefined;
  const own = result.findings.filter((finding) => finding.service === name && finding.level !== 'note');
  const reasons = own.map(({ level, text, place }) => `${level === 'error' ? 'Blocker' : 'Risk'}: ${text} (${place.path}:${place.line})`);
  return [`${name}: can it autoscale? ${service.answer}`, ...reasons.slice(0, 10), ...service.notAssessed.slice(0, 3)].join('\n');
}
