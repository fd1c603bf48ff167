import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { csharp } from '../../src/languages/csharp/index.ts';
import { summariseCSharp } from '../../src/languages/csharp/summarise.ts';
import { dotnetProjectAdapter } from '../../src/manifests/dotnet-project/index.ts';
import { dotnetSettingsAdapter } from '../../src/manifests/dotnet-settings/index.ts';
import { prepareLanguages } from '../../src/session.ts';
import type { AnyFact, Fact } from '../../src/types.ts';
import { filesOf } from './harness.ts';

beforeAll(() => prepareLanguages());

const web = '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>';
const summary = (text: string) => summariseCSharp({ path: 'a.cs', text });

type Package = Fact<'package'>['value'];
function projectsOf(contents: Readonly<Record<string, string>>): ReadonlyMap<string, Package> {
  const found = Object.entries(contents).filter(([path]) => path.endsWith('.csproj'));
  const facts = found.flatMap(([path, text]) => dotnetProjectAdapter.extract({ path, text }).facts) as readonly Fact<'package'>[];
  return new Map(facts.map(({ value }) => [value.root, value]));
}

/** Reads the project of the root as a program. */
function read(given: Readonly<Record<string, string>>, root = '') {
  const contents = { 'Shop.csproj': web, ...given };
  const roots = projectsOf(contents);
  const settings = Object.entries(contents)
    .filter(([path]) => dotnetSettingsAdapter.classify(path))
    .flatMap(([path, text]) => dotnetSettingsAdapter.extract({ path, text }).facts);
  const own = roots.get(root)!;
  return csharp.program({
    root,
    package: own,
    packages: new Map(),
    entries: [{ path: own.dotnet!.path, because: 'a test starts it' }],
    files: filesOf(contents),
    roots,
    manifestsUnder: (folder) => settings.filter(({ place }) => folder === '' || place.path.startsWith(`${folder}/`)),
  });
}
const valuesOf = <K extends AnyFact['kind']>(facts: readonly AnyFact[], kind: K) =>
  facts.filter((fact): fact is Fact<K> & AnyFact => fact.kind === kind).map(({ value }) => value as Fact<K>['value']);
const routesOf = (contents: Readonly<Record<string, string>>) =>
  valuesOf(read(contents).facts, 'route').map(
    ({ methods, path, complete }) => `${methods.join(',') || 'any'} ${path}${complete ? '' : ' (tail)'}`,
  );
const app = 'var app = WebApplication.CreateBuilder(args).Build();\n';

