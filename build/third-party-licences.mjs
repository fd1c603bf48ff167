/** The licences of everything that esbuild put into the bundle, as their authors ask for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the package that a bundled file belongs to; `undefined` for our own. */
const packageFolder = (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

function renderLicence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry) && !/apache/i.test(entry));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Its package holds no licence text; it names ${license}.`;
  return `${name} ${version} (${license})\n\n${text}`;
}

/** @param metafile of esbuild */
export function renderLicences(metafile) {
  const folders = new Set(Object.keys(metafile.inputs).map(packageFolder));
  const listed = [...folders].filter((folder) => folder && existsSync(join(folder, 'package.json'))).sort();
  return `cloudworthy is bundled with these packages.\n\n${listed.map(renderLicence).join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
