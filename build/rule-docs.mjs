/** Writes docs/rules.md from the rules: `npm run docs`. With `--check` it writes nothing and exits 1 when the page is out of date. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { esbuildRules } from './rules-plugin.mjs';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/rules.md');

async function loadRules() {
  const folder = mkdtempSync(join(tmpdir(), 'cloudworthy-docs-'));
  const outfile = join(folder, 'rules.mjs');
  try {
    await build({
      stdin: {
        contents: "export { loadRules } from './src/rules/load-rules.ts'; export { nameFactor } from './src/commands/explain.ts';",
        resolveDir: root,
        loader: 'ts',
      },
      bundle: true,
      mainFields: ['module', 'main'],
      platform: 'node',
      format: 'esm',
      // ts-morph and its kind stay outside of the bundle; nothing here asks for them.
      external: ['ts-morph'],
      banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
      define: { __VERSION__: '"0.0.0"' },
      outfile,
      plugins: [esbuildRules()],
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const linkTo = (id) => `[\`${id}\`](#${id})`;

/** A fence that its content cannot close. */
function fence(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}\n${text.trimEnd()}\n${mark}`;
}

const renderTable = (rules) =>
  [
    '| rule | finds | level | effort |',
    '| --- | --- | --- | ---: |',
    ...rules.map(({ id, summary, level, effort }) => `| ${linkTo(id)} | ${cell(summary)} | ${level} | ${effort} |`),
  ].join('\n');

function renderRule({ id, category, summary, level, effort, factors, docs }, nameFactor) {
  const facts = [
    category,
    `base level ${level}`,
    `effort ${effort}`,
    ...(factors.length ? [`factor ${factors.map(nameFactor).join(', ')}`] : []),
  ];
  return [
    `### ${id}`,
    `${summary[0].toUpperCase()}${summary.slice(1)}. _${facts.join(' · ')}_`,
    docs.what,
    `**Why.** ${docs.why}`,
    `**What to do.** ${docs.how}`,
    'Bad:',
    fence(docs.bad),
    'Good:',
    fence(docs.good),
    ...(docs.references.length ? [`Read more: ${docs.references.map((address) => `<${address}>`).join(', ')}`] : []),
  ].join('\n\n');
}

function renderPage(rules, nameFactor) {
  const categories = [...new Set(rules.map(({ category }) => category))].sort();
  const sections = categories.flatMap((category) => {
    const own = rules.filter((rule) => rule.category === category);
    return [`## ${category}`, renderTable(own), ...own.map((rule) => renderRule(rule, nameFactor))];
  });
  const intro = [
    '# Rules',
    '<!-- Made by `npm run docs` from the rules themselves. -->',
    `${rules.length} rules. A level is a base: many rules say less where only one copy runs, and more where several do. ` +
      'Effort is in story points, counted once for each root cause. `cloudworthy explain RULE` shows the same text in a terminal.',
  ];
  return `${[...intro, ...sections].join('\n\n')}\n`;
}

const { loadRules: listRules, nameFactor } = await loadRules();
const text = renderPage(listRules(), nameFactor);
if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (readFileSync(page, 'utf8') !== text) {
  console.error('docs/rules.md is out of date: run "npm run docs".');
  process.exitCode = 1;
}
