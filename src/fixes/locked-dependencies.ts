/** The lock file reaches the image build and decides there. */
import { instructionAt, replaceBody } from '../text/dockerfile-edit.ts';
import { runImages } from '../text/image-questions.ts';
import { LineMap } from '../text/positions.ts';
import { insertLines, nextLine } from '../text/text-edits.ts';
import type { Edit, Finding, Fix } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { dockerfileOf } from './manifests.ts';

const lockFiles = [
  { name: 'package-lock.json', manager: 'npm' },
  { name: 'npm-shrinkwrap.json', manager: 'npm' },
  { name: 'yarn.lock', manager: 'yarn' },
  { name: 'pnpm-lock.yaml', manager: 'pnpm' },
] as const;
type Lock = (typeof lockFiles)[number];
const inFolder = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** Installs what the lock file says, or fails. */
const strict = {
  npm: { pattern: /\bnpm (?:install|i)\b/, command: 'npm ci' },
  yarn: { pattern: /\byarn(?: install)?\b(?! \w)/, command: 'yarn install --frozen-lockfile' },
  pnpm: { pattern: /\bpnpm (?:install|i)\b/, command: 'pnpm install --frozen-lockfile' },
} as const;
const ignoring = /\s--(?:no-package-lock|no-lockfile|package-lock=false)\b/g;

/** The lock file of the build context, when there is one and the install is of its package manager. */
function findLock(finding: Finding, context: FixContext): { lock: Lock; folder: string } | undefined {
  const image = runImages(context.repository).find(({ fact }) => fact.place.path === finding.place.path);
  const found = image && lockFiles.filter(({ name }) => context.has(inFolder(image.context, name)));
  const manager = String(finding.data['command']).split(' ')[0];
  return found?.length === 1 && found[0]!.manager === manager ? { lock: found[0]!, folder: image!.context } : undefined;
}

function editInstall(finding: Finding, { manager }: Lock, context: FixContext): Edit | undefined {
  const dockerfile = dockerfileOf(context, finding.place.path);
  const line = dockerfile && instructionAt(dockerfile, finding.place);
  if (!dockerfile || line?.keyword !== 'RUN') return undefined;
  const { pattern, command } = strict[manager];
  const body = line.body.replace(pattern, command).replace(ignoring, '');
  return body === line.body ? undefined : { ...replaceBody(dockerfile, line, body) };
}

/** `COPY package.json ./` → `COPY package.json package-lock.json ./`. */
function editCopy(finding: Finding, { name }: Lock, context: FixContext): Edit | undefined {
  const place = finding.related[0]?.place;
  const dockerfile = place && dockerfileOf(context, place.path);
  const line = dockerfile && instructionAt(dockerfile, place);
  if (!dockerfile || line?.keyword !== 'COPY' || /["[\\\n]/.test(line.body)) return undefined;
  const words = line.body.trim().split(/\s+/);
  const target = words.at(-1)!;
  const at = words.findIndex((word) => /(?:^|\/)package\.json$/.test(word));
  if (at < 0 || at === words.length - 1) return undefined;
  const source = words[at]!;
  const folder = /\/$|^\.$/.test(target)
    ? target
    : /(?:^|\/)package\.json$/.test(target)
      ? `${target.slice(0, -'package.json'.length)}` || './'
      : `${target}/`;
  const lock = source.slice(0, -'package.json'.length) + name;
  return replaceBody(dockerfile, line, [...words.slice(0, at + 1), lock, ...words.slice(at + 1, -1), folder].join(' '));
}

/** `!package-lock.json` behind the pattern that leaves it out. */
function keepLock(finding: Finding, { name }: Lock, context: FixContext): Edit | undefined {
  const place = finding.related[0]?.place;
  const file = place && context.source(place.path);
  if (!place || !file) return undefined;
  const lines = new LineMap(file.path, file.text);
  return insertLines(lines, nextLine(file.text, lines.offset(place.line, 1)), `!${name}`);
}

function makeLockFixes(finding: Finding, context: FixContext): readonly Fix[] {
  const found = findLock(finding, context);
  if (!found) return [];
  const { lock } = found;
  const install = editInstall(finding, lock, context);
  const { command } = strict[lock.manager];
  if (finding.messageId === 'switched-off') return makeFix(`Install with \`${command}\``, false, [install]);
  const bring = finding.messageId === 'left-out' ? keepLock(finding, lock, context) : editCopy(finding, lock, context);
  return [
    ...makeFix(`Copy ${lock.name} and install with \`${command}\``, false, [bring, install]),
    ...makeFix(`Copy ${lock.name} before the install`, true, [bring]),
  ];
}

export const dependenciesUnlocked: FixMaker = {
  rule: 'dependencies-unlocked',
  offers: [
    { what: 'copy the lock file into the image before the install', safe: true },
    { what: 'copy the lock file and install with `npm ci` or its equivalent', safe: false },
  ],
  make: (finding, context) => (finding.messageId === 'no-lock' ? [] : makeLockFixes(finding, context)),
};
