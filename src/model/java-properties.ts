/** Settings that a Java program is given on its command line or by options, as the variables that they win over. */
import type { EnvEntry } from '../facts.ts';
import { variableOfKey } from '../text/placeholders.ts';
import type { Place } from '../types.ts';
import { lastSegment } from './path-tree.ts';
import type { ProcessReading } from './process/reading.ts';

/** The virtual machine reads these by itself. */
const always = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'];
/** Scripts of servers and images pass these on; a plain `java` does not. */
const passedOn = ['JAVA_OPTS', 'CATALINA_OPTS', 'JAVA_ARGS', 'JAVA_OPTIONS'];

const property = /^-D([\w.-]{1,200})=(.*)$/s;
const option = /^--([a-zA-Z][\w.-]{0,200})=(.*)$/s;
const unquote = (text: string): string => text.replace(/^(['"])(.*)\1$/s, '$2');

function toEntry(match: RegExpExecArray | null, place: Place): readonly EnvEntry[] {
  if (!match) return [];
  const value = unquote(match[2]!);
  const isKnown = !value.includes('$');
  return [
    {
      name: variableOfKey(match[1]!),
      value: isKnown ? { known: true, value, place } : { known: false, because: 'a shell decides it', place },
      place,
    },
  ];
}

/** `-Dspring.profiles.active=prod` in a variable with options. */
const fromOptions = ({ value, place }: EnvEntry): readonly EnvEntry[] =>
  value?.known ? value.value.split(/\s+/).flatMap((word) => toEntry(property.exec(unquote(word)), place)) : [];

/** Later entries win: options, then `-D`, then what stands after the archive. */
export function javaProperties({ process }: ProcessReading, given: readonly EnvEntry[]): readonly EnvEntry[] {
  const programs = process.steps.filter(({ words, ends }) => !ends && lastSegment(words[0] ?? '') === 'java');
  const isJava = programs.length > 0;
  const text = programs.flatMap(({ words }) => words).join(' ');
  const read = (name: string): boolean =>
    always.includes(name) || (passedOn.includes(name) && (!isJava || text.includes(`$${name}`) || text.includes(`\${${name}`)));
  return [
    ...given.filter(({ name }) => read(name)).flatMap(fromOptions),
    ...programs.flatMap(({ words, place }) =>
      words.flatMap((word) => [...toEntry(property.exec(word), place), ...toEntry(option.exec(word), place)]),
    ),
  ];
}
