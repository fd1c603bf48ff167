import { parseExpression } from '@babel/parser';
import type { Node } from '@babel/types';
import { ExpressionReader } from './expressions.ts';
import { Scope } from './scopes.ts';
import { emptySummary, type ModuleSummary } from './summary.ts';

/** A JSON file that code imports, as a module whose export is its value. */
export function parseJsonModule(text: string): ModuleSummary | undefined {
  if (text.length > 200_000) return undefined;
  try {
    const node = parseExpression(text) as Node;
    const reader = new ExpressionReader({ numberOf: () => undefined });
    const value = reader.read(node, new Scope(undefined, true), undefined);
    return { ...emptySummary, exports: [{ name: '=', value }] };
  } catch {
    return undefined;
  }
}
