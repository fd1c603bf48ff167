/** Writes the JSON Schemas that follow from the validators, and those of reports: `node build/schemas.mjs`. A test tells when they are out of date. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'cloudworthy-schemas-'));
const outfile = join(folder, 'shapes.mjs');
try {
  await build({
    stdin: {
      contents:
        "export * from './src/config/config-shape.ts'; export * from './src/rules/yaml-schema.ts'; export * from './src/reports/report-schemas.ts';",
      resolveDir: join(import.meta.dirname, '..'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
  });
  const { makeConfigSchema, makeRuleSchema, makePortfolioSchema, makeReportSchema } = await import(pathToFileURL(outfile).href);
  const write = (name, schema) => writeFileSync(join(import.meta.dirname, '../schemas', name), `${JSON.stringify(schema, null, 2)}\n`);
  write('config.schema.json', makeConfigSchema());
  write('rule.schema.json', makeRuleSchema());
  write(
    'report.schema.json',
    makeReportSchema(JSON.parse(readFileSync(join(import.meta.dirname, '../schemas/result.schema.json'), 'utf8'))),
  );
  write('portfolio.schema.json', makePortfolioSchema());
} finally {
  rmSync(folder, { recursive: true });
}
