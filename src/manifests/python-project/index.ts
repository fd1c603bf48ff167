/** requirements.txt, pyproject.toml, Pipfile and setup files → `package` facts: a folder of Python source, and the commands that it publishes. */
import type { PackageManifest } from '../../facts.ts';
import { withoutScripts } from '../../text/package-without-scripts.ts';
import { LineMap } from '../../text/positions.ts';
import { readToml } from '../../text/toml-document.ts';
import { entriesOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import type { Adapter, AnyFact, Extraction, Place, SourceFile } from '../../types.ts';
import { readProjectRequirements, serverAmong } from './project-requirements.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

const packageFact = (path: string, namePlace: Place, name: string | undefined, bin: PackageManifest['bin']): AnyFact => ({
  kind: 'package',
  place: namePlace,
  confidence: 'certain',
  value: {
    ...(name === undefined ? {} : { name }),
    root: folderOf(path),
    ...withoutScripts,
    bin,
    ecosystem: 'python',
    namePlace,
  },
});

const maxRequirements = 2000;
/** Lines of a requirements.txt: `flask`, `django>=4,<5`; options, files and addresses are left out (pip, "Requirements File Format"). */
function readRequirements({ path, text }: SourceFile): PackageManifest['requirements'] {
  const lines = new LineMap(path, text);
  const open: { name: string; place: Place }[] = [];
  const names: string[] = [];
  let offset = 0;
  for (const row of text.split('\n').slice(0, maxRequirements)) {
    const match = /^[ \t]{0,20}([A-Za-z0-9][\w.-]{0,100})(?:\[[^\]]{0,200}\])?[ \t]{0,20}([^;#]{0,300})/.exec(row);
    if (match && !/^[ \t]*@|:\/\/|\.(?:whl|zip|tar\.gz)\b/.test(match[2]!) && !row.includes('://')) {
      names.push(match[1]!);
      if (!/===?/.test(match[2]!) || match[2]!.includes('*'))
        open.push({ name: match[1]!, place: lines.place(offset, offset + match[0].trimEnd().length) });
    }
    offset += row.length + 1;
  }
  return names.length === 0 ? undefined : { count: names.length, open, ...serverAmong(names) };
}

const firstLine = ({ path, text }: SourceFile): Place => new LineMap(path, text).place(0, Math.min(text.search(/\r?\n|$/), 200));

/** `shop.cli:main` is a function of the file `shop/cli.py`. */
const fileOf = (target: string): string =>
  `${target
    .replace(/[:[].*$/s, '')
    .trim()
    .replaceAll('.', '/')}.py`;

const withValue = (fact: AnyFact, requirements: NonNullable<PackageManifest['requirements']>): AnyFact =>
  fact.kind === 'package' ? { ...fact, value: { ...fact.value, requirements } } : fact;

function extractProject(file: SourceFile): Extraction {
  const { root, notAssessed } = readToml(file);
  const project = nodeAt(root, 'project') ?? nodeAt(root, 'tool', 'poetry');
  if (!project) return { facts: [], notAssessed };
  const name = nodeAt(project, 'name');
  const commands = entriesOf(nodeAt(project, 'scripts')).flatMap(({ key, value }) => {
    const target = textOf(value);
    return target === undefined ? [] : [[key, fileOf(target)] as const];
  });
  const requirements = readProjectRequirements(root);
  const fact = packageFact(file.path, name?.place ?? firstLine(file), textOf(name), Object.fromEntries(commands));
  return { facts: [requirements ? withValue(fact, requirements) : fact], notAssessed };
}

function withRequirements(file: SourceFile, fact: AnyFact): AnyFact {
  const requirements = baseName(file.path) === 'requirements.txt' ? readRequirements(file) : undefined;
  return requirements ? withValue(fact, requirements) : fact;
}

/** Files whose presence says that the folder holds a program or library; what they list is not needed. */
const plainFiles = new Set(['requirements.txt', 'Pipfile', 'setup.py', 'setup.cfg']);

export const pythonProjectAdapter: Adapter = {
  id: 'python-project',
  classify: (path) => baseName(path) === 'pyproject.toml' || plainFiles.has(baseName(path)),
  extract: (file) =>
    baseName(file.path) === 'pyproject.toml'
      ? extractProject(file)
      : { facts: [withRequirements(file, packageFact(file.path, firstLine(file), undefined, {}))], notAssessed: [] },
};
