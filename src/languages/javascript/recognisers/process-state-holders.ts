import type { Node } from '@babel/types';
import { keyName, unwrap } from '../expressions.ts';
import { isFunctionNode } from '../scopes.ts';
import type { At, Expression } from '../summary.ts';
import type { Stored } from './process-state-stored.ts';

/** One place that writes or reads a variable of the module or a field of a class. */
export interface Use {
  /** Key of the variable in this module: `name`, or `Class.field`. */
  readonly variable: string;
  readonly at: At;
  readonly within?: number;
  /** `add` puts something in, `remove` takes out, `assign` replaces, `count` adds up. */
  readonly does: 'add' | 'remove' | 'assign' | 'count' | 'read';
  readonly stored?: Stored;
  /** Only the key tells (`seen[token] = true`): the value itself depends on nothing. */
  readonly byKey?: boolean;
  /** `new Room()`: the name of the class. */
  readonly made?: string;
  /** What is put in is the identifier of a connection (`users[name] = socket.id`): data by which others are reached. */
  readonly names?: 'connection';
  /** An entry that is written out: `{ order, customer }`. */
  readonly written?: boolean;
  /** An entry that begins with nothing in it: `members[room] = []`. */
  readonly empty?: boolean;
  /** The object of a package under a key that is no connection's: `sessions.set(id, client)` after `const client = new Client()`. */
  readonly opened?: boolean;
  /** The value is taken as well (`queue.shift()`). */
  readonly reads: boolean;
  readonly method?: string;
  /** How a value is read: a method of it is called, it is only tested, or it becomes an identifier (`id: ++count`). */
  readonly as?: 'called' | 'tested' | 'identifier';
  /** Changes a part of an entry (`rooms[id].users.push(user)`), not an entry as a whole. */
  readonly deep?: boolean;
  /** The entry is a value with the time at which it was fetched: `{ usage, timestamp }`. */
  readonly dated?: boolean;
  /** What the call gives is waited for: `await this.store.get(key)`. */
  readonly awaited?: true;
  /** Stands in a `finally`: what was put in is taken out by the same request. */
  readonly finally: boolean;
}
/** A variable that outlives a request. */
export interface Holder {
  readonly variable: string;
  readonly name: string;
  readonly at: At;
  /** Place of the value that it starts with: by it, other modules' names for the same object are known. */
  readonly init?: At;
  readonly type: 'map' | 'set' | 'list' | 'object' | 'number' | 'value';
  /** The function in which it is declared: it outlives requests where that one runs when the program starts. */
  readonly local?: number;
  /** Class whose instance holds it; `isStatic`: the class itself does. */
  readonly class?: number;
  readonly className?: string;
  readonly isStatic?: boolean;
}
/** What a write puts in. */
export type Storing = Pick<Use, 'stored' | 'byKey' | 'made' | 'names' | 'written' | 'empty' | 'opened' | 'dated'>;
export type StateItem = { readonly holder: Holder } | { readonly use: Use } | { readonly imported: Use; readonly of: Expression };

/** What kind of container a declaration makes; `undefined` when it does not hold changing data. */
export function holderType(init: Node | null | undefined): Holder['type'] | undefined {
  if (!init) return 'value';
  const node = unwrap(init);
  switch (node.type) {
    case 'ArrayExpression':
      return 'list';
    case 'ObjectExpression':
      // A table of functions is code.
      return node.properties.some(
        (property) => property.type === 'ObjectMethod' || (property.type === 'ObjectProperty' && isFunctionNode(property.value as Node)),
      )
        ? undefined
        : 'object';
    case 'NumericLiteral':
      return 'number';
    case 'NullLiteral':
    case 'StringLiteral':
    case 'BooleanLiteral':
      return 'value';
    case 'Identifier':
      return node.name === 'undefined' ? 'value' : undefined;
    case 'NewExpression':
      return node.callee.type === 'Identifier'
        ? ({ Map: 'map', Set: 'set', Array: 'list' } as const)[node.callee.name as 'Map']
        : undefined;
    case 'CallExpression': {
      const callee = node.callee as Node;
      if (callee.type === 'Identifier') return callee.name === 'Array' ? 'list' : undefined;
      const isBare = callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'Object';
      return isBare && keyName(callee.property as Node, callee.computed) === 'create' ? 'object' : undefined;
    }
    default:
      return undefined;
  }
}
