/** Which branches of a script run with the variables that are known: `if [ "$MIGRATE" = "true" ]; then … fi`. */
import type { Condition, ScriptCommand } from '../../facts.ts';
import { findEnding } from './script-lines.ts';

type Known = ReadonlyMap<string, string>;

/** Which environment it is nobody has to say: production is judged, whatever a script takes for usual. */
const isEnvironmentName = (name: string): boolean => /(?:^|_)(?:ENV|ENVIRONMENT|STAGE|PROFILE|MODE)$/i.test(name);
/** Words that switch something on. */
const switches = /^(?:true|1|yes|y|on|enabled?)$/i;

const compare = ({ test, value = '' }: Condition, actual: string): boolean =>
  test === 'set' || test === 'unset' ? (actual !== '') === (test === 'set') : (actual === value) === (test === 'equals');

/** Another branch runs, by what is given. */
const isExcluded = (condition: Condition, known: Known): boolean => {
  const given = known.get(condition.env);
  return given !== undefined && !compare(condition, given || (condition.otherwise?.value ?? given));
};

/** Another branch runs as long as nobody says otherwise: what has to be switched on is off. */
function isLeftOff(condition: Condition, known: Known): boolean {
  const { env, test, value = '', otherwise } = condition;
  if (known.has(env) || isEnvironmentName(env)) return false;
  return otherwise?.value === undefined ? test === 'equals' && switches.test(value) : !compare(condition, otherwise.value);
}

/** The commands that may run, in order; what keeps the container running is among them. Adds the variables that their branches ask for. */
export function commandsInBranches(commands: readonly ScriptCommand[], known: Known, asks: Set<string>): readonly ScriptCommand[] {
  for (const { when = [] } of commands) for (const { env } of when) asks.add(env);
  const possible = commands.filter(({ when }) => !when?.some((condition) => isExcluded(condition, known)));
  const { last } = findEnding(possible);
  return possible.filter(({ when }, index) => index === last || !when?.some((condition) => isLeftOff(condition, known)));
}
