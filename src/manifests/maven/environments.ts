/** Profiles of a build that pack other resources each: one artefact for each environment instead of one for all. */
import { purposeOf } from '../../text/purpose.ts';
import { allElements, childAt, childrenOf, childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';

const idOf = (profile: XmlElement): string => childText(profile, 'id') ?? '';

/** Resource folders and filters that the profile itself adds. */
const ownResources = (profile: XmlElement): readonly string[] =>
  [
    ...childrenOf(childAt(profile, 'build', 'resources'), 'resource').map((resource) => childText(resource, 'directory') ?? ''),
    ...childrenOf(childAt(profile, 'build', 'filters'), 'filter').map(({ text }) => text),
  ].filter((folder) => folder !== '' && !/(?:^|\/)src\/main\/(?:resources|java|webapp)\/?$/.test(folder));

/** Names of properties in the folders and filters of the build itself, also of its plugins: `src/main/resources-${env}`. */
function chosenBy(project: XmlElement): ReadonlySet<string> {
  const build = childAt(project, 'build');
  const texts = (build ? allElements(build) : []).filter(({ name }) => name === 'directory' || name === 'filter').map(({ text }) => text);
  return new Set(texts.flatMap((text) => [...text.matchAll(/\$\{([\w.-]{1,100})\}/g)].map((match) => match[1]!)));
}

const isForTests = (profile: XmlElement): boolean => purposeOf(`${idOf(profile)}.xml`) === 'test';

export function readEnvironments(project: XmlElement): readonly AnyFact[] {
  const names = chosenBy(project);
  const differing = childrenOf(childAt(project, 'profiles'), 'profile').filter(
    (profile) =>
      !isForTests(profile) &&
      (ownResources(profile).length > 0 || (childAt(profile, 'properties')?.children ?? []).some(({ name }) => names.has(name))),
  );
  const [first, second] = differing;
  if (!first || !second) return [];
  const place = (profile: XmlElement) => childAt(profile, 'id')?.place ?? profile.place;
  return [
    {
      kind: 'environment-config',
      place: place(first),
      confidence: 'certain',
      value: { how: 'build', environments: differing.slice(0, 10).map(idOf), example: place(second) },
    },
  ];
}
