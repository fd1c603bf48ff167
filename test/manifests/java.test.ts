import { describe, expect, it } from 'vitest';
import { manifestAdapters } from '../../src/manifests/index.ts';
import { readJdbcUrl } from '../../src/text/jdbc-urls.ts';
import { readPlaceholders, variableOfKey } from '../../src/text/placeholders.ts';
import { readProperties } from '../../src/text/properties-document.ts';
import { readXml } from '../../src/text/xml-document.ts';
import type { AnyFact, Fact } from '../../src/types.ts';

const extract = (path: string, text: string) => manifestAdapters.find((one) => one.classify(path, text))!.extract({ path, text });
const factsOf = <K extends AnyFact['kind']>(path: string, text: string, kind: K) =>
  extract(path, text).facts.filter((fact): fact is Fact<K> & AnyFact => fact.kind === kind) as readonly Fact<K>[];
const place = { path: 'x', line: 1, column: 1, endLine: 1, endColumn: 2 };

describe('texts', () => {
  it('reads properties with continued lines, escapes and comments', () => {
    const text = '# comment\na.b = one\\\n   two\n! no\nkey\\:x:caf\\u00e9\nempty=\n';
    const found = readProperties({ path: 'a.properties', text }).map(({ key, value, place: at }) => [key, value, at.line, at.endLine]);
    expect(found).toEqual([
      ['a.b', 'onetwo', 2, 3],
      ['key:x', 'café', 5, 5],
      ['empty', '', 6, 6],
    ]);
  });

  it('reads placeholders with defaults, also nested', () => {
    expect(readPlaceholders('jdbc:${A:${B:x}}/y', place, () => undefined)).toMatchObject({
      is: 'text',
      parts: [{ value: 'jdbc:' }, { is: 'env', name: 'A', fallback: { is: 'env', name: 'B', fallback: { value: 'x' } } }, { value: '/y' }],
    });
    expect(variableOfKey('spring.data-source.urls[0]')).toBe('SPRING_DATASOURCE_URLS_0');
  });

  it('tells embedded databases from servers', () => {
    expect(readJdbcUrl('jdbc:h2:mem:a')).toMatchObject({ technology: 'h2', embedded: true });
    expect(readJdbcUrl('jdbc:h2:tcp://db/a')).toMatchObject({ embedded: false, host: 'db' });
    expect(readJdbcUrl('jdbc:hsqldb:hsql://db:9001/a')).toMatchObject({ embedded: false, host: 'db', port: 9001, database: 'a' });
    expect(readJdbcUrl('jdbc:oracle:thin:@//10.0.0.5:1521/SHOP')).toMatchObject({
      technology: 'oracle',
      host: '10.0.0.5',
      port: 1521,
      database: 'SHOP',
    });
    expect(readJdbcUrl('jdbc:oracle:thin:@10.0.0.5:1521:SHOP')).toMatchObject({ host: '10.0.0.5', database: 'SHOP' });
    expect(readJdbcUrl('jdbc:sqlserver://db;databaseName=shop')).toMatchObject({ technology: 'mssql', host: 'db', database: 'shop' });
    expect(readJdbcUrl('https://x')).toBeUndefined();
  });

  it('bounds XML: depth, entities, broken files', () => {
    const deep = readXml({ path: 'a.xml', text: '<a>'.repeat(5000) });
    expect(deep).toMatchObject({ failed: { reason: 'syntax-error' } });
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>';
    expect(JSON.stringify(readXml({ path: 'a.xml', text: bomb })).length).toBeLessThan(500);
    expect(readXml({ path: 'a.xml', text: '<a><b></a>' })).toMatchObject({ failed: { place: { line: 1 } } });
  });

  it('knows the places of elements and attributes', () => {
    const read = readXml({ path: 'a.xml', text: '<?xml version="1.0"?>\n<x:a>\n  <b\n    key="v"/>\n</x:a>' });
    if ('failed' in read) throw new Error(read.failed.message);
    const [b] = read.root.children;
    expect([read.root.name, b!.place.line, b!.attributes.get('key')!.place.line]).toEqual(['a', 3, 4]);
  });
});

