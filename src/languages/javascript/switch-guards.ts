import type { Node } from '@babel/types';
import { alwaysLeaves } from './node-shapes.ts';
import { atOf } from './scopes.ts';
import type { Expression, Guard } from './summary.ts';

const mostCases = 12;

/**
 * Under which tests the cases of a `switch` run: `case 's3':` under `=== 's3'`, `default` where no other does.
 * None where an earlier case runs on into it, and none for `default` after many.
 */
export function switchGuards(node: Node & { type: 'SwitchStatement' }, read: (node: Node) => Expression): readonly (readonly Guard[])[] {
  const left = read(node.discriminant as Node);
  const tests = node.cases.map((one): Guard | undefined =>
    one.test ? { test: { k: 'equal', left, right: read(one.test as Node), negated: false, at: atOf(one.test) }, holds: true } : undefined,
  );
  const others = tests.flatMap((guard): Guard[] => (guard ? [{ ...guard, holds: false }] : []));
  return node.cases.map((_, index) => {
    const before = node.cases[index - 1]?.consequent;
    const runsOn = before !== undefined && !(before.length > 0 && alwaysLeaves(before.at(-1) as Node));
    if (runsOn) return [];
    const own = tests[index];
    return own ? [own] : others.length > mostCases ? [] : others;
  });
}
