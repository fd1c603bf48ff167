import { describe, expect, it } from 'vitest';
import { ParameterReads } from '../../src/languages/javascript/parameter-reads.ts';
import { summarise } from '../../src/languages/javascript/summarise.ts';

/** Whether what the first function of a module returns may depend on its arguments. */
function depends(code: string): boolean {
  const summary = summarise('a.js', code);
  const [returned] = summary.functions[0]!.returns;
  return new ParameterReads().has(returned!.value, summary);
}

describe('what a function returns', () => {
  it.each([
    ['a parameter', 'function f(a) { return a; }'],
    ['an option that holds one', 'function f(a) { return { url: [a] }; }'],
    ['a local that one stands behind', 'function f(a) { const b = a; const c = b || 1; return { c }; }'],
    ['a parameter with a default', "function f({ a } = {}) { return a ?? 'x'; }"],
    ['locals that name each other', 'function f(a) { let b = 1; let c = b; b = c; c = a; return b; }'],
    ['a property assigned later', 'function f(a) { const o = {}; o.url = a; return o; }'],
    ['what an inner function returns of it', 'function f(a) { const test = () => a.on; return test() ? 1 : 2; }'],
  ])('depends on arguments: %s', (_, code) => expect(depends(code)).toBe(true));

  it.each([
    ['a constant', 'const url = 1; function f(a) { return url; }'],
    ['a variable of the environment', "function f(a) { const url = process.env.URL || 'x'; return { url }; }"],
    ['a call of another function with its own parameter', 'function f(a) { return g(1); } function g(b) { return b; }'],
    ['another function', 'function f(a) { return g; } function g(b) { return b; }'],
    ['locals that name each other', 'function f(a) { let b = 1; let c = b; b = c; return b; }'],
  ])('does not: %s', (_, code) => expect(depends(code)).toBe(false));
});
