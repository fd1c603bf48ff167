/** Expands `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` as a Dockerfile does (Dockerfile reference, "Environment replacement"). */
import type { Setting } from '../../facts.ts';
import type { Place } from '../../types.ts';

/** Names in reach. `undefined`: declared, but decided by the build. */
export type Scope = ReadonlyMap<string, string | undefined>;

const variable = /\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+])([^{}]*))?\})/g;

export interface Expansion {
  readonly text: string;
  /** Variables whose value is decided elsewhere; they stay as they are written. */
  readonly unknown: readonly string[];
}

/** Replaces what the scope knows. */
export function expand(text: string, scope: Scope): Expansion {
  const unknown: string[] = [];
  const result = text.replace(variable, (whole, plain?: string, braced?: string, operator?: string, word = '') => {
    const name = plain ?? braced;
    if (!name) return '$';
    const value = scope.get(name);
    if (operator?.endsWith('+')) return value ? word : scope.has(name) && value === undefined ? whole : '';
    if (value !== undefined && (value !== '' || operator !== ':-')) return value;
    if (operator) return String(word).includes('$') ? whole : word;
    unknown.push(name);
    return whole;
  });
  return { text: result, unknown };
}

/** The expanded text as a setting; unknown when a variable in it is. */
export function expandSetting(text: string, scope: Scope, place: Place): Setting<string> {
  const { text: value, unknown } = expand(text, scope);
  return unknown.length > 0
    ? { known: false, because: `${unknown[0]} is given by the build or the base image`, place }
    : { known: true, value, place };
}
