/** Which function of a shell script a place stands in (POSIX.1-2017, Shell Command Language §2.9.5, and `function name` of bash). */
import { type ShellToken, tokenizeShell } from './shell-words.ts';

interface Body {
  readonly name: string;
  readonly from: number;
  to: number;
}

const isPlainWord = (token: ShellToken | undefined): token is ShellToken => token?.kind === 'word' && !token.quoted;
const isSign = (token: ShellToken | undefined, text: string): boolean => token?.kind === 'operator' && token.text === text;

/** The name of the function whose body the brace at this index opens. */
function nameBefore(tokens: readonly ShellToken[], brace: number): string | undefined {
  let at = brace - 1;
  while (isSign(tokens[at], '\n')) at--;
  const hasParentheses = isSign(tokens[at], ')') && isSign(tokens[at - 1], '(');
  if (hasParentheses) at -= 2;
  const name = tokens[at];
  const isDefined = hasParentheses || (isPlainWord(tokens[at - 1]) && tokens[at - 1]!.text === 'function');
  return isPlainWord(name) && isDefined ? name.text : undefined;
}

/** The innermost function at an offset of the text; `undefined` outside of functions. */
export function shellFunctions(text: string): (offset: number) => string | undefined {
  // A definition needs a brace.
  const tokens = text.includes('{') ? tokenizeShell(text) : [];
  const bodies: Body[] = [];
  const open: (Body | undefined)[] = [];
  for (const [index, token] of tokens.entries()) {
    if (!isPlainWord(token)) continue;
    if (token.text === '{') {
      const name = nameBefore(tokens, index);
      const body = name === undefined ? undefined : { name, from: token.end, to: text.length };
      if (body) bodies.push(body);
      open.push(body);
    } else if (token.text === '}' && open.length > 0) {
      const body = open.pop();
      if (body) body.to = token.start;
    }
  }
  return (offset) => bodies.findLast(({ from, to }) => from <= offset && offset < to)?.name;
}
