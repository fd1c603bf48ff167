/** Finds, checks and merges configuration files. */
import { posix } from 'node:path';
import type { Platform } from '../facts.ts';
import { findNearest } from '../text/nearest.ts';
import { checkShape } from '../text/shape.ts';
import type { Confidence, Level, Place } from '../types.ts';
import { configShape, rootOnlyKeys } from './config-shape.ts';
import { type ParsedConfig, parseConfigText } from './parse-config.ts';

export type RuleSetting = 'off' | 'on' | Level;
/** One entry of `ignore`. */
export interface IgnoreEntry {
  readonly rules: readonly string[];
  readonly patterns: readonly string[];
  readonly reason: string;
  readonly until?: string;
  /** Folder that the patterns are relative to. */
  readonly base: string;
  readonly place: Place;
}
/** What one folder and everything below it is judged by. */
export interface FolderConfig {
  readonly base: string;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly ignore: readonly IgnoreEntry[];
  readonly exclude: readonly string[];
}
export interface Config extends FolderConfig {
  /** The file that was read; absent: none was found. */
  readonly path?: string;
  readonly failOn?: Level | 'never';
  readonly minSeverity?: Level;
  readonly minConfidence?: Confidence;
  readonly formats?: readonly string[];
  readonly targets?: readonly Platform[];
  /** Path of the baseline, from the root. */
  readonly baseline?: string;
  readonly maxWarnings?: number;
  readonly helm?: { readonly sets?: Readonly<Record<string, readonly string[]>> };
}
/** A mistake in a configuration file: exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** @param problems the mistakes that the message lists, where they have a place */
  constructor(
    message: string,
    readonly problems: readonly { readonly place: Place; readonly message: string }[] = [],
  ) {
    super(message);
  }
}

const fileNames = ['cloudworthy.yml', 'cloudworthy.yaml', 'cloudworthy.jsonc', 'cloudworthy.json'];
/** Where a folder's configuration may be, in this order. */
export const configPaths: readonly string[] = [...fileNames, ...fileNames.map((name) => `.config/${name}`)];
const maxExtends = 20;
const emptyConfig: Config = { base: '', rules: {}, ignore: [], exclude: [] };

/** Reads a file below the root; `undefined` when there is none. */
export type ReadText = (path: string) => string | undefined;
export interface ConfigContext {
  readonly read: ReadText;
  readonly ruleIds: readonly string[];
}

const asList = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;
const fail = (problems: readonly { readonly place: Place; readonly message: string }[]): never => {
  throw new ConfigError(problems.map(({ place, message }) => `${place.path}:${place.line}: ${message}`).join('\n'), problems);
};

interface RawConfig extends Omit<Config, 'ignore' | 'exclude' | 'base' | 'rules'> {
  readonly extends?: string | readonly string[];
  readonly rules?: Config['rules'];
  readonly exclude?: readonly string[];
  readonly ignore?: readonly { rules: string | string[]; paths: string | string[]; reason: string; until?: string }[];
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** Mistakes that the shape cannot tell. */
function checkMeaning(raw: RawConfig, parsed: ParsedConfig, ruleIds: readonly string[]): { place: Place; message: string }[] {
  const problems: { place: Place; message: string }[] = [];
  const checkId = (id: string, at: readonly (string | number)[]) => {
    if (id === '*' || ruleIds.includes(id)) return;
    const near = findNearest(id, ruleIds);
    problems.push({ place: parsed.place(at), message: `unknown rule "${id}"${near ? `; did you mean "${near}"?` : ''}` });
  };
  for (const id of Object.keys(raw.rules ?? {})) checkId(id, ['rules', id]);
  if (raw.maxWarnings !== undefined && !(Number.isInteger(raw.maxWarnings) && raw.maxWarnings >= 0))
    problems.push({ place: parsed.place(['maxWarnings']), message: 'maxWarnings: a whole number from 0 is expected' });
  raw.ignore?.forEach((entry, index) => {
    for (const id of asList(entry.rules)) checkId(id, ['ignore', index, 'rules']);
    if (entry.until !== undefined && !isDay(entry.until)) {
      problems.push({ place: parsed.place(['ignore', index, 'until']), message: `"${entry.until}" is not a day (YYYY-MM-DD)` });
    }
  });
  return problems;
}

function readOne(path: string, context: ConfigContext): { raw: RawConfig; parsed: ParsedConfig } {
  const text = context.read(path);
  if (text === undefined)
    return fail([{ place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 }, message: 'the file cannot be read' }]);
  const parsed = parseConfigText({ path, text });
  if (parsed.problems.length) fail(parsed.problems);
  const wrong = checkShape(configShape, parsed.data);
  if (wrong.length)
    fail(wrong.map(({ at, message }) => ({ place: parsed.place(at), message: at.length ? `${at.join('.')}: ${message}` : message })));
  const raw = parsed.data as RawConfig;
  const mistakes = checkMeaning(raw, parsed, context.ruleIds);
  if (mistakes.length) fail(mistakes);
  return { raw, parsed };
}

