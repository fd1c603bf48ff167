import { beforeAll, describe, expect, it } from 'vitest';
import { java } from '../../src/languages/java/index.ts';
import { summariseJava } from '../../src/languages/java/summarise.ts';
import { manifestAdapters } from '../../src/manifests/index.ts';
import { prepareLanguages } from '../../src/session.ts';
import type { AnyFact, Fact } from '../../src/types.ts';
import { filesOf } from './harness.ts';

beforeAll(() => prepareLanguages());

const summary = (text: string) => summariseJava({ path: 'A.java', text });

/** Reads the program of a build file as the session does, from files in memory. */
function readFacts(contents: Readonly<Record<string, string>>, root = ''): readonly AnyFact[] {
  const files = filesOf(contents);
  const facts = Object.entries(contents).flatMap(([path, text]) => {
    const adapter = manifestAdapters.find((one) => one.classify(path, text));
    return adapter ? adapter.extract({ path, text }).facts : [];
  });
  const packages = facts.filter((fact): fact is Fact<'package'> => fact.kind === 'package').map(({ value }) => value);
  const own = packages.find((one) => one.root === root)!;
  const roots = new Map(packages.map((one) => [one.root, one]));
  const manifestsUnder = (folder: string) => facts.filter(({ place }) => folder === '' || place.path.startsWith(`${folder}/`));
  const entries = java.findPrograms!(own, roots, files) ?? [];
  return java.program({ root, package: own, packages: new Map(), entries, files, roots, manifestsUnder }).facts;
}
const valuesOf = <K extends AnyFact['kind']>(facts: readonly AnyFact[], kind: K) =>
  facts.filter((fact): fact is Fact<K> & AnyFact => fact.kind === kind).map(({ value }) => value as Fact<K>['value']);

const dependency = (group: string, artifact: string) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId></dependency>`;
const boot = (version: string, ...dependencies: string[]) =>
  `<project><parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>${version}</version></parent>
<groupId>com.acme</groupId><artifactId>shop</artifactId><dependencies>${dependencies.join('')}</dependencies></project>`;
const web = dependency('org.springframework.boot', 'spring-boot-starter-web');
const main = `package com.acme;
import org.springframework.boot.autoconfigure.SpringBootApplication;
@SpringBootApplication public class App { public static void main(String[] a) {} }`;

describe('summaries', () => {
  it('read annotated varargs', () => {
    const { types, error } = summary('class A { void f(String @NonNull... names) { g(); } }');
    expect(error).toBeUndefined();
    expect(types[0]!.methods[0]!.calls).toHaveLength(1);
  });

  it('read generics, annotations, records, lambdas and text blocks', () => {
    const { types, error } = summary(`package a.b;
@RestController @RequestMapping(value = "/x", method = {RequestMethod.GET, RequestMethod.POST})
public class Foo<T extends Comparable<T>> extends Bar<T> implements Baz, Qux<T> {
  private static final Map<String, List<T>> items = new HashMap<>();
  record Point(int x, int y) {}
  void f(@PathVariable String id) { items.forEach((k, v) -> v.clear()); String s = """
      text
      """; try (var in = new FileOutputStream("a" + id)) { in.write(1); } }
}`);
    expect(error).toBeUndefined();
    expect(types.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['class Foo', 'record Foo.Point']);
    const [foo] = types;
    expect(foo).toMatchObject({ superclass: 'Bar', interfaces: ['Baz', 'Qux'] });
    expect(foo!.annotations[1]!.args.method).toMatchObject({ is: 'list', items: [{ path: ['RequestMethod', 'GET'] }, {}] });
    expect(foo!.fields[0]).toMatchObject({ name: 'items', type: 'Map', modifiers: ['private', 'static', 'final'] });
    expect(foo!.methods[0]!.calls.map(({ name }) => name)).toEqual(['forEach', 'clear', 'write']);
    expect(foo!.methods[0]!.creations).toMatchObject([{ type: 'FileOutputStream', args: [{ is: 'sum' }] }]);
  });

  it('name the first place that cannot be parsed, and read the rest', () => {
    const { types, error } = summary('class A { void f() { int = ; } }\nclass B {}');
    expect(types.map(({ name }) => name)).toContain('B');
    expect(error?.[0]).toBe(1);
  });

  it('survive deep nesting', () => {
    const deep = `class A { Object f() { return ${'('.repeat(3000)}1${')'.repeat(3000)}; } }`;
    expect(() => summary(deep)).not.toThrow();
    expect(() => summary(`class A { String s = ${Array(5000).fill('"x"').join('+')}; }`)).not.toThrow();
  });
});

describe('routes', () => {
  it('join context path, class prefix and constants of other files', () => {
    const facts = readFacts({
      'pom.xml': boot('3.3.0', web),
      'src/main/java/com/acme/App.java': main,
      'src/main/java/com/acme/Paths.java': 'package com.acme; final class Paths { static final String CARTS = "/carts"; }',
      'src/main/java/com/acme/Carts.java': `package com.acme; import org.springframework.web.bind.annotation.*;
