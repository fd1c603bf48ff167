import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeConfigSchema } from '../src/config/config-shape.ts';
import { type ConfigContext, ConfigError, loadConfig, loadNestedConfigs, settingFor } from '../src/config/load-config.ts';

const context = (files: Readonly<Record<string, string>>): ConfigContext => ({
  read: (path) => files[path],
  ruleIds: ['session-in-memory', 'local-cache', 'metrics-missing'],
});
const mistake = (files: Readonly<Record<string, string>>): string => {
  try {
    loadConfig(context(files));
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  return 'none';
};

describe('configuration', () => {
  it('is found at the root or in .config, as YAML or JSON with comments', () => {
    expect(loadConfig(context({})).path).toBeUndefined();
    expect(loadConfig(context({ 'cloudworthy.yml': 'failOn: warning' })).failOn).toBe('warning');
    expect(loadConfig(context({ '.config/cloudworthy.jsonc': '{ /* why */ "failOn": "never", }' })).failOn).toBe('never');
    expect(loadConfig(context({ 'cloudworthy.yaml': '# nothing\n' })).rules).toEqual({});
  });

  it.each([
    ['failOn: warn', 'cloudworthy.yml:1: failOn: one of error, warning, note, never is expected'],
    ['# c\nfailon: error', 'cloudworthy.yml:2: failon: unknown key "failon"; did you mean "failOn"?'],
    ['rules:\n  local-cache: off\n  local-cash: off', 'cloudworthy.yml:3: unknown rule "local-cash"; did you mean "local-cache"?'],
    ['rules:\n  local-cache: loud', 'cloudworthy.yml:2: rules.local-cache: one of off, on, error, warning, note is expected'],
    ['ignore:\n  - rules: local-cache\n    paths: a', 'cloudworthy.yml:2: ignore.0: "reason" is missing'],
    [
      'ignore:\n  - rules: local-cache\n    paths: a\n    reason: r\n    until: soon',
      'cloudworthy.yml:5: "soon" is not a day (YYYY-MM-DD)',
    ],
    ['failOn: error\nmaxWarnings: -1', 'cloudworthy.yml:2: maxWarnings: a whole number from 0 is expected'],
    ['helm:\n  sets:\n    prod: values.yaml', /^cloudworthy\.yml:3: helm\.sets\.prod: /],
    ['baseline: /etc/known.json', 'cloudworthy.yml:1: baseline: "/etc/known.json" leads out of the repository'],
    ['a: [', /^cloudworthy\.yml:1: /],
    ['failOn: error\nfailOn: note', /^cloudworthy\.yml:2: /],
    [
      'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      /too many aliases|unknown key/,
    ],
    ['- a list', 'cloudworthy.yml:1: a mapping is expected'],
  ])('names file and line of a mistake: %j', (text, message) => {
    expect(mistake({ 'cloudworthy.yml': text })).toMatch(message);
  });
  it('names the line in JSON, too', () => {
    expect(mistake({ 'cloudworthy.json': '{\n  "rules": {\n    "local-cache": "loud"\n  }\n}' })).toMatch(/^cloudworthy\.json:3: /);
    expect(mistake({ 'cloudworthy.json': '{\n  "rules": \n}' })).toMatch(/^cloudworthy\.json:3: /);
  });

  it('builds on others inside the repository', () => {
    const config = loadConfig(
      context({
        'cloudworthy.yml': 'extends: ./shared/base.yml\nrules: { local-cache: error }',
        'shared/base.yml': 'extends: [more.yml]\nfailOn: note\nrules: { local-cache: off, metrics-missing: off }',
        'shared/more.yml': 'minSeverity: warning\nfailOn: never',
      }),
    );
    expect(config).toMatchObject({ failOn: 'note', minSeverity: 'warning', rules: { 'local-cache': 'error', 'metrics-missing': 'off' } });
  });
  it.each([
    ['../outside.yml', 'leads out of the repository'],
    ['/etc/passwd', 'leads out of the repository'],
    ['a/../../x.yml', 'leads out of the repository'],
    ['cloudworthy.yml', 'leads back'],
    ['missing.yml', 'missing.yml:1: the file cannot be read'],
  ])('refuses to extend %s', (target, message) => {
    expect(mistake({ 'cloudworthy.yml': `extends: ${target}` })).toContain(message);
  });

  it('is wrong in several folders at once: each is named', () => {
    const files = { 'b/cloudworthy.yml': 'x: 1', 'a/cloudworthy.yml': 'failOn: note' };
    const load = () => loadNestedConfigs(context(files), Object.keys(files), undefined);
    expect(load).toThrow(/a\/cloudworthy\.yml:1[^\n]*\nb\/cloudworthy\.yml:1/);
  });
  it('with a map as a key is wrong, and prints nothing by itself', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    expect(mistake({ 'cloudworthy.yml': 'rules: { [session-in-memory]: note }' })).toContain('cloudworthy.yml:1');
    expect(warn).not.toHaveBeenCalled();
  });
  it('of a folder wins below it, and sets nothing for the whole run', () => {
    const files = {
      'cloudworthy.yml': 'rules: { local-cache: error }',
      'services/api/cloudworthy.yml': 'rules: { local-cache: off }',
      'services/.config/cloudworthy.json': '{ "rules": { "local-cache": "note", "metrics-missing": "error" } }',
    };
    const root = loadConfig(context(files));
    const nested = loadNestedConfigs(context(files), Object.keys(files), root.path);
    const setting = (path: string) => settingFor('local-cache', path, root, nested);
    expect(['a.js', 'services/a.js', 'services/api/a.js', 'services/api2/a.js'].map(setting)).toEqual(['error', 'note', 'off', 'note']);
    expect(settingFor('metrics-missing', 'services/api/a.js', root, nested)).toBe('error');
    expect(() => loadNestedConfigs(context({ 'a/cloudworthy.yml': 'failOn: note' }), ['a/cloudworthy.yml'], undefined)).toThrow(
      'a/cloudworthy.yml:1: "failOn" holds for the whole run',
    );
  });
});

describe('schema', () => {
  const shipped = JSON.parse(readFileSync(join(import.meta.dirname, '../schemas/config.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false }).compile(shipped);

  it('is what the validator checks', () => {
    expect(shipped).toEqual(makeConfigSchema());
  });
  it.each([
    [{ failOn: 'error', rules: { 'local-cache': 'off' }, extends: ['a.yml'], formats: ['sarif=x'], targets: ['compose'] }],
    [{ ignore: [{ rules: '*', paths: ['a'], reason: 'r', until: '2027-01-01' }] }],
    [{ failOn: 'bad' }],
    [{ other: 1 }],
    [{ ignore: [{ rules: 'x' }] }],
    [{ rules: [] }],
    [{ targets: [] }],
  ])('agrees with it on %j', (data) => {
    const files = { 'cloudworthy.json': JSON.stringify(data), 'a.yml': '' };
    expect(validate(data)).toBe(mistake(files) === 'none');
  });
});
