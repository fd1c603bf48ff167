/** Passwords in the values of charts: no template shows what becomes of them where the chart is elsewhere, and their names do. */
import type { FactValues, Purpose } from '../facts.ts';
import type { Fact } from '../types.ts';
import { judgeValue } from './secret-shapes.ts';
import { entriesOf, itemsOf, scalarOf } from './yaml-access.ts';
import type { YamlNode } from './yaml-document.ts';

/** `existingSecretPasswordKey` names a key of a Secret, and `passwordFile` a path. */
const isPasswordKey = (key: string): boolean =>
  /(?:password|passwd|pwd|passphrase)$/i.test(key) && !/existing|secret|key|file|update|use|generate/i.test(key);

/** A password that somebody chose; what a template fills in is none. */
export const isChartPassword = (key: string, text: string): boolean =>
  isPasswordKey(key) && !text.includes('{{') && judgeValue('password', text).shape === 'secret';

export const chartPassword = (path: readonly string[], purpose: Purpose): FactValues['secret'] => ({
  what: 'password',
  origin: 'literal',
  env: path.join('.'),
  holder: 'manifest',
  purpose,
});

const limits = { depth: 12, secrets: 200 };

/** `secret` facts of a tree of values, at the places of their texts. */
export function findChartPasswords(values: YamlNode | undefined, purpose: Purpose): readonly Fact<'secret'>[] {
  const found: Fact<'secret'>[] = [];
  const walk = (node: YamlNode | undefined, path: readonly string[]): void => {
    if (path.length > limits.depth || found.length >= limits.secrets) return;
    for (const item of itemsOf(node)) walk(item, path);
    for (const { key, value } of entriesOf(node)) {
      const scalar = scalarOf(value);
      if (!scalar) walk(value, [...path, key]);
      else if (typeof scalar.value === 'string' && isChartPassword(key, scalar.text))
        found.push({ kind: 'secret', place: scalar.place, confidence: 'likely', value: chartPassword([...path, key], purpose) });
    }
  };
  walk(values, []);
  return found;
}
