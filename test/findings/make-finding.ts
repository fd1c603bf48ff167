import type { RawFinding } from '../../src/rules/run-rules.ts';
import type { Finding, Place } from '../../src/types.ts';

export const placeAt = (path: string, line: number, endLine = line): Place => ({ path, line, column: 1, endLine, endColumn: 2 });

export const makeFinding = (over: Partial<RawFinding> = {}): RawFinding => ({
  rule: 'local-cache',
  category: 'state',
  level: 'warning',
  confidence: 'certain',
  service: 'web',
  messageId: 'm',
  data: {},
  text: 't',
  consequence: 'c',
  next: 'n',
  place: placeAt('a.js', 1),
  related: [],
  subject: 's',
  effort: 1,
  ...over,
});

export const makePrinted = (over: Partial<Finding> = {}): Finding => ({ ...makeFinding(over), fingerprint: '0'.repeat(32), ...over });
