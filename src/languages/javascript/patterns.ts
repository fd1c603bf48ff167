import type { Node } from '@babel/types';
import { keyName } from './expressions.ts';
import { atOf } from './scopes.ts';
import type { Expression } from './summary.ts';

/** The names that a pattern binds, each with the part of the value that it gets. `read` reads defaults. */
export function* boundParts(pattern: Node, value: Expression, read: (node: Node) => Expression): Generator<readonly [Node, Expression]> {
  switch (pattern.type) {
    case 'Identifier':
      return yield [pattern, value];
    case 'AssignmentPattern':
      return yield* boundParts(pattern.left as Node, { k: 'or', left: value, right: read(pattern.right as Node), at: value.at }, read);
    case 'RestElement':
      return yield* boundParts(pattern.argument as Node, value, read);
    case 'TSParameterProperty':
      return yield* boundParts(pattern.parameter as Node, value, read);
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          yield* boundParts(property.argument as Node, value, read);
          continue;
        }
        const name = keyName(property.key as Node, property.computed);
        if (name !== undefined) yield* boundParts(property.value as Node, { k: 'member', of: value, name, at: atOf(property) }, read);
      }
      return;
    case 'ArrayPattern':
      for (const [index, element] of pattern.elements.entries())
        if (element) yield* boundParts(element as Node, { k: 'member', of: value, name: String(index), at: value.at }, read);
  }
}

/** `constructor(private readonly port: number)`: what callers give is what the field holds. */
export const handedTo = (fn: number, parameters: readonly Node[]): Readonly<Record<string, Expression>> =>
  Object.fromEntries(
    parameters.flatMap((parameter, index): [string, Expression][] =>
      parameter.type === 'TSParameterProperty' && parameter.parameter.type === 'Identifier'
        ? [[parameter.parameter.name, { k: 'parameter', function: fn, index, rest: false, at: atOf(parameter) }]]
        : [],
    ),
  );
