import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { python } from '../../src/languages/python/index.ts';
import { summarisePython } from '../../src/languages/python/summarise.ts';
import { prepareLanguages } from '../../src/session.ts';
import type { AnyFact, Fact } from '../../src/types.ts';
import { filesOf } from './harness.ts';

beforeAll(() => prepareLanguages());

const summary = (text: string) => summarisePython({ path: 'a.py', text });
const read = (contents: Readonly<Record<string, string>>, path = 'app.py') =>
  python.program({ root: '', packages: new Map(), entries: [{ path, because: 'a test starts it' }], files: filesOf(contents) });
const valuesOf = <K extends AnyFact['kind']>(facts: readonly AnyFact[], kind: K) =>
  facts.filter((fact): fact is Fact<K> & AnyFact => fact.kind === kind).map(({ value }) => value as Fact<K>['value']);
const routesOf = (contents: Readonly<Record<string, string>>) =>
  valuesOf(read(contents).facts, 'route')
    .filter(({ answers, path }) => answers !== 'files' && !/^\/(?:docs|redoc|openapi\.json)$/.test(path))
    .map(({ methods, path, complete }) => `${methods.join(',') || 'any'} ${path}${complete ? '' : ' (tail)'}`);

describe('summaries', () => {
  it('have exact ranges, also beside letters of two units', () => {
    const [call] = summary('name = "🦊"; open("a")\n').calls;
    expect(call?.call.at).toEqual([1, 14, 1, 23]);
    expect(call?.nameAt).toEqual([1, 14, 1, 18]);
  });
  it('read lines of any system', () => {
    for (const end of ['\n', '\r\n', '\r']) expect(summary(`# first${end}open("a")${end}`).calls[0]?.call.at).toEqual([2, 1, 2, 10]);
  });
  it('name the place of bad syntax, and read the rest', () => {
    const { error, calls } = summary('open("a")\ndef (:\nopen("b")\n');
    expect(error?.[0]).toBe(2);
    expect(calls.length).toBeGreaterThan(0);
  });
  it('name the place of nesting without end', () => {
    expect(summary(`x = ${'['.repeat(3000)}${']'.repeat(3000)}`).error).toBeDefined();
  });
  it('survive any text', () => {
    const words = fc.constantFrom(
      'def ',
      'class ',
      'if ',
      'x',
      '(',
      ')',
      '[',
      ':',
      '\n',
      '    ',
      '=',
      '"',
      "f'{",
      '}',
      'import ',
      'lambda ',
      '@',
      ',',
      'await ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          const { calls } = summary(text);
          for (const { call } of calls) expect(call.at[0]).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('routes', () => {
  it('carry the prefixes of blueprints', () => {
    const app = 'from flask import Flask, Blueprint\napp = Flask(__name__)\napi = Blueprint("api", __name__, url_prefix="/api")\n';
    expect(
      routesOf({ 'app.py': `${app}@api.route("/users/<int:id>", methods=["PUT"])\ndef user(id): pass\napp.register_blueprint(api)\n` }),
    ).toEqual(['PUT /api/users/:id']);
    expect(routesOf({ 'app.py': `${app}@api.get("/x")\ndef x(): pass\napp.register_blueprint(api, url_prefix="/v2")\n` })).toEqual([
      'GET /v2/x',
    ]);
  });
  it('say when a prefix could not be read', () => {
    const app = 'from fastapi import FastAPI, APIRouter\napp = FastAPI()\nrouter = APIRouter()\n@router.get("/x")\ndef x(): pass\n';
    expect(routesOf({ 'app.py': `${app}app.include_router(router, prefix=prefix())\n` })).toEqual(['GET /x (tail)']);
  });
  it('are found through functions that take the application', () => {
    expect(
      routesOf({
        'app.py': 'from flask import Flask\nfrom views import register\napp = Flask(__name__)\nregister(app)\n',
        'views.py': 'def register(app):\n    @app.post("/orders")\n    def order(): pass\n',
      }),
    ).toEqual(['POST /orders']);
  });
});

describe('programs', () => {
  it('end with what grows without end', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `a${index + 1} = [a${index}, a${index}, a${index}, f(a${index + 2})]`);
    const facts = read({ 'app.py': `a0 = [a60]\ndef f(x): return [f(x), x, a3]\n${lines.join('\n')}\nopen(a60)\n` });
    expect(facts.entries).toHaveLength(1);
  });
  it('do not follow tests and migrations', () => {
    const { files } = read({
      'app.py': 'import tests.helper\nimport shop.migrations.first\nimport shop\n',
      'tests/helper.py': '',
      'shop/__init__.py': '',
      'shop/migrations/first.py': '',
    });
    expect(files).toEqual(['app.py', 'shop/__init__.py']);
  });
  it('are incomplete where a module of their own is missing', () => {
    expect(read({ 'shop/app.py': 'from .gone import x\n', 'shop/__init__.py': '' }, 'shop/app.py').complete).toBe(false);
  });
});

describe('what programs of one repository share', () => {
  it('keeps what two of them give to one module apart, whichever is read first', () => {
    const contents = {
      'serve.py': 'def serve(app, given):\n    port = given\n    app.run(port=port)\n',
      'first.py': 'from flask import Flask\nfrom serve import serve\nserve(Flask(__name__), 3001)\n',
      'second.py': 'from flask import Flask\nfrom serve import serve\nserve(Flask(__name__), 3002)\n',
    };
    const kept = new Map<string, unknown>();
    const inMemory = filesOf(contents);
    const files: typeof inMemory = {
      ...inMemory,
      derive: (path, kind, make) => {
        if (!kept.has(path)) kept.set(path, inMemory.derive(path, kind, make));
        return kept.get(path) as ReturnType<typeof make>;
      },
    };
    const portOf = (path: string) =>
      valuesOf(python.program({ root: '', packages: new Map(), entries: [{ path, because: 'test' }], files }).facts, 'listen')[0]?.port;
    expect(['first.py', 'second.py', 'first.py'].map(portOf)).toMatchObject([{ value: 3001 }, { value: 3002 }, { value: 3001 }]);
  });
});