describe('summaries', () => {
  it('have exact ranges, also beside letters of two units', () => {
    const [call] = summary('var name = "🦊"; Open("a");\n').types[0]!.methods[0]!.calls;
    expect(call?.call.at).toEqual([1, 18, 1, 27]);
    expect(call?.call.nameAt).toEqual([1, 18, 1, 22]);
  });
  it('read lines of any system', () => {
    for (const end of ['\n', '\r\n', '\r'])
      expect(summary(`// first${end}Open("a");${end}`).types[0]?.methods[0]?.calls[0]?.call.at).toEqual([2, 1, 2, 10]);
  });
  it('read texts in all their forms', () => {
    const { fields } = summary('class A { string a = "x\\ty", b = @"c:\\""d""", c = $"a{b}c{{d}}"; string d = """\n  raw "text"\n  """; }')
      .types[0]!;
    expect(fields.map(({ value }) => (value?.is === 'literal' ? value.value : value?.is))).toEqual([
      'x\ty',
      'c:\\"d"',
      'text',
      'raw "text"',
    ]);
    const third = fields[2]!.value;
    expect(third?.is === 'text' && third.parts.map((part) => (part.is === 'literal' ? part.value : part.is))).toEqual([
      'a',
      'name',
      'c',
      '{d}',
    ]);
  });
  it('name the place of bad syntax, and read the rest', () => {
    const { error, types } = summary('class A { void F() { Open("a"); } void ( }\nclass B { void G() { Open("b"); } }\n');
    expect(error?.[0]).toBeLessThan(3);
    expect(types.length).toBeGreaterThan(0);
  });
  it('end with nesting without end', () => {
    expect(() => summary(`var x = ${'f('.repeat(5000)}${')'.repeat(5000)};`)).not.toThrow();
    expect(() => summary(`${'namespace a { '.repeat(3000)}${'}'.repeat(3000)}`)).not.toThrow();
    expect(() => summary(`${'class A { '.repeat(3000)}${'}'.repeat(3000)}`)).not.toThrow();
    expect(() => summary(`x${'.F()'.repeat(5000)};`)).not.toThrow();
  });
  it('survive any text', () => {
    const words = fc.constantFrom(
      ...[
        'class ',
        'if (',
        'x',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        ';',
        '=',
        '"',
        '$"{',
        '@"',
        '"""',
        '=>',
        'await ',
        'using ',
        '<',
        '>',
        '?',
        '.',
      ],
      ...['#if A\n', 'switch ', '??', 'new ', 'namespace ', ': ', ',', 'static ', '\n', '//', '/*'],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(words).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const { methods } of summary(text).types)
            for (const { calls } of methods) for (const { call } of calls) expect(call.at[0]).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('routes', () => {
  it('carry the prefixes of groups, through variables and methods', () => {
    expect(
      routesOf({
        'Program.cs': `${app}var api = app.MapGroup("/api").WithTags("x");\napi.MapGroup("v1").MapCarts();\n`,
        'Carts.cs': `public static class Carts {
          public static RouteGroupBuilder MapCarts(this RouteGroupBuilder group) {
            group.MapGet("carts/{id:int}", Get);
            group.MapPost("carts/{**rest}", () => 1);
            return group;
          }
          static string Get(int id) => "x";
        }`,
      }),
    ).toEqual(['GET /api/v1/carts/:id', 'POST /api/v1/carts/*']);
  });
  it('say when a prefix could not be read', () => {
    expect(routesOf({ 'Program.cs': `${app}app.MapGroup(Prefix()).MapGet("x", () => 1);\n` })).toEqual(['GET /x (tail)']);
  });
  it('of controllers take prefixes of their bases, and tokens', () => {
    expect(
      routesOf({
        'Program.cs': app,
        'A.cs': '[Route("v{version:apiVersion}/[controller]/[action]")] public abstract class Base : ControllerBase { }',
        'B.cs':
          'public class CartController : Base { [HttpGet, HttpHead] public int Find() => 1; [HttpPost("/pay")] public void Pay() {} }',
      }),
    ).toEqual(['GET,HEAD /v:version/Cart/Find', 'POST /pay']);
  });
  it('by convention need one', () => {
    const home = { 'HomeController.cs': 'public class HomeController : Controller { public IActionResult Index() => View(); }' };
    expect(routesOf({ 'Program.cs': `${app}app.MapControllers();`, ...home })).toEqual([]);
    expect(routesOf({ 'Program.cs': `${app}app.MapDefaultControllerRoute();`, ...home })).toEqual([
      'any /Home/Index/*',
      'any /Home',
      'any /',
    ]);
  });
  it('of pages lie where their files do', () => {
    expect(
      routesOf({ 'Program.cs': `${app}app.MapRazorPages();`, 'Pages/Index.cshtml': '@page\n', 'Pages/Cart/Show.cshtml': '@page "{id}"\n' }),
    ).toEqual(['GET,POST /Cart/Show/:id', 'GET,POST /Index', 'GET,POST /']);
  });
});

describe('settings', () => {
  const listening = (contents: Readonly<Record<string, string>>) => valuesOf(read(contents).facts, 'listen').map(({ port }) => port);
  it('are variables over what files say', () => {
    const [port] = listening({
      'Program.cs':
        'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(builder.Configuration.GetValue<int>("Http:Port")));',
      'appsettings.json': '{ "Http": { "Port": 5005 } }',
    });
    expect(port).toMatchObject({ is: 'env', name: 'Http__Port', fallback: { is: 'literal', value: '5005' } });
  });
  it('of sections are found by their whole key', () => {
    const reads = valuesOf(
      read({
        'Program.cs':
          'var builder = WebApplication.CreateBuilder(args);\nvar section = builder.Configuration.GetSection("Mail");\nvar x = section["Host"];\nvar y = builder.Configuration.GetConnectionString("Db");',
      }).facts,
      'env-read',
    );
    expect(reads.map(({ name }) => name)).toEqual(['Mail__Host', 'ConnectionStrings__Db', '*']);
  });
});

describe('programs', () => {
  it('take in the projects that they are built of', () => {
    const { files, complete } = read({
      'Shop.csproj': web.replace('</Project>', '<ItemGroup><ProjectReference Include="Core\\Core.csproj" /></ItemGroup></Project>'),
      'Core/Core.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>',
      'Core/Carts.cs': 'class Carts { IServiceCollection services; }',
      'Other/Other.csproj': '<Project Sdk="Microsoft.NET.Sdk"></Project>',
      'Other/Other.cs': 'class Other { IServiceCollection services; }',
      'obj/Shop.g.cs': 'class A { IServiceCollection services; }',
      'Program.cs': app,
    });
    expect(files).toEqual(['Program.cs', 'Core/Carts.cs']);
    expect(complete).toBe(true);
  });
  it('are incomplete where a project of theirs is missing', () => {
    const project = web.replace('</Project>', '<ItemGroup><ProjectReference Include="..\\Gone\\Gone.csproj" /></ItemGroup></Project>');
    expect(read({ 'src/Shop.csproj': project, 'src/Program.cs': app }, 'src').complete).toBe(false);
  });
  it.each([
    ['tests', '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="xunit" /></ItemGroup></Project>'],
    ['clients', '<Project Sdk="Microsoft.NET.Sdk.BlazorWebAssembly"></Project>'],
    [
      'libraries',
      '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup></Project>',
    ],
    ['desktop programs', '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>WinExe</OutputType></PropertyGroup></Project>'],
    ['tools', '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>'],
    ['orchestrators', '<Project Sdk="Microsoft.NET.Sdk.Web"><Sdk Name="Aspire.AppHost.Sdk" Version="9.0.0" /></Project>'],
  ])('are not %s', (_, project) => {
    const contents = { 'Shop.csproj': project, 'Program.cs': app };
    const roots = projectsOf(contents);
    expect(csharp.findPrograms?.(roots.get('')!, roots, filesOf(contents))).toBeUndefined();
  });
});
