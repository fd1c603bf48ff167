/**
 * Serves the module `virtual:rules`: every file under `rules/<category>/` as a list of rules.
 * The path is the registration, so that a rule exists in one place only. Used by esbuild (dist) and Vite (tests).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const rulesFolder = fileURLToPath(new URL('../rules', import.meta.url));
const moduleName = 'virtual:rules';

const folders = () => readdirSync(rulesFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** Every rule file with its category and id, by id. */
const listRuleFiles = () =>
  folders()
    .flatMap(({ name: category }) =>
      readdirSync(join(rulesFolder, category))
        .filter((file) => /\.(ts|yaml)$/.test(file))
        .map((file) => ({ category, id: basename(file, extname(file)), path: join(rulesFolder, category, file) })),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));

function renderModule() {
  const imports = [];
  const entries = listRuleFiles().map(({ category, id, path }, index) => {
    const head = `category: ${JSON.stringify(category)}, id: ${JSON.stringify(id)}`;
    if (path.endsWith('.yaml')) return `{ ${head}, yaml: ${JSON.stringify(parse(readFileSync(path, 'utf8')))} }`;
    imports.push(`import rule${index} from ${JSON.stringify(path)};`);
    return `{ ${head}, definition: rule${index} }`;
  });
  return `${imports.join('\n')}\nexport default [\n${entries.join(',\n')}\n];\n`;
}

export const esbuildRules = () => ({
  name: moduleName,
  setup(build) {
    build.onResolve({ filter: /^virtual:rules$/ }, () => ({ path: moduleName, namespace: moduleName }));
    build.onLoad({ filter: /.*/, namespace: moduleName }, () => ({ contents: renderModule(), loader: 'js', resolveDir: rulesFolder }));
  },
});

export const viteRules = () => ({
  name: moduleName,
  resolveId: (id) => (id === moduleName ? `\0${moduleName}` : undefined),
  load: (id) => (id === `\0${moduleName}` ? renderModule() : undefined),
});
