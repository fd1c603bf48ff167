/** What README.md shows of the output for the bundled sample: whole blocks of the real text, with `…` for those that are left out. */

const shownService = 'web';
const shownRules = ['session-in-memory', 'probe-route-missing'];
const leftOut = '  …';
const start = '<!-- sample -->';
const end = '<!-- /sample -->';

const isShown = (block) => shownRules.some((rule) => block.split('\n', 1)[0].endsWith(`· ${rule}`));

function shortenService(section) {
  const [head, ...blocks] = section.trimEnd().split(/\n\n/);
  const lines = blocks.map((block) => (isShown(block) ? block : leftOut));
  return [head, ...lines.filter((line, index) => line !== leftOut || lines[index - 1] !== leftOut)].join('\n\n');
}

/** @param text of the reporter `pretty` for fixtures/apps/shop */
export function shortenSample(text) {
  const sections = text.trim().split(/\n(?=── )/);
  const service = sections.find((section) => section.startsWith(`── ${shownService} `));
  return `${shortenService(service)}\n\n${sections.at(-1).trimEnd()}`;
}

/** Puts the sample between its two marks in the README. */
export function placeSample(readme, sample) {
  const [before, after] = [readme.indexOf(start), readme.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`README.md has no ${start} … ${end}.`);
  return `${readme.slice(0, before)}${start}\n\n\`\`\`text\n${sample}\n\`\`\`\n\n${readme.slice(after)}`;
}
