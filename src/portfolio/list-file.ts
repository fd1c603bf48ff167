/** The list of a portfolio: which repositories there are, where they lie, whose they are. */
import { parseConfigText } from '../config/parse-config.ts';
import { checkShape, list, type ObjectShape, type Shape, text } from '../text/shape.ts';

/** One entry of the list. */
export interface ListEntry {
  readonly name: string;
  /** Folder, relative to the list. */
  readonly path?: string;
  /** Where a job on another machine clones it from. */
  readonly url?: string;
  readonly ref?: string;
  readonly team?: string;
}
/** The list cannot be used: names file and line. */
export class ListError extends Error {
  override readonly name = 'ListError';
}

const entry: ObjectShape = {
  type: 'object',
  description: 'A repository.',
  required: [],
  keys: {
    name: text('Its name in the report; default: the last part of path or url.'),
    path: text('Its folder, relative to this file.'),
    url: text('Where jobs on other machines clone it from.'),
    ref: text('The branch or tag that they clone.'),
    team: text('Who does the work.'),
  },
};
/** The form of a list, for its validator and its JSON Schema. */
export const listShape: ObjectShape = {
  type: 'object',
  description: 'Repositories of a cloudworthy portfolio.',
  required: ['repositories'],
  keys: {
    $schema: text('Where the JSON Schema of this file is.'),
    repositories: list(
      { type: 'either', of: [text('A folder, relative to this file.'), entry], description: 'A repository.' } as Shape,
      'All repositories.',
      1,
    ),
  },
};

const lastPart = (path: string): string => /([^/\\:]+?)(?:\.git)?[/\\]*$/.exec(path)?.[1] ?? path;

/**
 * YAML or JSON with `repositories`.
 * @throws ListError when it cannot be read, or when two repositories have one name
 */
export function parseList(path: string, source: string): readonly ListEntry[] {
  const parsed = parseConfigText({ path, text: source });
  const problems = [
    ...parsed.problems.map(({ message, place }) => `${place.path}:${place.line}: ${message}`),
    ...(parsed.problems.length ? [] : checkShape(listShape, parsed.data)).map(
      ({ at, message }) => `${path}:${parsed.place(at).line}: ${[at.join('.'), message].filter(Boolean).join(': ')}`,
    ),
  ];
  if (problems.length) throw new ListError(problems.slice(0, 5).join('\n'));
  const { repositories } = parsed.data as { readonly repositories: readonly (string | Partial<ListEntry>)[] };
  const entries = repositories.map((given, index): ListEntry => {
    const repository = typeof given === 'string' ? { path: given } : given;
    const name = repository.name ?? lastPart(repository.path ?? repository.url ?? '');
    if (name === '') throw new ListError(`${path}:${parsed.place(['repositories', index]).line}: name, path or url is missing`);
    return { ...repository, name };
  });
  checkNames(path, entries, (index) => parsed.place(['repositories', index]).line);
  return entries;
}

function checkNames(path: string, entries: readonly ListEntry[], lineOf: (index: number) => number): void {
  const seen = new Map<string, number>();
  entries.forEach(({ name }, index) => {
    const key = fileNameOf(name).toLowerCase();
    const before = seen.get(key);
    if (before !== undefined)
      throw new ListError(`${path}:${lineOf(index)}: "${name}" is there twice, see line ${lineOf(before)}: give one of them another name`);
    seen.set(key, index);
  });
}

/** The file that holds the result of a repository. */
export const fileNameOf = (name: string): string => `${name.replace(/[^\p{L}\p{N}._-]+/gu, '+').replace(/^\.+/, '_')}.json`;

/** The part of a list that one of several machines does: every machine gets the same number, give or take one. */
export const takeShard = <T>(entries: readonly T[], index: number, count: number): readonly T[] =>
  entries.filter((_, position) => position % count === index);
