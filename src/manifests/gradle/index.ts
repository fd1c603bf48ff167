/**
 * build.gradle and build.gradle.kts → `package` facts with the module's build. A build script is a program and is never run:
 * only what its usual blocks say literally is read.
 */
import type { BuildModule, BuildReference } from '../../facts.ts';
import { withoutScripts } from '../../text/package-without-scripts.ts';
import { LineMap } from '../../text/positions.ts';
import type { Adapter, Extraction, Place, SourceFile } from '../../types.ts';
import { blankComments } from './blank-comments.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

interface Script {
  readonly text: string;
  readonly lines: LineMap;
  readonly properties: Readonly<Record<string, string>>;
}

const property = /(?:^|[\s{(;])(?:val\s+|def\s+|set\(|extra\[)?["']?([A-Za-z][\w.-]{0,80})["']?\]?\s*[=,]\s*["']([\w.+-]{1,100})["']/g;
/** `ext { bootVersion = '3.2.0' }`, `val bootVersion = "3.2.0"`, `set('springCloudVersion', "2020.0.0")`. */
const readVariables = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...text.matchAll(property)].map(([, name, value]) => [name!, value!]));

const fillIn = (text: string, properties: Readonly<Record<string, string>>): string =>
  text.replace(/\$\{?([A-Za-z][\w.]{0,80})\}?/g, (whole, name: string) => {
    const own = name.replace(/^(?:rootProject\.|project\.)?(?:ext\.)?/, '');
    return Object.hasOwn(properties, own) ? properties[own]! : whole;
  });

const placeOf = ({ lines }: Script, match: RegExpMatchArray): Place => {
  const start = match.index! + (match[0].length - match[0].trimStart().length);
  return lines.place(start, match.index! + match[0].length);
};

const configurations: Readonly<Record<string, string>> = {
  implementation: 'compile',
  api: 'compile',
  compile: 'compile',
  runtime: 'runtime',
  runtimeOnly: 'runtime',
  compileOnly: 'provided',
  providedRuntime: 'provided',
  providedCompile: 'provided',
  developmentOnly: 'development',
  classpath: 'build',
};
const dependency =
  /(?:^|[\s{;])(implementation|api|compile|runtime|runtimeOnly|compileOnly|providedRuntime|providedCompile|developmentOnly|classpath)\b[\s(]{0,10}(?:(?:platform|enforcedPlatform)\s*\(\s*)?["']([\w.-]{1,150}):([\w.-]{1,150})(?::([^"'\s]{1,100}))?["']/g;
const mapped =
  /(?:^|[\s{;])(implementation|api|compile|runtimeOnly|compileOnly)\b[\s(]{0,10}group\s*[:=]\s*["']([\w.-]{1,150})["']\s*,\s*name\s*[:=]\s*["']([\w.-]{1,150})["']/g;

function readDependencies(script: Script): readonly BuildReference[] {
  const catalogued = [...script.text.matchAll(catalogLibrary)].map((match) => ({
    group: 'libs',
    artifact: match[2]!.replace(/\.get$/, ''),
    scope: configurations[match[1]!]!,
    place: placeOf(script, match),
  }));
  const written = [...script.text.matchAll(dependency), ...script.text.matchAll(mapped)].map((match) => {
    const version = match[4] === undefined ? undefined : fillIn(match[4], script.properties);
    return {
      group: match[2]!,
      artifact: match[3]!,
      ...(version === undefined ? {} : { version }),
      scope: configurations[match[1]!]!,
      place: placeOf(script, match),
    };
  });
  return [...written, ...catalogued];
}

const bom = /mavenBom\s*\(?\s*["']([\w.-]{1,150}):([\w.-]{1,150}):([^"'\s]{1,100})["']/g;
const plugin =
  /(?:^|[\s{;])id\s*\(?\s*["']([\w.-]{1,150})["'](?:\s*\))?(?:\s*version\s*\(?\s*["']([^"'\s]{1,100})["'])?(\s*\)?\s*apply\s*\(?\s*false)?/g;
const applied = /apply\s*\(?\s*plugin\s*[:=]\s*["']([\w.-]{1,150})["']/g;
const core = /^\s{0,20}(war|ear|application|java|`java-library`)\s*$/gm;
const catalogPlugin = /alias\s*\(\s*libs\.plugins\.([\w.]{1,150})\s*\)(\s*apply\s*\(?\s*false)?/g;
const catalogLibrary =
  /(?:^|[\s{;])(implementation|api|compile|runtime|runtimeOnly|compileOnly|providedRuntime|providedCompile|developmentOnly|classpath)\b[\s(]{1,10}(?:(?:platform|enforcedPlatform)\s*\(\s*)?libs\.([A-Za-z][\w.]{0,150})/g;

function readPlugins(script: Script): readonly (BuildReference & { readonly unapplied?: boolean })[] {
  const named = [...script.text.matchAll(plugin)].map((match) => ({
    group: '',
    artifact: match[1]!,
    ...(match[2] === undefined ? {} : { version: fillIn(match[2], script.properties) }),
    place: placeOf(script, match),
    unapplied: match[3] !== undefined,
  }));
  const others = [...script.text.matchAll(applied), ...script.text.matchAll(core)].map((match) => ({
    group: '',
    artifact: match[1]!,
    place: placeOf(script, match),
  }));
  const catalogued = [...script.text.matchAll(catalogPlugin)].map((match) => ({
    // What the catalogue calls so is looked up by the language.
    group: 'libs',
    artifact: `plugins.${match[1]!}`,
    place: placeOf(script, match),
    unapplied: match[2] !== undefined,
  }));
  return [...named, ...others, ...catalogued];
}

const project = /\bproject\s*\(\s*(?:path\s*[:=]\s*)?["']:([\w.:-]{1,200})["']/g;
const quoted = /["']:?([\w.:/-]{1,200})["']/g;

/** `include 'a', 'b:c'` of settings.gradle, which lie in folders `a` and `b/c`. */
function readIncludes(text: string): readonly string[] {
  const lists = [...text.matchAll(/(?:^|\s)include\b[\s(]{0,10}([^\n)]{1,2000}(?:,\s*\n[^\n)]{1,500}){0,200})/g)].map(([, list]) => list!);
  return lists.flatMap((list) => [...list.matchAll(quoted)].map(([, name]) => name!.replaceAll(':', '/')));
}

const bootImage = /bootBuildImage\s*\{[^{}]{0,1000}?imageName\s*(?:=|\.set\()?\s*["']([^"'\s]{1,200})["']/g;
const jibImage = /\bto\s*\{[^{}]{0,500}?image\s*=\s*["']([^"'\s]{1,200})["']/g;
/** `bootBuildImage { imageName = 'shop' }`, `jib { to { image = 'shop' } }`. */
const readImages = ({ text, properties }: Script): readonly string[] => {
  const found = [...text.matchAll(bootImage), ...(text.includes('jib') ? text.matchAll(jibImage) : [])];
  return found.map(([, name]) => fillIn(name!, properties));
};

const jibFlags = /\bjvmFlags\s*(?:=|\.set\()\s*(?:listOf\s*\(|\[)([^\])]{1,1000})/g;

/** `jib { container { jvmFlags = ['-Xmx512m'] } }`. */
function readJvmFlags(script: Script): Pick<BuildModule, 'jvmFlags'> {
  const lists = script.text.includes('jib') ? [...script.text.matchAll(jibFlags)] : [];
  const flags = lists.flatMap((list) =>
    [...list[1]!.matchAll(/["']([^"'\s]{1,200})["']/g)].map(([, text]) => ({
      text: fillIn(text!, script.properties),
      place: placeOf(script, list),
    })),
  );
  return flags.length > 0 ? { jvmFlags: flags } : {};
}

const noBootJar =
  /\bbootJar\b["')\s]{0,5}(?:\{[^{}]{0,300}?\b(?:enabled|isEnabled)\s*=\s*false\b|\.(?:enabled|isEnabled)\s*=\s*false\b)|\bwithType\s*<\s*BootJar\s*>\s*(?:\(\s*\)\s*)?\{[^{}]{0,300}?\b(?:enabled|isEnabled)\s*=\s*false\b/;
/** `bootJar { enabled = false }` of the module itself, not what a parent says for those below it. */
function isPlainLibrary(text: string): boolean {
  const found = text.includes('ootJar') ? noBootJar.exec(text) : null;
  return found !== null && !/\b(?:subprojects|allprojects|configure)\b/.test(text.slice(0, found.index));
}

function readModule(script: Script, start: Place): BuildModule {
  const plugins = readPlugins(script);
  const war = plugins.find(({ artifact }) => artifact === 'war' || artifact === 'ear');
  const group = /(?:^|\n)\s{0,20}group\s*=?\s*["']([\w.-]{1,150})["']/.exec(script.text)?.[1];
  return {
    tool: 'gradle',
    ...(group === undefined ? {} : { group }),
    packaging: war?.artifact ?? 'jar',
    packagingPlace: war?.place ?? start,
    properties: script.properties,
    dependencies: readDependencies(script),
    managed: [...script.text.matchAll(bom)].map((match) => ({
      group: match[1]!,
      artifact: match[2]!,
      version: fillIn(match[3]!, script.properties),
      place: placeOf(script, match),
    })),
    plugins: plugins.filter(({ unapplied }) => !unapplied),
    managedPlugins: plugins.filter(({ unapplied }) => unapplied),
    modules: readIncludes(script.text),
    projects: [...script.text.matchAll(project)].map(([, name]) => name!.replaceAll(':', '/')),
    profiles: [],
    images: readImages(script),
    ...(isPlainLibrary(script.text) ? { isLibrary: true as const } : {}),
    ...readJvmFlags(script),
  };
}

function extract(file: SourceFile): Extraction {
  const text = blankComments(file.text);
  const lines = new LineMap(file.path, text);
  const start = lines.place(0, Math.min(1, text.length));
  const root = folderOf(file.path);
  const value = {
    ...(root === '' ? {} : { name: root.slice(root.lastIndexOf('/') + 1) }),
    root,
    ...withoutScripts,
    namePlace: start,
    build: readModule({ text, lines, properties: readVariables(text) }, start),
  };
  return { facts: [{ kind: 'package', place: start, confidence: 'certain', value }], notAssessed: [] };
}

export const gradleAdapter: Adapter = {
  id: 'gradle',
  // `rootProject.children.each { it.buildFileName = "${it.name}.gradle" }` is usual in large builds.
  classify: (path) =>
    /\.gradle(?:\.kts)?$/.test(path) &&
    (/^build\.gradle(?:\.kts)?$/.test(baseName(path)) || /(?:^|\/)([\w.-]{1,100})\/\1\.gradle(?:\.kts)?$/.test(path)),
  extract,
};
