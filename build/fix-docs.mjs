/** The text of docs/fixes.md. */
const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}`;
const cell = (text) => text.replaceAll('|', '\\|');

export function renderFixPage(makers) {
  const rows = makers
    .flatMap(({ rule, offers }) => offers.map(({ what, safe }) => ({ rule, what, safe })))
    .sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
    .map(
      ({ rule, what, safe }) => `| [\`${rule}\`](rules.md#${rule}) | ${cell(sentence(what))} | ${safe ? '`--fix`' : '`--fix-unsafe`'} |`,
    );
  return `# Fixes

_Made from the code by \`npm run docs\`: do not edit._

\`\`\`sh
cloudworthy fix --diff               # what the safe fixes would change; exit 1 when there is something
cloudworthy fix                      # apply them, then report what is left
cloudworthy fix --diff --fix-unsafe  # with those that need a look
\`\`\`

**Safe** fixes leave the behaviour as it was meant. **Unsafe** ones change it, bring a dependency or hold values to start from: look at them, and test.
Comments, quotes, indentation and line ends stay. A fix may touch several files; it is applied as a whole or not at all.
After each round everything is judged again, at most ten times: a fix that does not remove its finding, or leaves a file that cannot be read, is taken back.
Nothing is written outside of the repository, through links, or into a file that was changed meanwhile. In a diff, secrets are masked.

A fix is offered only where its place and its values are certain, so not every finding of these rules has one.

| rule | fix | option |
| --- | --- | --- |
${rows.join('\n')}
`;
}