describe('builds', () => {
  it('reads Gradle blocks and skips comments and tests', () => {
    const text = `plugins {
  id 'org.springframework.boot' version '3.2.1'
  id("war")
}
// implementation 'no:no:1'
dependencies {
  implementation 'org.springframework.boot:spring-boot-starter-web'
  implementation project(':common:util')
  testImplementation 'junit:junit:4'
  runtimeOnly "com.h2database:h2"
}`;
    const { build } = factsOf('app/build.gradle', text, 'package')[0]!.value;
    expect(build!.dependencies.map(({ artifact, scope }) => `${artifact} ${scope}`)).toEqual([
      'spring-boot-starter-web compile',
      'h2 runtime',
    ]);
    expect(build!.plugins.map(({ artifact, version }) => `${artifact} ${version}`)).toEqual([
      'org.springframework.boot 3.2.1',
      'war undefined',
    ]);
    expect([build!.packaging, build!.projects]).toEqual(['war', ['common/util']]);
  });

  it('fills in the properties of a pom.xml', () => {
    const text =
      '<project><artifactId>a</artifactId><properties><v>1.2</v></properties><dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId><version>${v}</version></dependency></dependencies></project>';
    expect(factsOf('pom.xml', text, 'package')[0]!.value.build!.dependencies[0]).toMatchObject({
      group: 'g',
      artifact: 'b',
      version: '1.2',
    });
  });
});

describe('settings', () => {
  const path = 'src/main/resources/application-prod.yml';

  it('keep no secret in any fact', () => {
    const { facts } = extract(
      path,
      'spring:\n  datasource:\n    password: Winter-Forest-77\n    url: jdbc:mysql://shop:Sommer-99@db/shop\n    other: ${X:Herbst-88}\napp:\n  secret: ${S:Herbst-88}\n',
    );
    expect(facts.filter(({ kind }) => kind === 'secret')).toHaveLength(2);
    expect(JSON.stringify(facts)).not.toMatch(/Winter-Forest|Sommer-99/);
    const fallback = facts.find((fact): fact is Fact<'settings'> & AnyFact => fact.kind === 'settings')!.value.entries.at(-1)!;
    expect(fallback.text).not.toContain('Herbst');
  });

  it('take no manifest of Kubernetes for settings', () => {
    const text = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n';
    expect(manifestAdapters.find((one) => one.classify('deploy/application.yml', text))?.id).not.toBe('java-settings');
  });

  it('split documents by profile', () => {
    const text = 'a=1\n#---\nspring.config.activate.on-profile=prod\na=2\n';
    const found = factsOf('src/main/resources/application.properties', text, 'settings').map(({ value }) => [
      value.profile,
      value.entries.at(-1)!.text,
    ]);
    expect(found).toEqual([
      [undefined, '1'],
      ['prod', '2'],
    ]);
  });
});

