import type { Finding, Level, Reporter, Result } from '../types.ts';
import { countLevels, sortBySeverity } from './order.ts';
import { countOf, cutText, makeVisible } from './visible-text.ts';

const marks: Readonly<Record<Level, string>> = { error: 'E', warning: 'W', note: 'N' };
const relatedLimit = 3;
const textLimit = 400;

/** For coding agents: a head with the answers, then a line a finding with both places and the next step; few tokens, no markup. */
export const agent: Reporter = {
  id: 'agent',
  render: (result) => [...describeHead(result), ...sortBySeverity(result.findings).map(printLine)].map((line) => `${line}\n`).join(''),
};

function describeHead({ findings, services, notAssessed }: Result): readonly string[] {
  const { error, warning, note } = countLevels(findings);
  const counts = [countOf(error, 'error'), countOf(warning, 'warning'), countOf(note, 'note'), `${notAssessed.length} not assessed`];
  const answers = services.map(({ name, verdict }) => `${printName(name)}=${verdict}`);
  return [`# ${counts.join(', ')}${answers.length ? `; ${answers.join(', ')}` : ''}`];
}

const printName = (text: string): string => cutText(makeVisible(text), textLimit);

function printLine({ level, rule, place, related, text, next }: Finding): string {
  const places = related.slice(0, relatedLimit).map((entry) => `${printName(entry.place.path)}:${entry.place.line}`);
  const rest = related.length > relatedLimit ? ` +${related.length - relatedLimit}` : '';
  const also = places.length ? ` <- ${places.join(' ')}${rest}` : '';
  return `${marks[level]} ${rule} ${printName(place.path)}:${place.line}${also} | ${printName(text)} | ${printName(next)}`;
}
