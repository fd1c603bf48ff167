/** Passwords and keys among the options of a command: `--requirepass kitten42`, `--db-password=kitten42`. */
import { judgeNamed } from './secret-literals.ts';
import { judgeValue, mask } from './secret-shapes.ts';
import { splitWords } from './shell-words.ts';

export interface SecretOption {
  readonly name: string;
  readonly what: 'password' | 'key' | 'token';
}

const passwords = /^--?(?:[\w.-]{0,60}[-_.])?(?:requirepass|masterauth|password|passwd|pass)$/i;
const others = /^--?(?:[\w.-]{0,60}[-_.])?(?:(api|access|secret|signing|encryption)[-_.]?key|(?:api|access|auth)[-_.]?token|token)$/i;
/** What a shell, a cluster or a chart fills in, and files that hold it. */
const isGiven = (value: string): boolean =>
  /[$`]|\{\{|^[<{/@]|^\.{1,2}\/|^(?:file|env|from|stdin|prompt)[-:]?/i.test(value) || value.startsWith('-');

function optionOf(name: string, value: string): SecretOption | undefined {
  if (value !== mask && isGiven(value)) return undefined;
  if (passwords.test(name)) {
    const isSecret = value === mask || (value.length > 3 && judgeValue('PASSWORD', value).shape === 'secret');
    return isSecret ? { name, what: 'password' } : undefined;
  }
  const kind = others.exec(name);
  if (!kind) return undefined;
  const what = kind[1] ? 'key' : 'token';
  return value === mask || judgeNamed(what === 'key' ? 'secret_key' : 'token', value) ? { name, what } : undefined;
}

/** Those of one command, however its words are written: each alone, or all in one text. */
export function secretOptions(command: readonly string[]): readonly SecretOption[] {
  const words = command.flatMap((word) => (/\s/.test(word.trim()) ? splitWords(word) : [word]));
  return words.flatMap((word, at) => {
    const [, joined, value] = /^(--?[\w.-]{1,80})=(.*)$/s.exec(word) ?? [];
    const found = joined === undefined ? optionOf(word, words[at + 1] ?? '-') : optionOf(joined, value!);
    return found ?? [];
  });
}
