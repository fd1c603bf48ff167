import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/languages/java/version-catalog.ts';

const read = (text: string) => readCatalog({ path: 'gradle/libs.versions.toml', text });

describe('version catalogues', () => {
  it('name libraries, bundles and plugins in every form', () => {
    const { libraries, bundles, plugins } = read(`[versions]
boot = "3.4.1"
redis = { strictly = "6.5" }
[libraries]
boot-web = { module = "org.springframework.boot:spring-boot-starter-web", version.ref = "boot" }
boot_redis = { group = "org.springframework.boot", name = "spring-boot-starter-data-redis", version = "3.4.1" }
lettuce = "io.lettuce:lettuce-core:6.5"
jedis = { module = "redis.clients:jedis", version.ref = "redis" }
[bundles]
web = ["boot-web", "boot_redis"]
[plugins]
spring-boot = { id = "org.springframework.boot", version.ref = "boot" }
jib = "com.google.cloud.tools.jib:3.4"
`);
    expect(libraries['boot.web']).toEqual({ group: 'org.springframework.boot', artifact: 'spring-boot-starter-web', version: '3.4.1' });
    expect(libraries['boot.redis']).toMatchObject({ artifact: 'spring-boot-starter-data-redis', version: '3.4.1' });
    expect([libraries.lettuce?.version, libraries.jedis?.version]).toEqual(['6.5', '6.5']);
    expect(bundles.web).toEqual(['boot.web', 'boot.redis']);
    expect([plugins['spring.boot']?.version, plugins.jib?.artifact]).toEqual(['3.4.1', 'com.google.cloud.tools.jib']);
  });

  it('that are broken name nothing', () => {
    expect(read('[libraries\nx = ').libraries).toEqual({});
    expect(read(`[libraries]\nx = ${'['.repeat(20_000)}`).libraries).toEqual({});
  });

  it('of any shape are read', () => {
    const value = fc.constantFrom('1', '"a"', '"a:b"', '[1]', '{}', '{ id = 1 }', '{ module = "a" }', '{ version.ref = "x" }', 'true');
    fc.assert(
      fc.property(fc.constantFrom('versions', 'libraries', 'bundles', 'plugins'), value, (table, text) => {
        expect(Object.keys(read(`[${table}]\nx = ${text}\n__proto__ = ${text}`))).toEqual(['libraries', 'bundles', 'plugins']);
      }),
    );
  });
});
