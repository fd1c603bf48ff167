/** What could not be rendered, said once for each cause. */
import type { NotAssessed } from '../../types.ts';
import type { Failure } from './interpreter.ts';

const mostNotes = 20;
/** Whoever installs the chart gives such a value: nothing is wrong with the template. */
const isLeftToUser = (message: string): boolean => /^(?:a value is required|the chart refuses)/.test(message);

export function noteFailures(failures: readonly Failure[]): readonly NotAssessed[] {
  const causes = new Map<string, Map<string, Failure>>();
  for (const failure of failures) {
    const message = causeOf(failure.message);
    const places = causes.get(message) ?? new Map<string, Failure>();
    places.set(`${failure.source.name}:${failure.start}`, failure);
    causes.set(message, places);
  }
  const notes = [...causes].map(([message, places]): NotAssessed => {
    const [first] = places.values();
    const more = places.size > 1 ? ` (here and at ${places.size - 1} more places)` : '';
    const place = first!.source.place?.(first!.start, first!.end);
    return {
      reason: isLeftToUser(message) ? 'chart-value' : 'template',
      message: `This is not rendered: ${message}${more}.`,
      ...(place ? { place: { ...place, inArchive: undefined } } : {}),
      failed: message.startsWith('the template cannot be parsed'),
    };
  });
  return notes.slice(0, mostNotes);
}

/** Templates that a chart elsewhere would define have one cause. */
const causeOf = (message: string): string =>
  message.startsWith('no template ') ? 'it uses templates that are not in the repository' : message.replace(/\.$/, '');
