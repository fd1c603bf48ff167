/** Profiles of Spring that are called after a developer's machine, and yet are what runs: nothing else is there, or a deployment names them. */
import type { FactValues } from '../facts.ts';
import type { Place, Repository, Service } from '../types.ts';
import { isComposeForProduction } from './compose-questions.ts';
import { placeholdersOf } from './placeholders.ts';
import { purposeOf } from './purpose.ts';

type SettingsDocument = FactValues['settings'];

const variable = 'SPRING_PROFILES_ACTIVE';
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const split = (text: string): readonly string[] => text.split(',').map((name) => name.trim());
const isForDevelopers = (profile: string): boolean => ['development', 'test'].includes(purposeOf(`application-${profile}.yml`));

/** `dev`, or the default of `${PROFILE:dev}`. */
function activeIn(documents: readonly SettingsDocument[]): readonly string[] {
  const texts = documents
    .filter(({ profile }) => profile === undefined)
    .flatMap(({ entries }) => entries.filter(({ key }) => key === 'spring.profiles.active').map(({ text }) => text));
  const [text = ''] = texts;
  const [placeholder] = placeholdersOf(text);
  const active = placeholder ? (placeholder.fallback ?? '') : text;
  return texts.length === 1 && /^[\w-]+(?:\s*,\s*[\w-]+)*$/.test(active.trim()) ? split(active) : [];
}

/** What deployments of a service set; those of developers count only where they say that something else runs. */
function named(service: Service, repository: Repository): readonly (readonly string[])[] {
  return service.deployments.flatMap(({ environment, purpose, platform, workload }) => {
    const value = environment.given.find(({ name }) => name === variable)?.value;
    if (purpose === 'test' || value === undefined) return [];
    const isReal = purpose !== 'development' && (platform !== 'compose' || isComposeForProduction(workload, repository));
    const profiles = value.known ? split(value.value) : [];
    return isReal || !profiles.every(isForDevelopers) ? [profiles] : [];
  });
}

/** Something of the image or its command chooses a profile. */
const isChosenByImage = ({ images }: Service): boolean =>
  images.some(
    ({ lineage, process }) =>
      lineage.some(({ env }) => env.some(({ name }) => name === variable)) ||
      process.steps.some(({ words }) => words.some((word) => /spring\.profiles\.active/i.test(word))),
  );

/** Whether the settings at a place hold where the program runs for others than its developers. */
export function makeRunsProfile(repository: Repository): (place: Place) => boolean {
  const documents = repository.facts.all('settings').filter(({ value: { name } }) => name === 'application' || name === 'bootstrap');
  const runs = (folder: string, profile: string): boolean => {
    const beside = documents.filter(({ place }) => folderOf(place.path) === folder).map(({ value }) => value);
    const service = repository.services
      .filter(({ root }) => root !== undefined && (root === '' || folder.startsWith(`${root}/`)))
      .sort((a, b) => b.root!.length - a.root!.length)[0];
    const given = service ? named(service, repository) : [];
    if (given.length > 0) return given.every((profiles) => profiles.includes(profile));
    const others = beside.flatMap((one) => one.profile ?? []);
    return activeIn(beside).includes(profile) && others.every(isForDevelopers) && !(service && isChosenByImage(service));
  };
  return ({ path, line }) => {
    const own = documents.find((one) => one.place.path === path && one.value.entries.some(({ place }) => place.line === line));
    const profile = own?.value.profile;
    return profile !== undefined && isForDevelopers(profile) && runs(folderOf(path), profile);
  };
}
