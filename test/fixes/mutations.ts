/** Changes of a text that mean nothing: what a file is found to be, and how it is fixed, may not depend on them. */
import fc from 'fast-check';

export interface Mutation {
  readonly lineEnd: '\n' | '\r\n';
  readonly indent: 'same' | 'wide' | 'tabs';
  readonly head: 'none' | 'blank' | 'comment' | 'document';
  readonly tail: 'same' | 'bare' | 'blank' | 'comment' | 'document';
  /** Which of the lines that can have one get a comment behind them, or a blank line or spaces. */
  readonly beside: 'none' | 'comment' | 'spaces' | 'blank';
  readonly every: number;
}
export const mutation: fc.Arbitrary<Mutation> = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n'),
  indent: fc.constantFrom('same', 'wide', 'tabs'),
  head: fc.constantFrom('none', 'blank', 'comment', 'document'),
  tail: fc.constantFrom('same', 'bare', 'blank', 'comment', 'document'),
  beside: fc.constantFrom('none', 'comment', 'spaces', 'blank'),
  every: fc.integer({ min: 1, max: 4 }),
});

type Kind = 'script' | 'json' | 'yaml' | 'dockerfile' | 'lines' | 'toml' | 'hcl';
function kindOf(path: string): Kind | undefined {
  const name = path.split('/').at(-1)!;
  if (/\.[cm]?[jt]sx?$|\.java$|\.gradle(?:\.kts)?$|\.kt$/.test(name)) return 'script';
  if (name === 'package-lock.json' || /lock/.test(name)) return undefined;
  if (/\.json$/.test(name)) return 'json';
  if (/\.ya?ml$/.test(name)) return 'yaml';
  if (/^Dockerfile|\.Dockerfile$/.test(name)) return 'dockerfile';
  if (/\.properties$|^\.env|\.env$|^\.dockerignore$/.test(name)) return 'lines';
  if (/\.toml$/.test(name)) return 'toml';
  return /\.(?:hcl|nomad|tf)$/.test(name) ? 'hcl' : undefined;
}
const isTemplate = (path: string, text: string): boolean => /\{\{/.test(text) || /(?:^|\/)templates\//.test(path);

/** Another document of Kubernetes says nothing of the first. */
const document = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: elsewhere\n';
const holdsManifests = (text: string): boolean => /^apiVersion:/m.test(text) && /^kind:/m.test(text);

const widen = (line: string): string => line.replace(/^ +/, (spaces) => spaces + spaces);
/** `- name:` keeps its keys in one column. */
const widenYaml = (line: string): string =>
  widen(line).replace(/^( *)((?:- )+)(?=\S)/, (_, spaces, dashes: string) => spaces + dashes.replaceAll('- ', '-   '));
const toTabs = (line: string): string => line.replace(/^(?: {2})+/, (spaces) => '\t'.repeat(spaces.length / 2));

function indent(kind: Kind, text: string, how: Mutation['indent']): string {
  if (how === 'same') return text;
  if (kind === 'json') return reindentJson(text, how === 'wide' ? 4 : '\t');
  // The lines of a template literal, a block scalar or a heredoc are values.
  if (kind === 'script' && text.includes('`')) return text;
  const each =
    kind === 'yaml'
      ? how === 'wide' && !/[|>][-+\d]*\s*$|^\s*-\s*$/m.test(text)
        ? widenYaml
        : undefined
      : kind === 'script' || kind === 'hcl'
        ? how === 'wide'
          ? widen
          : toTabs
        : undefined;
  return each ? text.split('\n').map(each).join('\n') : text;
}
function reindentJson(text: string, by: number | string): string {
  try {
    return `${JSON.stringify(JSON.parse(text), null, by)}\n`;
  } catch {
    return text;
  }
}

const commentOf: Readonly<Record<Kind, string | undefined>> = {
  script: '// note',
  json: undefined,
  yaml: '# note',
  dockerfile: '# note',
  lines: '# note',
  toml: '# note',
  hcl: '# note',
};

/** Lines behind which something can stand that means nothing. */
const canTake: Readonly<Record<Kind, (line: string) => boolean>> = {
  script: (line) => /[;{},)]$/.test(line),
  json: (line) => /[{},]$/.test(line),
  yaml: (line) => /^[\w\s-]*[\w-]+:(?: ["']?[\w./-]+["']?)?$/.test(line),
  dockerfile: (line) => /^(?:FROM|RUN|COPY|ADD|CMD|ENTRYPOINT|USER|WORKDIR|EXPOSE)\b/.test(line) && !line.endsWith('\\'),
  lines: (line) => /^#|^$/.test(line),
  toml: (line) => /^\w[\w.]* = (?:"[^"]*"|\d+)$/.test(line),
  hcl: (line) => /^\s*\w+\s*= (?:"[^"$]*"|\d+)$/.test(line),
};

function beside(kind: Kind, text: string, { beside: what, every }: Mutation): string {
  if (what === 'none' || text.includes('`') || /<<|[|>][-+]?$/m.test(text)) return text;
  const comment = kind === 'dockerfile' ? undefined : commentOf[kind];
  const added = what === 'spaces' ? '  ' : what === 'blank' ? '\n' : comment && ` ${comment}`;
  if (added === undefined) return text;
  let count = 0;
  const lines = text.split('\n');
  return lines
    .map((line, index) => (canTake[kind](line) && index < lines.length - 1 && ++count % every === 0 ? line + added : line))
    .join('\n');
}

function addHead(kind: Kind, text: string, head: Mutation['head']): string {
  const comment = commentOf[kind];
  if (head === 'blank') return `\n\n${text}`;
  if (head === 'comment') return comment ? `${comment}\n${comment}\n\n${text}` : text;
  return head === 'document' && kind === 'yaml' && holdsManifests(text) ? `${document}---\n${text.replace(/^---\n/, '')}` : text;
}
function addTail(kind: Kind, text: string, tail: Mutation['tail']): string {
  const comment = commentOf[kind];
  if (tail === 'bare') return text.replace(/\n+$/, '');
  if (tail === 'blank') return `${text}\n\n`;
  if (tail === 'comment') return comment ? `${text}${comment}\n` : text;
  return tail === 'document' && kind === 'yaml' && holdsManifests(text) ? `${text.replace(/\n+$/, '')}\n---\n${document}` : text;
}

export function mutate(path: string, before: string, how: Mutation): string {
  const kind = kindOf(path);
  let text = before.replaceAll('\r\n', '\n');
  if (kind && !isTemplate(path, text)) {
    text = indent(kind, text, how.indent);
    text = beside(kind, text, how);
    text = addTail(kind, addHead(kind, text, how.head), how.tail);
  }
  return kind ? text.replaceAll('\n', how.lineEnd) : before;
}
