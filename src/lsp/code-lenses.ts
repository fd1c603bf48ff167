/** The answer for a service, above the lines that stand for it. */
import type { CodeLens } from 'vscode-languageserver/node';
import type { Place, Result, ServiceResult } from '../types.ts';
import { commands } from './code-actions.ts';
import { toRange } from './uris.ts';

/** Where a service listens or starts, and the first line of each manifest that it is linked to, one for each file. */
function placesOf({ place, links }: ServiceResult): readonly Place[] {
  const byPath = new Map([[place.path, place]]);
  for (const { from, places } of links) {
    if (!from.startsWith('service ') && !from.startsWith('workload ')) continue;
    for (const one of places) if (!byPath.has(one.path)) byPath.set(one.path, one);
  }
  return [...byPath.values()];
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
