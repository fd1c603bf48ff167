import { describe, expect, it } from 'vitest';
import { Evaluator } from '../../src/languages/javascript/evaluate.ts';
import { javascript } from '../../src/languages/javascript/index.ts';
import { Modules } from '../../src/languages/javascript/modules.ts';
import { ModuleResolver } from '../../src/languages/javascript/resolve-modules.ts';
import { filesOf, readProgram } from './harness.ts';

describe('evaluation of a call', () => {
  it('computes each expression of the called function once', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const declared = names.map((name) => `let ${name} = given;`).join(' ');
    const folded = names.map((name) => `${name} = ${names.filter((other) => other !== name).join(' + ')};`).join(' ');
    const files = filesOf({
      'main.js': `export function outer(given) {\n  function inner(own) { ${declared} ${folded} return a + own; }\n  return inner('end');\n}\n`,
    });
    const modules = new Modules(files, new ModuleResolver(files, new Map()));
    let asked = 0;
    const evaluator = new Evaluator(modules, {
      parameterOf: () => {
        asked++;
        return undefined;
      },
    });
    const outer = modules.summary('main.js')!.functions.find(({ name }) => name === 'outer')!;
    const value = evaluator.evaluate(outer.returns[0]!.value, 'main.js');
    expect(value).toMatchObject({ is: 'text' });
    expect(asked).toBe(1);
  });

  it('keeps what two calls of one function give apart', () => {
    const program = readProgram({
      'server.js': `import express from 'express';\nimport session from 'express-session';\nimport RedisStore from 'connect-redis';\nconst app = express();\nfunction storeFor(url) {\n  const chosen = url;\n  return chosen ? new RedisStore({ url: chosen }) : undefined;\n}\napp.use('/a', session({ secret: process.env.S, store: storeFor(process.env.FIRST_URL) }));\napp.use('/b', session({ secret: process.env.S, store: storeFor(process.env.SECOND_URL) }));\n`,
    });
    const stores = program.facts.flatMap((fact) => (fact.kind === 'session' ? [fact.value.stores] : []));
    expect(stores).toMatchObject(
      ['FIRST_URL', 'SECOND_URL'].map((env) => [
        { kind: 'external', when: [{ env, test: 'set' }] },
        { kind: 'memory', when: [{ env, test: 'unset' }] },
      ]),
    );
  });
});

describe('what is kept of a value', () => {
  it('ends where a variable is converted from itself', () => {
    const files = {
      'server.js': `const app = require('express')();\nconst fs = require('fs');\nlet port = process.env.PORT;\nlet folder = './data';\nport = Number.parseInt(port, 10);\nfolder = decode(folder);\napp.post('/', (q, s) => fs.writeFileSync(folder, q.body));\napp.listen(port);\n`,
    };
    const text = JSON.stringify(readProgram(files).facts);
    expect(text).toContain('"name":"PORT"');
  });

  it('keeps what two programs give to one module apart, whichever is read first', () => {
    const files = filesOf({
      'start.js': `export const start = (app, given) => { const port = given; app.listen(port); };\n`,
      'first.js': `import express from 'express';\nimport { start } from './start.js';\nstart(express(), 3001);\n`,
      'second.js': `import express from 'express';\nimport { start } from './start.js';\nstart(express(), 3002);\n`,
    });
    const portsOf = (path: string) =>
      javascript
        .program({ root: '', packages: new Map(), entries: [{ path, because: 'test' }], files })
        .facts.flatMap((fact) => (fact.kind === 'listen' ? [fact.value.port] : []));
    expect([portsOf('first.js'), portsOf('second.js')]).toMatchObject([[{ value: 3001 }], [{ value: 3002 }]]);
  });
});
