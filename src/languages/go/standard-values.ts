/** What calls of the standard library come to. */
import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import { choose, concat, unknownAt } from './value-shapes.ts';

const readers = /^(?:os\.(?:Getenv|LookupEnv)|syscall\.Getenv)$/;
export const isEnvironmentReader = (target: string): boolean => readers.test(target);

/** Calls that leave the meaning of their first argument. */
const passing =
  /^(?:strconv\.(?:Atoi|ParseInt|ParseUint|ParseBool|ParseFloat|Itoa|FormatInt|Quote)|strings\.(?:TrimSpace|ToLower|ToUpper|TrimSuffix|TrimPrefix|TrimRight|TrimLeft|Trim|Clone)|time\.ParseDuration|path(?:\/filepath)?\.(?:Clean|Abs|FromSlash|ToSlash)|fmt\.Sprint|aws\.String|net\/url\.(?:Parse|ParseRequestURI|PathEscape|QueryEscape)|neW|string|bool|byte|u?int(?:8|16|32|64)?|float(?:32|64)|time\.Duration|template\.(?:HTML|URL)|github\.com\/samber\/lo\.ToPtr|github\.com\/aws\/aws-sdk-go\/aws\.String)$/;

const orders = /%(?:\[\d+\])?[-+# 0]*\d*(?:\.\d+)?[a-zA-Z]/g;

/** `fmt.Sprintf("%s:%d", host, port)`. */
function formatted([format, ...args]: readonly Value[], place: Place): Value {
  if (format?.is !== 'literal' || typeof format.value !== 'string') return unknownAt(place);
  const parts: Value[] = [];
  let from = 0;
  let index = 0;
  const text = format.value.replaceAll('%%', '\0');
  const add = (value: string): void => {
    if (value !== '') parts.push({ is: 'literal', value: value.replaceAll('\0', '%'), place: format.place });
  };
  for (const match of text.slice(0, 2000).matchAll(orders)) {
    add(text.slice(from, match.index));
    parts.push(args[index++] ?? unknownAt(place));
    from = match.index + match[0].length;
  }
  add(text.slice(from));
  return concat([{ is: 'literal', value: '', place }, ...parts], place);
}

/** What the call gives; `undefined` where nothing is known of it. */
export function standardCall(target: string, args: readonly Value[], place: Place): Value | undefined {
  const [first, second] = args;
  if (readers.test(target)) {
    return first?.is === 'literal' && typeof first.value === 'string' ? { is: 'env', name: first.value, place } : undefined;
  }
  if (target === 'fmt.Sprintf') return formatted(args, place);
  if (target === 'net.JoinHostPort' && first && second) return concat([first, second], place, ':');
  if (/^path(?:\/filepath)?\.Join$/.test(target)) return concat(args.slice(0, 20), place, '/');
  if (target === 'cmp.Or')
    return choose(
      args.map((value) => ({ value })),
      place,
    );
  return passing.test(target) ? first : undefined;
}
