/**
 * application*.properties and *.yml, bootstrap files and other properties of a program → `settings` facts, one for each document;
 * passwords in them → `secret` facts. Secret values stay in no fact.
 */
import type { Purpose, SettingEntry } from '../../facts.ts';

import { readJdbcUrl } from '../../text/jdbc-urls.ts';
import { readProperties } from '../../text/properties-document.ts';
import { purposeOf, saysThrowaway } from '../../text/purpose.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, Fact, Place, SourceFile } from '../../types.ts';
import { type JudgedSetting, judgeSetting } from './judge-setting.ts';
import { isDropwizard, isServed, mayBeDropwizard, mayBeServed, servedName } from './other-settings.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const springFile = /^(application|bootstrap)(?:-([\w-]+))?\.(?:properties|ya?ml)$/;
/** Texts in many languages and settings of tools, not of the program. */
const otherFile =
  /^(?:messages?|validation|i18n|labels?|texts?|log4j2?|logging|simplelogger|git|build|banner|junit|gradle|gradle-wrapper|maven|maven-wrapper|generator|sonar-project|lombok|jndi|ehcache|quartz-test)(?:[._-].*)?\.properties$|_[a-z]{2}(?:_[A-Z]{2})?\.properties$|(?:message|errors?)[\w.-]*\.properties$/i;

/** `application-ldap-sample.yml` shows how it could be; nothing reads it. `testDatabase.properties` is for tests. */
const isSample = (name: string): boolean =>
  /[.-](?:sample|example|template|dist)\.(?:properties|ya?ml)$/i.test(name) || /^test(?:[A-Z]\w*|[._-][\w.-]*|)\.properties$/.test(name);

/** Sentences for people under keys: a catalogue of texts, whatever its name. */
function isTextCatalogue(pairs: readonly Pair[]): boolean {
  if (pairs.length < 15) return false;
  const sentences = pairs.filter(({ value }) => /\p{L}+[ ,.:!?]+\p{L}+/u.test(value) && !/[=;]|:\/\//.test(value));
  return sentences.length * 3 > pairs.length;
}

const isResource = (path: string): boolean =>
  /(?:^|\/)(?:src\/main\/resources|WEB-INF|conf|config|resources)\//.test(path) ||
  /(?:^|\/)(?:src|WebRoot|WebContent)\/[\w.-]+\.properties$/.test(path);

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly place: Place;
}

const maxDepth = 50;
/** `@name@`, which Maven fills in, is no YAML: as `<name>` it is a placeholder of the same length. */
const unfiltered = (text: string): string => text.replace(/(?<![\w.])@([A-Za-z][\w.-]{0,100})@(?![\w.])/g, '<$1>');

/** Nested maps as dotted keys; lists as `key[0]`. */
function flatten(node: YamlNode, key: string, keyPlace: Place | undefined, pairs: Pair[], depth: number): void {
  if (depth > maxDepth) return;
  if (node.kind === 'scalar') {
    const place = keyPlace ? { ...keyPlace, endLine: node.place.endLine, endColumn: node.place.endColumn } : node.place;
    if (node.value !== null) pairs.push({ key, value: node.text, place });
  } else if (node.kind === 'map') {
    for (const entry of node.entries.values())
      flatten(entry.value, key === '' ? entry.key : `${key}.${entry.key}`, entry.keyPlace, pairs, depth + 1);
  } else {
    for (const [index, item] of node.items.entries()) flatten(item, `${key}[${index}]`, undefined, pairs, depth + 1);
  }
}

/** `$PORT:8080` is how Ktor writes `${PORT:8080}`. */
const ofKtor = (pair: Pair): Pair => ({
  ...pair,
  value: pair.value.replace(/^\$\??([A-Za-z_]\w{0,100})(:.*)?$/s, (_, name: string, rest = '') => `\${${name}${rest}}`),
});

