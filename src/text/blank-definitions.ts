const mark = 'kind: CustomResourceDefinition';

/** Definitions of custom resources run nothing and are larger than everything else: blanks stand in their place, so that offsets stay. */
export function blankDefinitions(text: string): string {
  if (!text.includes(mark)) return text;
  return text
    .split(/^(?=---)/m)
    .map((part) =>
      /^kind: CustomResourceDefinition[ \t]*$/m.test(part) ? part.replace(/[^\r\n]+/g, (line) => ' '.repeat(line.length)) : part,
    )
    .join('');
}