@RestController @RequestMapping(Paths.CARTS) class Carts { @GetMapping("/{id:\\\\d+}") String one() { return ""; } @RequestMapping(method = RequestMethod.POST) void add() {} }`,
      'src/main/resources/application.properties': 'server.servlet.context-path=/shop\n',
    });
    const found = valuesOf(facts, 'route').map(({ methods, path, complete }) => [methods.join(), path, complete]);
    expect(found).toEqual([
      ['GET', '/shop/carts/:id', true],
      ['POST', '/shop/carts', true],
    ]);
  });
});

describe('servers', () => {
  const stops = (version: string, settings = '') =>
    valuesOf(
      readFacts({
        'pom.xml': boot(version, web),
        'src/main/java/com/acme/App.java': main,
        'src/main/resources/application.properties': settings,
      }),
      'shutdown-handler',
    )[0]?.closes;

  it('stop gracefully by the version of Spring Boot', () => {
    expect(stops('3.4.0')).toBe(true);
    expect(stops('4.0.1')).toBe(true);
    expect(stops('3.3.9')).toBe(false);
    expect(stops('2.7.5', 'server.shutdown=graceful')).toBe(true);
    expect(stops('3.5.0', 'server.shutdown=immediate')).toBe(false);
  });

  it('listen where the setting or its variable says', () => {
    const facts = readFacts({
      'pom.xml': boot('3.3.0', web),
      'src/main/java/com/acme/App.java': main,
      'src/main/resources/application.yml': 'server:\n  port: ${PORT:9000}\n',
    });
    expect(valuesOf(facts, 'listen')[0]!.port).toMatchObject({
      is: 'env',
      name: 'SERVER_PORT',
      fallback: { is: 'env', name: 'PORT', fallback: { is: 'literal', value: 9000 } },
    });
  });

  it('answer health checks below their base path', () => {
    const facts = readFacts({
      'pom.xml': boot('3.3.0', web, dependency('org.springframework.boot', 'spring-boot-starter-actuator')),
      'src/main/java/com/acme/App.java': main,
      'src/main/resources/application.yml':
        'management:\n  server:\n    port: 9001\n  endpoints:\n    web:\n      basePath: /manage\nserver:\n  servlet:\n    contextPath: /shop\n',
    });
    const helpers = valuesOf(facts, 'health-helper');
    expect(helpers.map(({ paths, platform }) => [platform, ...paths])).toEqual([
      [undefined, '/manage/health'],
      ['kubernetes', '/manage/health/liveness', '/manage/health/readiness'],
    ]);
    expect(helpers.every(({ port }) => port?.is === 'env' && port.name === 'MANAGEMENT_SERVER_PORT')).toBe(true);
  });
});

describe('modules', () => {
  const library =
    '<project><parent><groupId>com.acme</groupId><artifactId>all</artifactId><version>1</version></parent><artifactId>common</artifactId></project>';
  const files = {
    'pom.xml': `<project><groupId>com.acme</groupId><artifactId>all</artifactId><packaging>pom</packaging><modules><module>web</module><module>common</module></modules>
<dependencyManagement><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-dependencies</artifactId><version>2.6.1</version></dependency></dependencies></dependencyManagement></project>`,
    'common/pom.xml': library,
    'common/src/main/java/com/acme/Common.java':
      'package com.acme; import jakarta.servlet.http.HttpSession; class Common { void f(HttpSession s) { s.setAttribute("a", 1); } }',
    'web/pom.xml': `<project><parent><groupId>com.acme</groupId><artifactId>all</artifactId><version>1</version></parent><artifactId>web</artifactId>
<dependencies>${web}${dependency('com.acme', 'common')}</dependencies></project>`,
    'web/src/main/java/com/acme/App.java': main,
  };

  it('belong to the program that depends on them', () => {
    const facts = readFacts(files, 'web');
    expect(facts.find(({ kind }) => kind === 'session')?.place.path).toBe('common/src/main/java/com/acme/Common.java');
    expect(valuesOf(facts, 'shutdown-handler')[0]!.closes).toBe(false);
  });

  it('are no programs when they are libraries or parents', () => {
    const read = (path: string) => manifestAdapters.find((one) => one.classify(path))!.extract({ path, text: files[path as 'pom.xml'] });
    const packages = ['pom.xml', 'common/pom.xml', 'web/pom.xml']
      .flatMap((path) => read(path).facts as Fact<'package'>[])
      .map(({ value }) => value);
    const roots = new Map(packages.map((one) => [one.root, one]));
    expect(packages.map((one) => java.findPrograms!(one, roots, filesOf(files))?.length)).toEqual([undefined, undefined, 1]);
  });
});

describe('settings', () => {
  it('hold for their profile, and what a profile replaces does not', () => {
    const facts = readFacts({
      'pom.xml': boot(
        '3.3.0',
        web,
        dependency('org.springframework.boot', 'spring-boot-starter-data-jpa'),
        dependency('com.h2database', 'h2'),
      ),
      'src/main/java/com/acme/App.java': main,
      'src/main/resources/application.yml':
        'spring.datasource.url: jdbc:h2:mem:shop\n---\nspring:\n  config.activate.on-profile: prod\n  datasource.url: jdbc:postgresql://db:5432/shop\n',
    });
    const found = facts
      .filter(({ kind }) => kind === 'backing-service')
      .map(({ when, value }) => [(value as { technology: string }).technology, when]);
    expect(found).toEqual([
      [
        'h2',
        [
          { env: 'SPRING_PROFILES_ACTIVE', test: 'differs', value: 'prod' },
          { env: 'SPRING_DATASOURCE_URL', test: 'unset' },
        ],
      ],
      ['postgresql', [{ env: 'SPRING_PROFILES_ACTIVE', test: 'equals', value: 'prod' }]],
    ]);
  });
});
