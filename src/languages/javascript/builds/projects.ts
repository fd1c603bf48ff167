import { posix } from 'node:path';
import { parse as parseJsonc } from 'jsonc-parser';
import type { FileAccess } from '../../language.ts';
import { type Build, stem } from './config-builds.ts';

type Settings = Readonly<Record<string, unknown>>;

const isSettings = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);
const textAt = (value: unknown, key: string): string | undefined =>
  isSettings(value) && typeof value[key] === 'string' ? value[key] : undefined;

function readSettings(path: string, files: FileAccess): Settings {
  const text = files.has(path) ? files.text(path) : undefined;
  const parsed: unknown = text === undefined ? undefined : parseJsonc(text, [], { allowTrailingComma: true });
  return isSettings(parsed) ? parsed : {};
}

/** What the command line of Nest builds and starts, by `nest-cli.json` (Nest docs, "Monorepo mode"). */
export function nestBuilds(root: string, files: FileAccess): readonly Build[] {
  const name = ['nest-cli.json', '.nestcli.json'].map((file) => posix.join(root, file)).find((path) => files.has(path));
  if (name === undefined) return [];
  const settings = readSettings(name, files);
  const projects = isSettings(settings.projects) ? Object.entries(settings.projects) : [];
  const one = (sourceRoot: string, entryFile: string, outputs: readonly string[]): readonly Build[] =>
    outputs.map((output) => ({
      tool: 'nest',
      output: posix.join(root, output),
      sources: [posix.join(root, sourceRoot, stem(entryFile))],
    }));
  const sourceRoot = textAt(settings, 'sourceRoot') ?? 'src';
  const entryFile = textAt(settings, 'entryFile') ?? 'main';
  return [
    ...projects.flatMap(([project, value]) => {
      const folder = textAt(value, 'root') ?? `apps/${project}`;
      const own = textAt(value, 'entryFile') ?? 'main';
      return one(textAt(value, 'sourceRoot') ?? `${folder}/src`, own, [
        `dist/${folder}/${own}`,
        `dist/${folder}/src/${own}`,
        `apps/${project}/src/main`,
      ]);
    }),
    ...one(sourceRoot, entryFile, ['src/main', `dist/${entryFile}`, 'dist/main']),
  ];
}

/** What the executors of Nx write, by the `project.json` files of a workspace (Nx docs, executors `webpack`, `esbuild`, `tsc`, `swc`). */
export function nxBuilds(files: FileAccess): readonly Build[] {
  if (!files.has('nx.json') && !files.has('workspace.json')) return [];
  return files
    .under('')
    .filter((path) => path.endsWith('/project.json'))
    .flatMap((path) => projectBuilds(path, readSettings(path, files)));
}

function projectBuilds(path: string, project: Settings): readonly Build[] {
  const folder = posix.dirname(path);
  const targets = isSettings(project.targets) ? project.targets : isSettings(project.architect) ? project.architect : {};
  return Object.values(targets).flatMap((target) => {
    const options = isSettings(target) && isSettings(target.options) ? target.options : {};
    const place = (key: string): string | undefined =>
      textAt(options, key)
        ?.replace(/\{projectRoot\}|\{options\.cwd\}/g, folder)
        .replace(/\{workspaceRoot\}\/?/g, '');
    const [main, output] = [place('main'), place('outputPath')];
    const executor = textAt(target, 'executor') ?? textAt(target, 'builder') ?? '';
    return main === undefined || output === undefined
      ? []
      : executorBuilds(executor, main, output, folder, textAt(options, 'outputFileName'));
  });
}

function executorBuilds(executor: string, main: string, output: string, folder: string, fileName: string | undefined): readonly Build[] {
  const tool = 'nx';
  if (/:(?:tsc|swc|package)$/.test(executor)) return [{ tool, output, sources: [folder], folder: true }];
  const name = stem(fileName ?? (/webpack|rspack|:build$/.test(executor) ? 'main' : posix.basename(main)));
  return [{ tool, output: posix.join(output, name), sources: [stem(main)] }];
}
