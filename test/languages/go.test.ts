import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PackageManifest } from '../../src/facts.ts';
import { isConstrained, isNamedForOthers } from '../../src/languages/go/build-constraints.ts';
import { go } from '../../src/languages/go/index.ts';
import { packGo, summariseGo, unpackGo } from '../../src/languages/go/summarise.ts';
import { prepareLanguages } from '../../src/session.ts';
import { readGoModule, withoutMajorVersion } from '../../src/text/go-module.ts';
import { readGoBuild } from '../../src/text/go-programs.ts';
import type { AnyFact, Fact } from '../../src/types.ts';
import { filesOf } from './harness.ts';

beforeAll(() => prepareLanguages());

const summary = (text: string) => summariseGo({ path: 'a.go', text });
const module = { 'go.mod': 'module example.org/shop/v2\n\nreplace example.org/tools => ./tools\n' };
const read = (contents: Readonly<Record<string, string>>, path = 'main.go') =>
  go.program({
    root: '',
    packages: new Map(),
    entries: [{ path, because: 'a test starts it' }],
    files: filesOf({ ...module, ...contents }),
  });
const valuesOf = <K extends AnyFact['kind']>(facts: readonly AnyFact[], kind: K) =>
  facts.filter((fact): fact is Fact<K> & AnyFact => fact.kind === kind).map(({ value }) => value as Fact<K>['value']);
const main = (imports: readonly string[], body: string, more = ''): string =>
  `package main\n\nimport (\n${imports.map((path) => `\t${path.includes(' ') ? path : `"${path}"`}`).join('\n')}\n)\n\nfunc main() {\n${body}\n}\n${more}`;
const routesOf = (text: string, others: Readonly<Record<string, string>> = {}) =>
  valuesOf(read({ 'main.go': text, ...others }).facts, 'route').map(
    ({ methods, path, complete }) => `${methods.join(',') || 'any'} ${path}${complete ? '' : ' (tail)'}`,
  );
const portsOf = (text: string, others: Readonly<Record<string, string>> = {}) =>
  valuesOf(read({ 'main.go': text, ...others }).facts, 'listen').map(({ port }) => port);

