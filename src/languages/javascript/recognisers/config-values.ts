/** Texts that a value may come to, with where each is written, when it holds, and which variable it stands in for. */
import type { Condition, Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import { originOf } from '../call-sites.ts';

export interface Leaf {
  readonly text: string;
  readonly place: Place;
  readonly when: readonly Condition[];
  /** The variable whose fallback it is. */
  readonly env?: string;
  /** More follows that is only known when the code runs. */
  readonly partial: boolean;
  /** Another value, that could not be read, may take its place. */
  readonly replaceable: boolean;
}
interface Setting {
  readonly when: readonly Condition[];
  readonly env?: string;
  readonly replaceable: boolean;
}

const maximumDepth = 8;
const wrappers = /(?:^|\.)(?:Buffer\.from|format|encode|createSecretKey|URL|String|freeze)$/;

export function leavesOf(value: Value | undefined): readonly Leaf[] {
  return value ? collect(value, { when: [], replaceable: false }, 0) : [];
}

function collect(value: Value, setting: Setting, depth: number): readonly Leaf[] {
  if (depth > maximumDepth) return [];
  switch (value.is) {
    case 'literal':
      return typeof value.value === 'string' ? [{ text: value.value, place: value.place, partial: false, ...setting }] : [];
    case 'env':
      return value.fallback ? collect(value.fallback, { ...setting, env: value.name }, depth + 1) : [];
    case 'choice': {
      const open = value.options.some((option) => !isKnown(option.value));
      return value.options.flatMap((option) =>
        collect(
          option.value,
          {
            ...setting,
            when: [...setting.when, ...(option.when ?? [])],
            replaceable: setting.replaceable || open || (option.when ?? []).some(({ test }) => test === 'unset'),
          },
          depth + 1,
        ),
      );
    }
    case 'list':
      return value.items.flatMap((item) => collect(item, setting, depth + 1));
    case 'text':
      return textLeaf(value, setting);
    case 'made':
      return wrappers.test(originOf(value.callee)?.path ?? nameOf(value.callee)) && value.args[0]
        ? collect(value.args[0], setting, depth + 1)
        : [];
    default:
      return [];
  }
}

const nameOf = (callee: Value): string => (callee.is === 'member' ? callee.name : '');
const isKnown = (value: Value): boolean => value.is === 'literal' || value.is === 'object' || value.is === 'list';

/** The literal beginning of a text; a variable with a fallback ends it, for it can replace what follows. */
function textLeaf(value: Value & { is: 'text' }, setting: Setting): readonly Leaf[] {
  let text = '';
  for (const part of value.parts) {
    if (part.is !== 'literal') break;
    text += String(part.value ?? '');
  }
  const [first] = value.parts;
  // An address that comes from another place is written there.
  const place = first?.is === 'literal' && String(first.value).includes('://') ? first.place : value.place;
  return text ? [{ text, place, partial: true, ...setting }] : [];
}

/** Values of the options with a fitting name, at any depth that libraries use. */
export function optionsNamed(
  value: Value | undefined,
  names: RegExp,
  depth = 0,
): readonly { readonly name: string; readonly value: Value }[] {
  if (!value || depth > 4) return [];
  if (value.is === 'choice') return value.options.flatMap((option) => optionsNamed(option.value, names, depth + 1));
  if (value.is === 'list') return value.items.slice(0, 20).flatMap((item) => optionsNamed(item, names, depth + 1));
  if (value.is !== 'object') return [];
  return Object.entries(value.properties).flatMap(([name, inner]) =>
    names.test(name) ? [{ name, value: inner }] : optionsNamed(inner, names, depth + 1),
  );
}

const developments = new Set(['development', 'dev', 'test', 'testing', 'local', 'ci', 'e2e']);
const environmentNames = /^(?:NODE_ENV|APP_ENV|ENVIRONMENT|ENV|STAGE|NODE_CONFIG_ENV|DEPLOY_ENV|APP_ENVIRONMENT)$/;
/** True when conditions say that the code never runs in production. */
export const isDevelopmentOnly = (when: readonly Condition[]): boolean =>
  when.some(
    ({ env, test, value }) =>
      environmentNames.test(env) &&
      ((test === 'equals' && developments.has((value ?? '').toLowerCase())) ||
        (test === 'differs' && /^prod(?:uction)?$/i.test(value ?? '')) ||
        test === 'unset'),
  );

/** Files that only a development or test environment loads, by the convention of config folders. */
export const isDevelopmentFile = (path: string): boolean =>
  /(?:^|\/)(?:config|configs|configuration|settings|env|envs|environments)\/(?:[\w-]+\/)?(?:[\w-]+\.)?(?:dev|development|test|testing|local|ci|e2e)\.[\w.]+$/i.test(
    path,
  ) || /(?:^|\/)[\w-]+[.-](?:dev|development|local|test)\.[cm]?[jt]s(?:on)?$/i.test(path);