/** A file in `.config/` speaks for the folder around it. */
const baseOf = (path: string): string => {
  const folder = posix.dirname(path);
  const base = posix.basename(folder) === '.config' ? posix.dirname(folder) : folder;
  return base === '.' ? '' : base;
};

function resolveInside(folder: string, target: string, key: string, place: Place): string {
  const resolved = posix.normalize(posix.join(folder, target));
  if (target.startsWith('/') || target.includes('\\') || resolved.startsWith('..'))
    fail([{ place, message: `${key}: "${target}" leads out of the repository` }]);
  return resolved;
}

const merge = (below: Config, above: Config): Config => ({
  ...below,
  ...Object.fromEntries(Object.entries(above).filter(([, value]) => value !== undefined)),
  rules: { ...below.rules, ...above.rules },
  ignore: [...below.ignore, ...above.ignore],
  exclude: [...below.exclude, ...above.exclude],
  base: above.base,
});

function loadFile(path: string, base: string, context: ConfigContext, chain: readonly string[]): Config {
  const { raw, parsed } = readOne(path, context);
  let config: Config = { ...emptyConfig, base };
  asList(raw.extends).forEach((target, index) => {
    const place = parsed.place(['extends', index]);
    const extended = resolveInside(posix.dirname(path), target, 'extends', place);
    if (chain.includes(extended) || chain.length > maxExtends)
      fail([{ place, message: `extends: "${target}" leads back to a file that extends it` }]);
    config = merge(config, loadFile(extended, base, context, [...chain, extended]));
  });
  const { extends: _, rules = {}, ignore = [], exclude = [], ...settings } = raw;
  const entries = ignore.map((entry, index) => ({
    rules: asList(entry.rules),
    patterns: asList(entry.paths),
    reason: entry.reason,
    until: entry.until,
    base,
    place: parsed.place(['ignore', index]),
  }));
  const baseline =
    raw.baseline === undefined ? {} : { baseline: resolveInside(base, raw.baseline, 'baseline', parsed.place(['baseline'])) };
  return merge(config, { ...settings, ...baseline, path, base, rules, ignore: entries, exclude });
}

/** The configuration at the root, or the file that was asked for. Throws `ConfigError` with `file:line` of every mistake. */
export function loadConfig(context: ConfigContext, explicit?: string): Config {
  const path = explicit ?? configPaths.find((candidate) => context.read(candidate) !== undefined);
  return path === undefined ? emptyConfig : loadFile(path, explicit ? '' : baseOf(path), context, [path]);
}

/** Whether a file of this name is a configuration, in whatever folder. */
export const isConfigName = (path: string): boolean => fileNames.includes(posix.basename(path));

/** Configurations in folders below the root, outermost first; the nearest wins. */
export function loadNestedConfigs(context: ConfigContext, paths: readonly string[], used: string | undefined): readonly FolderConfig[] {
  const configs: FolderConfig[] = [];
  const errors: ConfigError[] = [];
  for (const path of paths.filter((one) => isConfigName(one) && baseOf(one) !== '' && one !== used).sort()) {
    try {
      configs.push(loadNestedConfig(path, context));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length) {
    throw new ConfigError(
      errors.map(({ message }) => message).join('\n'),
      errors.flatMap(({ problems }) => problems),
    );
  }
  return configs.sort((a, b) => a.base.length - b.base.length || (a.base < b.base ? -1 : 1));
}

function loadNestedConfig(path: string, context: ConfigContext): FolderConfig {
  const { raw, parsed } = readOne(path, context);
  const misplaced = rootOnlyKeys.filter((key) => raw[key] !== undefined);
  if (misplaced.length)
    fail(
      misplaced.map((key) => ({
        place: parsed.place([key]),
        message: `"${key}" holds for the whole run: set it in the file at the root`,
      })),
    );
  return loadFile(path, baseOf(path), context, [path]);
}

/** The setting of a rule for one path. */
export function settingFor(rule: string, path: string, root: Config, nested: readonly FolderConfig[]): RuleSetting {
  let setting = root.rules[rule] ?? 'on';
  for (const { base, rules } of nested) if (path.startsWith(`${base}/`)) setting = rules[rule] ?? setting;
  return setting;
}
