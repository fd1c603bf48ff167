/** Finds `map[environment]` where the map has one entry for each environment. */
import type { Node } from '@babel/types';
import type { SyntaxPass } from '../context.ts';
import { keyName, unwrap } from '../expressions.ts';
import { atOf } from '../scopes.ts';
import type { At, Expression } from '../summary.ts';

export interface EnvironmentMap {
  readonly at: At;
  readonly environments: readonly string[];
  readonly production: Expression;
}

const environmentNames = /^(?:development|dev|production|prod|staging|stage|test|qa|uat|local)$/;

/** True when a key is read from NODE_ENV, directly or under a name that says so. */
function isEnvironmentKey(source: Node, depth = 0): boolean {
  const node = unwrap(source);
  if (depth > 4) return false;
  if (node.type === 'Identifier') return /^(?:env|environment|nodeEnv|NODE_ENV|stage|appEnv)$/.test(node.name);
  if (node.type === 'LogicalExpression') return isEnvironmentKey(node.left as Node, depth + 1);
  return (
    node.type === 'MemberExpression' &&
    /^(?:NODE_ENV|APP_ENV|ENVIRONMENT|STAGE|NODE_CONFIG_ENV)$/.test(keyName(node.property as Node, node.computed) ?? '')
  );
}

const environmentsOf = (expression: Expression): readonly string[] =>
  expression.k === 'object' ? expression.properties.map(({ key }) => key).filter((key) => environmentNames.test(key)) : [];

export const environmentMaps: SyntaxPass = {
  id: 'environment-maps',
  run(view) {
    const found: EnvironmentMap[] = [];
    for (const node of view.nodes('MemberExpression')) {
      if (node.type === 'MemberExpression' && node.computed && isEnvironmentKey(node.property as Node)) {
        const of = view.read(node.object as Node);
        const values = of.k === 'local' ? (view.summary.bindings[of.binding]?.values ?? []) : [{ value: of }];
        for (const { value } of values.slice(0, 1)) {
          const environments = environmentsOf(value);
          const production = value.k === 'object' ? value.properties.find(({ key }) => /^prod/.test(key))?.value : undefined;
          if (production && environments.length > 1) found.push({ at: atOf(node.property as Node), environments, production });
        }
      }
    }
    return found;
  },
};