describe('Cloud Foundry', () => {
  it('reads apps, their instances, memory and health check', () => {
    const text = `applications:
- name: shop
  path: shop/target/shop-1.0.jar
  instances: 2
  memory: 1G
  health-check-type: http
  health-check-http-endpoint: /actuator/health
  env:
    DB_PASSWORD: ((db))
`;
    const [fact] = factsOf('manifest.yml', text, 'workload');
    const { replicas, build, containers, platform } = fact!.value;
    expect([platform, replicas?.known && replicas.value, build?.context]).toEqual(['cloud-foundry', 2, 'shop']);
    expect(containers[0]).toMatchObject({
      readiness: { type: 'http', path: { value: '/actuator/health' } },
      resources: { memoryLimit: { value: 1024 ** 3 } },
    });
    expect(containers[0]!.env[0]!.value).toMatchObject({ known: false });
  });

  it('keeps what sidecars take out of the memory of the app, and takes the settings of its web process', () => {
    const text = `applications:
- name: shop
  memory: 1G
  processes:
  - type: worker
    instances: 9
  - type: web
    instances: 3
  sidecars:
  - name: agent
    memory: 256M
  services: [orders-db]
`;
    const [fact] = factsOf('manifest.yml', text, 'workload');
    const [container] = fact!.value.containers;
    expect(fact!.value.replicas).toMatchObject({ value: 3 });
    expect(container!.resources).toMatchObject({ memoryLimit: { value: 768 * 1024 ** 2 }, memoryRequest: { value: 1024 ** 3 } });
    expect(container!.env.map(({ name }) => name)).toEqual(['VCAP_SERVICES']);
  });

  it('keeps no secret of a variables file, and nothing of a file that is no map', () => {
    const text = 'instances: 3\ndb_password: Hq8!vTr2pLw9\nnested: {a: 1}\n';
    expect(factsOf('cf/vars-prod.yml', text, 'manifest-variables').map(({ value }) => value.entries.map(({ name }) => name))).toEqual([
      ['instances'],
    ]);
    expect(factsOf('vars.yml', '- a\n- b\n', 'manifest-variables')).toEqual([]);
    expect(factsOf('vars.yml', 'a: [', 'manifest-variables')).toEqual([]);
  });
});

describe('logging', () => {
  it('counts appenders that loggers use, outside of profiles for developers', () => {
    const text = `<configuration>
  <appender name="A" class="ch.qos.logback.core.FileAppender"><file>a.log</file></appender>
  <appender name="B" class="ch.qos.logback.core.ConsoleAppender"/>
  <springProfile name="dev"><root><appender-ref ref="A"/></root></springProfile>
  <root><appender-ref ref="B"/></root>
</configuration>`;
    expect(factsOf('src/main/resources/logback-spring.xml', text, 'log-sink').map(({ value }) => value.sink)).toEqual(['console']);
    const log4j =
      'log4j.rootLogger=INFO, F\nlog4j.appender.F=org.apache.log4j.RollingFileAppender\nlog4j.appender.F.File=a.log\nlog4j.appender.C=org.apache.log4j.ConsoleAppender\n';
    expect(factsOf('src/main/resources/log4j.properties', log4j, 'log-sink').map(({ value }) => value.sink)).toEqual(['file']);
  });
});

describe('images of build plugins', () => {
  it('are named by Maven and Gradle', () => {
    const pom = `<project><artifactId>shop</artifactId><version>1.2.0</version><properties><registry>registry.acme.com</registry></properties>
<build><plugins><plugin><artifactId>jib-maven-plugin</artifactId><configuration><to><image>\${registry}/\${project.artifactId}:\${project.version}</image></to></configuration></plugin></plugins></build>
<profiles><profile><id>image</id><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId><configuration><image><name>shop-packs</name></image></configuration></plugin></plugins></build></profile></profiles></project>`;
    const [maven] = factsOf('pom.xml', pom, 'package');
    expect(maven!.value.build!.images).toEqual(['registry.acme.com/shop:1.2.0', 'shop-packs']);
    const gradle =
      "plugins { id 'com.google.cloud.tools.jib' }\njib { from { image = 'base:1' }\n to { image = 'registry.acme.com/cart:2' } }\n";
    expect(factsOf('build.gradle', gradle, 'package')[0]!.value.build!.images).toEqual(['registry.acme.com/cart:2']);
  });
});

describe('settings', () => {
  it('that Maven fills in are placeholders', () => {
    const [fact] = factsOf('src/main/resources/application.yml', 'server:\n  port: 9090\n  name: @name@\n  mail: a@b.com\n', 'settings');
    expect(fact!.value.entries.map(({ key, text }) => `${key}=${text}`)).toEqual([
      'server.port=9090',
      'server.name=<name>',
      'server.mail=a@b.com',
    ]);
  });

  it('that cannot be read are marked', () => {
    expect(factsOf('src/main/resources/application.yml', 'a: [1\n', 'settings')).toMatchObject([{ value: { damaged: true } }]);
  });
});
