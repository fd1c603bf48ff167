/** The import laws of ARCHITECTURE.md, checked on the imports that the sources really hold. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import rules from 'virtual:rules';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

interface Source {
  readonly path: string;
  readonly text: string;
}
const listSources = (folder: string): Source[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.m?ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Imports, re-exports and dynamic imports; relative ones as paths from the root. */
function importsOf({ path, text }: Source): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => (fileName.startsWith('.') ? posix.normalize(posix.join(dirname(path), fileName)) : fileName));
}

interface Law {
  readonly name: string;
  readonly holdsFor: (path: string) => boolean;
  readonly forbids: (imported: string, path: string) => boolean;
}
const within = (path: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
const isLocal = (imported: string): boolean => imported.startsWith('src/') || imported.startsWith('rules/');
const unit = (path: string): string => path.split('/').slice(0, 3).join('/');
const diskModules = new Set([
  'fs',
  'fs/promises',
  'child_process',
  'worker_threads',
  'net',
  'http',
  'https',
  'dgram',
  'tls',
  'write-file-atomic',
  'fast-glob',
]);
const faces = (path: string): boolean => path === 'src/cli.ts' || within(path, 'src/commands', 'src/lsp', 'src/action');

const laws: readonly Law[] = [
  {
    name: 'rules import only types, facts and text',
    holdsFor: (path) => within(path, 'rules'),
    forbids: (imported) => !within(imported, 'src/types.ts', 'src/facts.ts', 'src/text'),
  },
  {
    name: 'adapters and languages import neither each other nor anything after them',
    holdsFor: (path) => /^src\/(?:manifests|languages)\/[^/]+\//.test(path),
    forbids: (imported, path) =>
      (/^src\/(?:manifests|languages)\/[^/]+\//.test(imported) && unit(imported) !== unit(path)) ||
      within(
        imported,
        'src/model',
        'src/rules',
        'src/findings',
        'src/reporters',
        'src/extract',
        'src/files',
        'src/config',
        'src/commands',
        'src/session.ts',
        'src/opening.ts',
        'rules',
      ) ||
      within(imported, 'src/manifests/index.ts', 'src/languages/index.ts'),
  },
  {
    name: 'the model knows no adapter, rule or face',
    holdsFor: (path) => within(path, 'src/model'),
    forbids: (imported) =>
      isLocal(imported) &&
      !within(imported, 'src/model', 'src/steps.ts', 'src/types.ts', 'src/facts.ts', 'src/text', 'src/languages/language.ts'),
  },
  {
    name: 'only files/host touches the disk, the network or starts a process',
    holdsFor: (path) => !within(path, 'src/files/host'),
    forbids: (imported) => diskModules.has(imported.replace(/^node:/, '')),
  },
  {
    name: 'reporters and reports import only types, facts, text and each other',
    holdsFor: (path) => within(path, 'src/reporters', 'src/reports'),
    forbids: (imported) =>
      isLocal(imported) &&
      !within(
        imported,
        'src/reporters',
        'src/reports',
        'src/assessment/types.ts',
        'src/portfolio/types.ts',
        'src/locales',
        'src/types.ts',
        'src/facts.ts',
        'src/text',
      ),
  },
  {
    name: 'a portfolio is made of results, assessments and a list',
    holdsFor: (path) => within(path, 'src/portfolio'),
    forbids: (imported) =>
      isLocal(imported) &&
      !within(
        imported,
        'src/portfolio',
        'src/assessment/types.ts',
        'src/config/parse-config.ts',
        'src/types.ts',
        'src/facts.ts',
        'src/text',
      ),
  },
  {
    name: 'the assessment knows nothing but a result',
    holdsFor: (path) => within(path, 'src/assessment'),
    forbids: (imported) =>
      isLocal(imported) && !within(imported, 'src/assessment', 'src/findings/match-known.ts', 'src/types.ts', 'src/facts.ts', 'src/text'),
  },
  {
    name: 'fixes import only types, facts, text and the parser of scripts',
    holdsFor: (path) => within(path, 'src/fixes'),
    forbids: (imported) =>
      isLocal(imported) &&
      !within(
        imported,
        'src/fixes',
        'src/types.ts',
        'src/facts.ts',
        'src/text',
        'src/languages/language.ts',
        'src/languages/javascript/parse.ts',
        'src/languages/javascript/visitor-keys.ts',
      ),
  },
  {
    name: 'faces import the session, the assessment, portfolios, configuration, locales, reporters, reports, text and the disk, and nothing below',
    holdsFor: faces,
    forbids: (imported, path) =>
      isLocal(imported) &&
      !within(
        imported,
        'src/session.ts',
        'src/opening.ts',
        'src/repeat.ts',
        'src/workspace.ts',
        'src/steps.ts',
        'src/assessment/index.ts',
        'src/assessment/types.ts',
        'src/portfolio',
        'src/config',
        'src/locales',
      ) &&
      !within(imported, 'src/reporters', 'src/reports', 'src/types.ts', 'src/facts.ts', 'src/text', 'src/files/host') &&
      !within(imported, path === 'src/cli.ts' ? 'src/commands' : dirname(path)) &&
      !(path === 'src/commands/program.ts' && imported === 'src/lsp/index.ts'),
  },
  {
    name: 'text knows nothing but types and facts',
    holdsFor: (path) => within(path, 'src/text'),
    forbids: (imported) => isLocal(imported) && !within(imported, 'src/text', 'src/types.ts', 'src/facts.ts'),
  },
  {
    name: 'locales know nothing but what is said in English',
    holdsFor: (path) => within(path, 'src/locales'),
    forbids: (imported) =>
      isLocal(imported) &&
      !within(
        imported,
        'src/locales',
        'src/assessment/phrases.ts',
        'src/findings/evidence-messages.ts',
        'src/findings/addition-messages.ts',
        'src/reports/html/strings.ts',
        'src/reports/report.ts',
        'src/reporters/terms.ts',
        'src/types.ts',
        'src/text',
      ),
  },
  {
    name: 'nothing imports a face',
    holdsFor: (path) => !faces(path),
    forbids: (imported) => faces(imported),
  },
];

const breaches = (source: Source): string[] =>
  laws
    .filter(({ holdsFor }) => holdsFor(source.path))
    .flatMap(({ name, forbids }) =>
      importsOf(source)
        .filter((imported) => forbids(imported, source.path))
        .map((imported) => `${source.path} imports ${imported}: ${name}`),
    );

const sources = [...listSources('src'), ...listSources('rules')];

describe('import laws', () => {
  it('hold for every source', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(breaches)).toEqual([]);
  });

  it.each([
    ['rules/state/x.ts', "import { x } from '../../src/model/index.ts';"],
    ['rules/state/x.ts', "import { readFileSync } from 'node:fs';"],
    ['src/manifests/compose/x.ts', "import { y } from '../kubernetes/adapter.ts';"],
    ['src/languages/javascript/x.ts', "export { y } from '../../manifests/dotenv/index.ts';"],
    ['src/languages/javascript/recognisers/x.ts', "const y = await import('../../../model/index.ts');"],
    ['src/model/x.ts', "import type { Rule } from '../rules/load-rules.ts';"],
    ['src/findings/x.ts', "import { spawn } from 'child_process';"],
    ['src/reporters/x.ts', "import { analyse } from '../session.ts';"],
    ['src/reports/x.ts', "import { assess } from '../assessment/index.ts';"],
    ['src/assessment/x.ts', "import { listRules } from '../rules/load-rules.ts';"],
    ['src/commands/x.ts', "import { buildRepository } from '../model/index.ts';"],
    ['src/text/x.ts', "import { y } from '../findings/finish.ts';"],
    ['src/session.ts', "import { check } from './commands/check.ts';"],
  ])('notice that %s breaks one with %s', (path, text) => {
    expect(breaches({ path, text })).not.toEqual([]);
  });
});

