/** `npm run new rule <category>/<id>`: a rule with a bad and a good fixture, which are red until they are filled. Never overwrites. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const fail = (message) => {
  console.error(message);
  process.exit(2);
};
const root = process.env.CLOUDWORTHY_ROOT ?? join(import.meta.dirname, '..');
const words = process.argv.slice(2).filter((word) => word !== 'rule');
const [, category, id] =
  /^([a-z]+)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(words[0] ?? '') ?? fail('usage: npm run new rule <category>/<id>, both in kebab-case');

const rule = `import { defineRule } from '../../src/types.ts';

export default defineRule({
  summary: '${id.replaceAll('-', ' ')}',
  factors: [],
  level: 'warning',
  effort: 1,
  docs: {
    what: '',
    why: '',
    how: '',
    bad: '',
    good: '',
    references: [],
  },
  messages: {
    found: {
      text: '',
      consequence: '',
      next: '',
    },
  },
  checkService(service, report) {
    for (const fact of service.code.all('http-server')) {
      report({ message: 'found', place: fact.place, subject: fact.value.library });
    }
  },
});
`;
const packageJson = (name) =>
  `${JSON.stringify({ name, private: true, scripts: { start: 'node server.js' }, dependencies: { express: '^4.21.0' } }, null, 2)}\n`;
const server = "const express = require('express');\n\nconst app = express();\napp.listen(process.env.PORT);\n";

const files = {
  [`rules/${category}/${id}.ts`]: rule,
  [`fixtures/rules/${id}/bad-first/package.json`]: packageJson('bad'),
  [`fixtures/rules/${id}/bad-first/server.js`]: server,
  [`fixtures/rules/${id}/bad-first/findings.txt`]: '# path:line level [<- path:line …], written by hand before the rule\n',
  [`fixtures/rules/${id}/good-first/package.json`]: packageJson('good'),
  [`fixtures/rules/${id}/good-first/server.js`]: server,
};

const taken = readdirSync(join(root, 'rules'), { recursive: true }).find((path) => /(?:^|\/)([^/]+)\.(?:ts|yaml)$/.exec(path)?.[1] === id);
if (taken) fail(`rules/${taken} exists already`);
for (const [path, content] of Object.entries(files)) {
  const file = join(root, path);
  if (existsSync(file)) fail(`${path} exists already`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { flag: 'wx' });
  console.log(path);
}
console.log(`Next: write findings.txt, then the rule, then: npx vitest run test/fixtures.test.ts -t '${id}'`);
