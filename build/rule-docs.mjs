/** The text of docs/rules.md. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const linkTo = (id) => `[\`${id}\`](#${id})`;

/** A fence that its content cannot close. */
function fence(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}\n${text.trimEnd()}\n${mark}`;
}

const renderTable = (rules) =>
  [
    '| rule | finds | level | effort |',
    '| --- | --- | --- | ---: |',
    ...rules.map(({ id, summary, level, effort }) => `| ${linkTo(id)} | ${cell(summary)} | ${level} | ${effort} |`),
  ].join('\n');

function renderRule({ id, category, summary, level, effort, factors, docs }, nameFactor) {
  const facts = [
    category,
    `base level ${level}`,
    `effort ${effort}`,
    ...(factors.length ? [`factor ${factors.map(nameFactor).join(', ')}`] : []),
  ];
  return [
    `### ${id}`,
    `${summary[0].toUpperCase()}${summary.slice(1)}. _${facts.join(' · ')}_`,
    docs.what,
    `**Why.** ${docs.why}`,
    `**What to do.** ${docs.how}`,
    'Bad:',
    fence(docs.bad),
    'Good:',
    fence(docs.good),
    ...(docs.references.length ? [`Read more: ${docs.references.map((address) => `<${address}>`).join(', ')}`] : []),
  ].join('\n\n');
}

export function renderRulePage(rules, nameFactor) {
  const categories = [...new Set(rules.map(({ category }) => category))].sort();
  const sections = categories.flatMap((category) => {
    const own = rules.filter((rule) => rule.category === category);
    return [`## ${category}`, renderTable(own), ...own.map((rule) => renderRule(rule, nameFactor))];
  });
  const intro = [
    '# Rules',
    '<!-- Made by `npm run docs` from the rules themselves. -->',
    `${rules.length} rules. A level is a base: many rules say less where only one copy runs, and more where several do. ` +
      'Effort is in story points, counted once for each root cause. `cloudworthy explain RULE` shows the same text in a terminal.',
  ];
  return `${[...intro, ...sections].join('\n\n')}\n`;
}
