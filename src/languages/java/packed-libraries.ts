/** Libraries that a web project keeps as JARs: their names stand for the dependencies that no build file lists. */
import type { BuildReference } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { FileAccess } from '../language.ts';

/** Groups under which rules know the libraries, by the start of the JAR's name. */
const groups: readonly (readonly [RegExp, string])[] = [
  [/^spring-boot/, 'org.springframework.boot'],
  [/^spring-session/, 'org.springframework.session'],
  [/^spring-/, 'org.springframework'],
  [/^redisson/, 'org.redisson'],
  [/^micrometer-/, 'io.micrometer'],
  [/^quartz(?:$|-\d|-jobs)/, 'org.quartz-scheduler'],
  [/^ehcache-core/, 'net.sf.ehcache'],
  [/^ehcache/, 'org.ehcache'],
  [/^hazelcast/, 'com.hazelcast'],
  [/^caffeine/, 'com.github.ben-manes.caffeine'],
  [/^metrics-core/, 'io.dropwizard.metrics'],
  [/^resilience4j-/, 'io.github.resilience4j'],
  [/^(?:atomikos|transactions-jta)/, 'com.atomikos'],
  [/^simpleclient/, 'io.prometheus'],
];
const mostJars = 500;
const jar = /\/WEB-INF\/lib\/([A-Za-z][\w.-]{0,120}?)(?:-(\d[\w.-]{0,60}))?\.jar$/;

export function packedLibraries(root: string, files: FileAccess, place: Place): readonly BuildReference[] {
  return files
    .under(root)
    .flatMap((path) => {
      const match = jar.exec(path);
      if (!match) return [];
      const artifact = match[1]!;
      const group = groups.find(([pattern]) => pattern.test(artifact))?.[1] ?? '';
      return [{ group, artifact, ...(match[2] ? { version: match[2] } : {}), place }];
    })
    .slice(0, mostJars);
}
