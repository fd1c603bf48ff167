/** A formatter of ESLint: numbers only, so that printing costs nothing. */
import { threw } from './survive-throws.mjs';

export default (results) => {
  const messages = results.flatMap((result) => result.messages);
  const failed = messages.filter(({ message }) => message.startsWith(threw));
  const rules = [...new Set(failed.map(({ ruleId }) => ruleId))].sort();
  return [
    `${results.length} files, ${messages.length - failed.length} messages`,
    `${results.filter(({ fatalErrorCount }) => fatalErrorCount).length} files not parsed`,
    `${failed.length} times a rule threw, counted instead of ending the run${rules.length ? ` (${rules.join(', ')})` : ''}`,
  ].join(', ');
};