/** Spring's canonical form: `spring.jpa.hibernate.ddlAuto` and `ddl-auto` are one key. */
const canonical = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/_/g, '-')
    .toLowerCase();

const prefixOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('.')));

/** Beside the URL of a database inside of the program, the password opens nothing that others could reach. */
const embeddedPrefixes = (pairs: readonly Pair[]): ReadonlySet<string> =>
  new Set(pairs.filter(({ value }) => readJdbcUrl(value)?.embedded === true).map(({ key }) => prefixOf(key)));

const profileKeys = ['spring.config.activate.on-profile', 'spring.profiles'];

/** What its profile is for; without one, what the folder of the resources says that a build chooses (`profiles/local/`). */
function purposeOfProfile(profile: string | undefined, path: string): Purpose {
  if (profile !== undefined) return saysThrowaway(profile) ? 'development' : purposeOf(`${profile}.yml`);
  const chosen = /\/resources\/(.+\/)[^/]*$/.exec(path)?.[1];
  return chosen === undefined ? 'unknown' : purposeOf(`${chosen}settings`);
}

interface Document {
  readonly name: string;
  readonly profile: string | undefined;
  readonly isSpring: boolean;
  /** Keys that production gives other values. */
  readonly replaced: ReadonlySet<string>;
}

export function documentFacts({ name, profile: fileProfile, isSpring, replaced }: Document, pairs: readonly Pair[]): readonly AnyFact[] {
  const [first] = pairs;
  if (!first) return [];
  const own = pairs.find(({ key }) => profileKeys.includes(canonical(key)))?.value;
  const profile = own ?? fileProfile;
  const purpose = purposeOfProfile(profile === 'default' ? undefined : profile, first.place.path);
  const embedded = embeddedPrefixes(pairs);
  const judged = pairs.map((pair): JudgedSetting => {
    const { text, secret } = judgeSetting(pair, purpose);
    return secret && !embedded.has(prefixOf(pair.key)) && !replaced.has(pair.key) ? { text, secret } : { text };
  });
  const entries: SettingEntry[] = judged.map(({ text }, index) => {
    const { key, place } = pairs[index]!;
    return { key: isSpring ? canonical(key) : key, text, place };
  });
  const settings: Fact<'settings'> = {
    kind: 'settings',
    place: first.place,
    confidence: 'certain',
    value: { name, ...(profile === undefined ? {} : { profile }), entries },
  };
  return [settings, ...judged.flatMap(({ secret }) => secret ?? [])];
}

/** `%dev.quarkus.datasource.username` holds under a profile of Quarkus; of several the first is told. */
function splitProfiles(pairs: readonly Pair[]): readonly (readonly [string | undefined, readonly Pair[]])[] {
  const parts = new Map<string | undefined, Pair[]>([[undefined, []]]);
  for (const pair of pairs) {
    const match = /^"?%([\w-]{1,50})(?:,[\w,-]{1,200})?"?\.(.+)$/s.exec(pair.key);
    const own = parts.get(match?.[1]) ?? [];
    parts.set(match?.[1], own);
    own.push(match ? { ...pair, key: match[2]! } : pair);
  }
  return [...parts];
}

/** `resources/dev/db.properties`, `conf/db-local.properties`: a build for developers packs it, as it does what belongs to a profile. */
function developersOf(path: string): string | undefined {
  const folder = /(?:^|\/)(?:resources|conf|config|profiles?|filters?|env(?:ironments?)?)\/([\w-]{1,50})\/[^/]+$/.exec(path)?.[1];
  const suffix = /[-_.]([a-z]{3,20})\.properties$/.exec(path)?.[1];
  return [folder, suffix].find((name) => name !== undefined && ['development', 'test'].includes(purposeOf(`${name}.xml`)));
}

