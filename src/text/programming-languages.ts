/** In what a folder of code is written, told by the names of its files: for services that no reader of this product reads. */

/** Endings by the name of a language that no reader owns. */
const endings: Readonly<Record<string, RegExp>> = {
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

/** The language that most of the files are in, where it is one that is not read; `undefined` else, and where none stands out. */
export function unreadLanguageOf(paths: Iterable<string>, isRead: (path: string) => boolean): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const path of paths) {
    const name = Object.keys(endings).find((language) => endings[language]!.test(path));
    if (name !== undefined || isRead(path)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return first && first[1] !== second?.[1] ? first[0] : undefined;
}
