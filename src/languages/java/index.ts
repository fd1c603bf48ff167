import type { Language } from '../language.ts';
import { findPrograms } from './find-programs.ts';
import { loadParser } from './parser.ts';
import { readProgram } from './program.ts';

/** Java and Kotlin programs built by Maven, Gradle or an editor: Spring Boot and other servers in a JAR, and archives for application servers. */
export const java: Language = {
  id: 'java',
  owns: (path) => /\.(?:java|kt)$/.test(path),
  manifests: ['pom.xml', 'build.gradle', 'build.gradle.kts', 'web.xml', 'build.xml', 'org.eclipse.wst.common.project.facet.core.xml'],
  program: readProgram,
  findPrograms,
  prepare: loadParser,
};