describe('summaries', () => {
  it('have exact ranges, also beside letters of two units', () => {
    const [call] = summary('package a\nvar b, c = "🦊", os.Open("a")\n').calls;
    expect(call?.call.at).toEqual([2, 18, 2, 30]);
    expect(call?.nameAt).toEqual([2, 21, 2, 25]);
  });
  it('come back from what is kept as they were', () => {
    const text = main(['os'], 'if a := os.Getenv("A"); a != "" { os.Open(a) } else { os.Create(a) }\nreturn os.Open(os.Getenv("B"))');
    expect(unpackGo(JSON.parse(JSON.stringify(packGo({ path: 'a.go', text }))))).toEqual(summary(text));
  });
  it('name the place of bad syntax, and read the rest', () => {
    const { error, calls } = summary('package a\nfunc a() { os.Open("a") }\nfunc ( {\nfunc b() { os.Open("b") }\n');
    expect(error).toBeDefined();
    expect(calls.length).toBeGreaterThan(0);
  });
  it('read `new` of a value (Go 1.26)', () => {
    expect(summary('package a\nvar b = new(int64(c(1)))\nvar d = new([]int)\n').error).toBeUndefined();
  });
  it('name the place of nesting without end', () => {
    expect(summary(`package a\nvar x = ${'('.repeat(3000)}1${')'.repeat(3000)}\nfunc f() ${'{ if a '.repeat(3000)}`).error).toBeDefined();
  });
  it('survive any text', () => {
    const words = fc.constantFrom(
      'package a\n',
      'func ',
      'f()',
      'if ',
      'x',
      '(',
      ')',
      '{',
      '}',
      '\n',
      ':=',
      '=',
      '"',
      '`',
      'import ',
      'type ',
      'struct',
      'go ',
      'range ',
      '[',
      ']',
      ',',
      '.',
      'case ',
      'switch ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const { call } of summary(text).calls) expect(call.at[0]).toBeGreaterThan(0);
          read({ 'main.go': `package main\nfunc main() {\n${text}\n}\n` });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('files of a program', () => {
  it.each([
    ['shop_windows.go', true],
    ['shop_linux.go', false],
    ['shop_linux_arm64.go', true],
    ['shop_test.go', true],
    ['linux.go', false],
    ['shop_amd64.go', false],
  ])('%s', (path, isForOthers) => {
    expect(isNamedForOthers(path)).toBe(isForOthers);
  });
  it.each([
    ['//go:build ignore', true],
    ['//go:build linux && (amd64 || arm64)', false],
    ['//go:build !windows', false],
    ['//go:build integration', true],
    ['// +build darwin linux', false],
    ['// +build windows', true],
  ])('%s', (line, isOut) => {
    expect(isConstrained(`${line}\n\npackage main\n`)).toBe(isOut);
  });
  it('are those of imported packages, found by the module, by what replaces another, and no tests', () => {
    const { files, complete } = read({
      'main.go': main(['example.org/shop/v2/internal/web', 'example.org/tools/log', 'github.com/other/thing'], 'web.Run()'),
      'internal/web/web.go': 'package web\nfunc Run() {}\n',
      'internal/web/web_test.go': 'package web\n',
      'internal/unused/a.go': 'package unused\n',
      'tools/go.mod': 'module example.org/tools\n',
      'tools/log/log.go': 'package log\n',
    });
    expect(files).toEqual(['main.go', 'internal/web/web.go', 'tools/log/log.go']);
    expect(complete).toBe(true);
  });
  it('are not those of helpers below internal', () => {
    const serving = main(['net/http'], '\thttp.ListenAndServe(":80", nil)');
    const programOf = (path: string) => {
      const roots = new Map([['', { ecosystem: 'go', root: '', name: 'example.org/shop/v2' } as PackageManifest]]);
      return go.findPrograms!(roots.get('')!, roots, filesOf({ ...module, [path]: serving }))?.map((entry) => entry.path);
    };
    expect(programOf('internal/types/main.go')).toBeUndefined();
    expect(programOf('internal/cmd/server/main.go')).toEqual(['internal/cmd/server/main.go']);
  });
  it('are left unread where a tool made them and they ask for nothing', () => {
    const made = (body: string) => `// Code generated by oapi. DO NOT EDIT.\npackage client\n\n${body}\n`;
    const start = main(['example.org/shop/v2/client'], '\tclient.Start()');
    const broken = read({ 'main.go': start, 'client/client.go': made('func Start( {}') });
    expect([broken.complete, broken.notAssessed]).toEqual([true, []]);
    expect(read({ 'main.go': start, 'client/client.go': made('func Start( {}').replace(' DO NOT EDIT.', '') }).complete).toBe(false);
    const router = made('import "net/http"\n\nfunc Start() {\n\thttp.HandleFunc("/pets", nil)\n\thttp.ListenAndServe(":80", nil)\n}');
    expect(routesOf(start, { 'client/client.go': router })).toEqual(['any /pets']);
  });
  it('make the program incomplete where a package is not there', () => {
    expect(read({ 'main.go': main(['example.org/shop/v2/internal/made'], 'made.Run()') }).complete).toBe(false);
  });
  it('belong to modules of a workspace', () => {
    const files = filesOf({
      'go.work': 'go 1.25\n\nuse (\n\t./web\n\t./shared\n)\n',
      'web/go.mod': 'module example.org/web\n',
      'web/main.go': main(['example.org/shared'], 'shared.Run()'),
      'shared/go.mod': 'module example.org/shared\n',
      'shared/shared.go': 'package shared\nfunc Run() {}\n',
    });
    const program = go.program({ root: 'web', packages: new Map(), entries: [{ path: 'web/main.go', because: 'a test' }], files });
    expect(program.files).toEqual(['web/main.go', 'shared/shared.go']);
  });
});

describe('routes', () => {
  it('carry the prefixes of groups that functions take', () => {
    const text = main(
      ['github.com/gin-gonic/gin'],
      'r := gin.Default()\nv1 := r.Group("/api").Group("/v1")\nusers(v1)\nr.Run()',
      'func users(g *gin.RouterGroup) { g.PUT("/users/:id", save) }\nfunc save(c *gin.Context) {}\n',
    );
    expect(routesOf(text)).toEqual(['PUT /api/v1/users/:id']);
  });
  it('are found in fields of structs, through constructors', () => {
    const web =
      'package web\nimport "github.com/labstack/echo/v4"\ntype Server struct { echo *echo.Echo }\nfunc New() *Server { s := &Server{echo: echo.New()}; s.routes(); return s }\nfunc (s *Server) routes() { api := s.echo.Group("/api"); api.GET("/ready", s.ready) }\nfunc (s *Server) ready(c echo.Context) error { return nil }\nfunc (s *Server) Run(a string) { s.echo.Start(a) }\n';
    expect(routesOf(main(['example.org/shop/v2/web'], 'web.New().Run(":8080")'), { 'web/web.go': web })).toEqual(['GET /api/ready']);
  });
  it('are read from chains of gorilla/mux', () => {
    const body =
      'r := mux.NewRouter()\napi := r.PathPrefix("/api").Subrouter()\napi.HandleFunc("/users/{id:[0-9]+}", h).Methods("GET")\nr.PathPrefix("/static/").Handler(http.FileServer(http.Dir("static")))\nhttp.ListenAndServe(":80", r)';
    expect(routesOf(main(['net/http', 'github.com/gorilla/mux'], body, 'func h(w http.ResponseWriter, r *http.Request) {}\n'))).toEqual([
      'any /api/users/:id',
      'any /static/*',
    ]);
  });
  it('are read from patterns of net/http', () => {
    const body =
      'http.HandleFunc("GET /a/{id}", h)\nhttp.HandleFunc("/b/", h)\nhttp.HandleFunc("/{$}", h)\nhttp.ListenAndServe(":80", nil)';
    expect(routesOf(main(['net/http'], body, 'func h(w http.ResponseWriter, r *http.Request) {}\n'))).toEqual([
      'GET /a/:id',
      'any /b/*',
      'any /',
    ]);
  });
  it('of fiber and chi carry what they are mounted under', () => {
    const fiber = 'app := fiber.New()\napp.Route("/v1", func(r fiber.Router) { r.Get("/a", h) })\napp.Listen(":80")';
    expect(routesOf(main(['github.com/gofiber/fiber/v2'], fiber, 'func h(c *fiber.Ctx) error { return nil }\n'))).toEqual(['GET /v1/a']);
    const chi = 'r := chi.NewRouter()\nr.Mount("/v2", sub())\nhttp.ListenAndServe(":80", r)';
    expect(
      routesOf(
        main(
          ['net/http', 'github.com/go-chi/chi/v5'],
          chi,
          'func sub() http.Handler { r := chi.NewRouter(); r.Get("/b", nil); return r }\n',
        ),
      ),
    ).toEqual(['GET /v2/b']);
  });
  it('of other frameworks are said to be unread', () => {
    expect(routesOf(main(['net/http', 'gopkg.in/macaron.v1'], 'm := macaron.New()\nhttp.ListenAndServe(":80", m)'))).toContain(
      'any /* (tail)',
    );
  });
});

describe('ports', () => {
  it('come from variables with what stands in for them', () => {
    const body = 'port := os.Getenv("PORT")\nif port == "" { port = "8080" }\nhttp.ListenAndServe(":"+port, nil)';
    expect(portsOf(main(['os', 'net/http'], body))).toMatchObject([{ is: 'env', name: 'PORT', fallback: { value: '8080' } }]);
  });
  it('come through functions of the program', () => {
    const more = 'func env(key, other string) string { if v, ok := os.LookupEnv(key); ok { return v }; return other }\n';
    const body = 'http.ListenAndServe(fmt.Sprintf("%s:%s", "0.0.0.0", env("WEB_PORT", "9000")), nil)';
    expect(portsOf(main(['fmt', 'os', 'net/http'], body, more))).toMatchObject([
      { is: 'env', name: 'WEB_PORT', fallback: { value: '9000' } },
    ]);
  });
  it('of gin are the variable PORT where nothing is said', () => {
    expect(portsOf(main(['github.com/gin-gonic/gin'], 'gin.Default().Run()'))).toMatchObject([
      { is: 'env', name: 'PORT', fallback: { value: 8080 } },
    ]);
  });
  it('of gRPC are those of its listener', () => {
    const body = 'l, _ := net.Listen("tcp", "127.0.0.1:9000")\ns := grpc.NewServer()\ns.Serve(l)';
    expect(portsOf(main(['net', 'google.golang.org/grpc'], body))).toMatchObject([{ is: 'literal', value: 9000 }]);
  });
  it('follow a handler that is wrapped step by step', () => {
    const body =
      'mux := http.NewServeMux()\nmux.HandleFunc("/a", nil)\nvar h http.Handler = mux\nh = logged(h)\nh = other.Wrap(h)\nhttp.ListenAndServe(":80", h)';
    expect(routesOf(main(['net/http', 'github.com/x/other'], body, 'func logged(h http.Handler) http.Handler { return h }\n'))).toEqual([
      'any /a',
    ]);
  });
});

describe('go.mod', () => {
  it('names its module, what replaces others, and folders of a workspace', () => {
    const text =
      'module example.org/a // ours\n\nrequire example.org/b v1.0.0 // indirect\n\nreplace (\n\texample.org/b v1.0.0 => ../b\n\texample.org/c => example.org/d v1.2.3\n)\nuse ./x\n';
    expect(readGoModule(text)).toEqual({
      name: { text: 'example.org/a', line: 1, column: 8 },
      replaces: [{ path: 'example.org/b', folder: '../b' }],
      requires: ['example.org/b'],
      uses: ['./x'],
    });
  });
  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readGoModule(text).replaces.length >= 0));
  });
  it.each([
    ['github.com/labstack/echo/v4/middleware', 'github.com/labstack/echo/middleware'],
    ['gopkg.in/yaml.v3', 'gopkg.in/yaml'],
    ['example.org/version', 'example.org/version'],
  ])('%s', (path, expected) => {
    expect(withoutMajorVersion(path)).toBe(expected);
  });
});

describe('builds', () => {
  it.each([
    ['go build -trimpath -ldflags -s -o /app ./cmd/a', { output: '/app', packages: ['./cmd/a'] }],
    ['env go build -o=b', { output: 'b', packages: ['.'] }],
    ['go install ./...', { packages: ['./...'] }],
    ['go install golang.org/x/tools/cmd/goimports@latest', undefined],
    ['go mod download', undefined],
  ])('%s', (line, expected) => {
    expect(readGoBuild(line.split(' '))).toEqual(expected);
  });
});
