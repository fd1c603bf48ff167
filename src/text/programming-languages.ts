/** In what a folder of code is written, told by the names of its files: for services that no reader of this product reads. */

/** Endings by the name of the language. */
const endings: Readonly<Record<string, RegExp>> = {
  'JavaScript or TypeScript': /\.[cm]?[jt]sx?$|\.(?:vue|svelte)$/,
  'Java or Kotlin': /\.(?:java|kts?)$/,
  Python: /\.py$/,
  'C#': /\.cs$/,
  Go: /\.go$/,
  Ruby: /\.(?:rb|ru)$|(?:^|\/)Gemfile$/,
  PHP: /\.php$/,
  Rust: /\.rs$/,
  Scala: /\.scala$/,
  Elixir: /\.exs?$/,
  Erlang: /\.erl$/,
  Clojure: /\.cljc?$/,
  Groovy: /\.groovy$/,
  'F#': /\.fs$/,
  'Visual Basic': /\.vb$/,
  'C or C++': /\.(?:c|cc|cpp|cxx)$/,
  Swift: /\.swift$/,
  Dart: /\.dart$/,
  Haskell: /\.hs$/,
  Perl: /\.p[lm]$/,
  Crystal: /\.cr$/,
  Nim: /\.nim$/,
  Zig: /\.zig$/,
  OCaml: /\.mli?$/,
  Lua: /\.lua$/,
};
const readOnes = new Set(['JavaScript or TypeScript', 'Java or Kotlin', 'Python', 'C#', 'Go']);

/** The language that most of the files are in, where it is one that is not read; `undefined` else, and where none stands out. */
export function unreadLanguageOf(paths: Iterable<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const name = Object.keys(endings).find((language) => endings[language]!.test(path));
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!first || readOnes.has(first[0]) || first[1] === second?.[1]) return undefined;
  return first[0];
}