/** Without comments and plain texts: fixes write code that prints. */
const withoutTexts = (text: string): string => text.replace(/^\s*\*.*$/gm, '').replace(/'[^'\n]*'/g, "''");
const prints = /\bconsole\.\w+\(|process\.(?:stdout|stderr)\b/;

/** A global or sticky expression remembers where it stopped: after `test` even `matchAll` starts there, unless the place is set. */
const remembering = (text: string): readonly string[] =>
  [...text.matchAll(/\bconst (\w+) =\s*\/.*\/[a-z]*[gy][a-z]*;/g)]
    .map(([, name]) => name!)
    .filter((name) => text.includes(`${name}.test(`) && !text.includes(`${name}.lastIndex = `));

describe('sources', () => {
  it('never test with an expression that remembers', () => {
    expect(sources.flatMap(({ path, text }) => remembering(text).map((name) => `${path} ${name}`))).toEqual([]);
    expect(remembering('const word = /a/g;\nword.test(text)')).toEqual(['word']);
  });
  it('print only in the command line', () => {
    expect(sources.filter(({ path, text }) => !faces(path) && prints.test(withoutTexts(text))).map(({ path }) => path)).toEqual([]);
  });
  it('keep to 400 lines a file, but for translations, which are lists', () => {
    expect(
      sources.filter(({ path, text }) => !path.startsWith('src/locales/ko/') && text.split('\n').length > 401).map(({ path }) => path),
    ).toEqual([]);
  });
  it('have kebab-case names', () => {
    expect(sources.filter(({ path }) => !/^[a-z0-9/-]+(?:\.d)?\.ts$/.test(path)).map(({ path }) => path)).toEqual([]);
  });
  it('hold no unfinished work', () => {
    expect(sources.filter(({ text }) => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('rules', () => {
  it.each(rules.map(({ id }) => id))('%s has bad and good fixtures', (id) => {
    const folder = join(root, 'fixtures/rules', id);
    const cases = existsSync(folder) ? readdirSync(folder) : [];
    expect(cases.some((name) => name.startsWith('bad-'))).toBe(true);
    expect(cases.some((name) => name.startsWith('good-'))).toBe(true);
  });
  it('have no fixtures without a rule', () => {
    const ids = new Set(rules.map(({ id }) => id));
    expect(readdirSync(join(root, 'fixtures/rules')).filter((id) => !ids.has(id))).toEqual([]);
  });
});
