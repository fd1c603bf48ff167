import { type Compared, comparedPasswords } from '../../../text/compared-accounts.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Around, Expression, Guard } from '../summary.ts';

type Literal = Extract<Expression, { is: 'literal' }>;
export interface FixedSignIn {
  readonly path: string;
  readonly literal: Literal;
  readonly within?: number;
  readonly when: readonly Guard[];
}

/** `password`, `form.password.data`, `request.form['password']`, `data.get('password', '').strip()`. */
function subjectOf(expression: Expression, depth = 0): string | undefined {
  if (depth > 5) return undefined;
  if (expression.is === 'name') return expression.name;
  if (expression.is === 'item') return textOf(expression.key);
  if (expression.is === 'attribute') return expression.name === 'data' ? subjectOf(expression.of, depth + 1) : expression.name;
  if (expression.is !== 'call' || expression.callee.is !== 'attribute') return undefined;
  const { name, of } = expression.callee;
  if (/^(?:strip|lower|upper|decode|encode)$/.test(name)) return subjectOf(of, depth + 1);
  return /^(?:get|get_argument|getvalue|getlist)$/.test(name) ? textOf(expression.args[0]) : undefined;
}
const textOf = (expression: Expression | undefined): string | undefined =>
  expression?.is === 'literal' && typeof expression.value === 'string' ? expression.value : undefined;

function comparisons(test: Expression, depth = 0): readonly Compared<Literal>[] {
  if (depth > 6) return [];
  if (test.is === 'and' || test.is === 'or') return [...comparisons(test.left, depth + 1), ...comparisons(test.right, depth + 1)];
  if (test.is === 'not') return comparisons(test.value, depth + 1);
  if (test.is !== 'compare' || !/^[!=]=$/.test(test.operator)) return [];
  const [literal, other] = test.left.is === 'literal' ? [test.left, test.right] : [test.right, test.left];
  const subject = subjectOf(other);
  if (subject === undefined || literal.is !== 'literal' || !textOf(literal)) return [];
  return [{ subject, line: literal.at[0], literal }];
}

/** `if username == 'admin' and password == '…'`: who reads the code can sign in. */
export function fixedSignIns(program: ProgramView): readonly FixedSignIn[] {
  const found = new Map<string, FixedSignIn>();
  const seen = new Set<Expression>();
  const read = (path: string, { when = [], within }: Around): void => {
    for (const [index, { test }] of when.entries()) {
      if (seen.has(test)) continue;
      seen.add(test);
      for (const literal of comparedPasswords(comparisons(test)))
        found.set(`${path}:${literal.at.join(':')}`, {
          path,
          literal,
          ...(within === undefined ? {} : { within }),
          when: when.slice(0, index),
        });
    }
  };
  for (const path of program.files) {
    const summary = program.summary(path);
    for (const one of [...(summary?.calls ?? []), ...(summary?.assignments ?? [])]) read(path, one);
    for (const [within, { returns }] of (summary?.functions ?? []).entries())
      for (const { when } of returns) read(path, { within, ...(when ? { when } : {}) });
  }
  return [...found.values()];
}