function extract(file: SourceFile): Extraction {
  const spring = springFile.exec(baseName(file.path));
  const stem = baseName(file.path).replace(/\.[^.]*$/, '');
  const isOfServer = !spring && isServed(file.path, file.text);
  const [name, suffix] = isOfServer ? servedName(stem) : [spring?.[1] ?? stem, spring?.[2]];
  const factsOf = (pairs: readonly Pair[]): readonly AnyFact[] => {
    const parts = splitProfiles(pairs);
    // Quarkus runs under `prod` unless told otherwise: beside `%prod.…`, the plain key is for developers.
    const forProduction = new Set(parts.find(([profile]) => profile === 'prod')?.[1].map(({ key }) => key));
    return parts.flatMap(([profile, own]) =>
      documentFacts(
        {
          name,
          profile: profile ?? suffix ?? developersOf(file.path),
          isSpring: spring !== null || isOfServer,
          replaced: profile === undefined ? forProduction : new Set(),
        },
        own,
      ),
    );
  };
  if (/\.ya?ml$/.test(file.path)) {
    const { documents, notAssessed } = readYaml({ ...file, text: unfiltered(file.text) });
    const facts = documents.flatMap((document) => {
      const pairs: Pair[] = [];
      flatten(document, '', undefined, pairs, 0);
      return factsOf(pairs.some(({ key }) => key.startsWith('ktor.')) ? pairs.map(ofKtor) : pairs);
    });
    const isDamaged = notAssessed.some(({ failed }) => failed);
    return { facts: isDamaged ? [...facts, damagedSettings(name, file.path)] : facts, notAssessed };
  }
  const documents = splitDocuments(file);
  if (!spring && isTextCatalogue(documents.flat())) return { facts: [], notAssessed: [] };
  return { facts: documents.flatMap(factsOf), notAssessed: [] };
}

/** What could not be read may set anything. */
const damagedSettings = (name: string, path: string): AnyFact => ({
  kind: 'settings',
  place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 },
  confidence: 'certain',
  value: { name, entries: [], damaged: true },
});

/** `#---` separates documents since Spring Boot 2.4. */
function splitDocuments(file: SourceFile): readonly (readonly Pair[])[] {
  const separators = file.text.split(/\r\n|\r|\n/).flatMap((line, index) => (/^[#!]---\s*$/.test(line) ? [index + 1] : []));
  const documents: Pair[][] = [[]];
  for (const pair of readProperties(file)) {
    while (separators.length > 0 && separators[0]! < pair.place.line) {
      separators.shift();
      documents.push([]);
    }
    documents.at(-1)!.push(pair);
  }
  return documents;
}

/** Tests, and the copies that a compiler makes. */
const isTestPath = (path: string): boolean =>
  /(?:^|\/)(?:src\/(?:\w*test\w*|integration-test|it)|(?:WEB-INF|build|target|bin|out)\/classes|build\/resources|target\/[\w.-]+\/(?:WEB|META)-INF)\//i.test(
    path,
  );
/** `application.yml` is also what people call manifests of Kubernetes and Argo CD. */
const isSpringText = (text: string): boolean =>
  !/^(?:apiVersion|kind):/m.test(text) && /^(?:spring|server|management|logging|eureka|quarkus|micronaut|security)\b/m.test(text);

export const javaSettingsAdapter: Adapter = {
  id: 'java-settings',
  needsText: (path) => {
    if (!/\.ya?ml$/.test(path)) return false;
    return springFile.test(baseName(path)) ? !isResource(path) : mayBeServed(path) || mayBeDropwizard(path);
  },
  classify(path, head) {
    const name = baseName(path);
    if (isTestPath(path) || isSample(name)) return false;
    if (springFile.test(name)) return isResource(path) || name.endsWith('.properties') || (head !== undefined && isSpringText(head));
    if (name.endsWith('.properties')) return isResource(path) && !otherFile.test(name);
    if (head === undefined) return false;
    return (mayBeServed(path) && isServed(path, head)) || (mayBeDropwizard(path) && isDropwizard(head));
  },
  extract,
};
