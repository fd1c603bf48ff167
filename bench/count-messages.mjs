/** A formatter of ESLint: numbers only, so that printing costs nothing. */
export default (results) =>
  `${results.length} files, ${results.reduce((sum, { messages }) => sum + messages.length, 0)} messages, ${
    results.filter(({ fatalErrorCount }) => fatalErrorCount).length
  } files not parsed`;
