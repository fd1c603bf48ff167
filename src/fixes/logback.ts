/** Appenders of Logback on the console. */
import { LineMap } from '../text/positions.ts';
import { replaceRange } from '../text/text-edits.ts';
import type { Edit, Place, SourceFile } from '../types.ts';

/** What only files have. */
const ofFiles =
  /[ \t]*<(file|append|prudent|immediateFlush|rollingPolicy|triggeringPolicy|bufferSize)\b[^>]{0,500}(?:\/>|>[\s\S]{0,4000}?<\/\1>)[ \t]*(?:\r?\n)?/g;

/** `undefined` unless the element at the place is an appender that writes one file. */
export function printToConsole(file: SourceFile, place: Place): Edit | undefined {
  const lines = new LineMap(file.path, file.text);
  const start = lines.offset(place.line, place.column);
  const end = file.text.indexOf('</appender>', start);
  const text = end < 0 ? '' : file.text.slice(start, end);
  const head = /^<appender\b[^>]{0,500}>/.exec(text)?.[0];
  if (!head || !/ch\.qos\.logback\.core\.(?:rolling\.RollingFileAppender|FileAppender)/.test(head) || text.includes('<!--'))
    return undefined;
  const console = head.replace(
    /ch\.qos\.logback\.core\.(?:rolling\.RollingFileAppender|FileAppender)/,
    'ch.qos.logback.core.ConsoleAppender',
  );
  return replaceRange(lines, start, end, console + text.slice(head.length).replace(ofFiles, ''));
}
