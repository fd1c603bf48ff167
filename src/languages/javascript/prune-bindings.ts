import type { Expression, ModuleSummary } from './summary.ts';

/** Leaves the values only of those bindings that something kept in the summary leads to: most locals of most functions go. */
export function pruneBindings(summary: ModuleSummary): ModuleSummary {
  const needed = new Set<number>();
  const queue: number[] = [];
  const see = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) see(item);
      return;
    }
    const expression = value as Expression;
    if (expression.k === 'local') {
      if (!needed.has(expression.binding)) {
        needed.add(expression.binding);
        queue.push(expression.binding);
      }
      return;
    }
    for (const key in value) if (key !== 'at') see((value as Record<string, unknown>)[key]);
  };
  const { bindings, imports: _, ...rest } = summary;
  see(rest);
  for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
    const { values, properties } = bindings[index]!;
    see(values);
    see(properties);
  }
  return {
    ...summary,
    bindings: bindings.map((binding, index) => (needed.has(index) || binding.top ? binding : { ...binding, values: [], properties: [] })),
  };
}
