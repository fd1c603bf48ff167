import type { Workload } from '../facts.ts';
import { groupBy } from '../text/group-by.ts';
import type { AnyFact, Fact } from '../types.ts';
import { findBuiltDockerfile } from './links/compose-build.ts';
import { folderOf, joinPath, lastSegment } from './path-tree.ts';

type Service = Fact<'workload'>;

const baseName = /^(?:docker-)?compose\.ya?ml$/;
/** Without image and build it can't run by itself. */
const isWhole = ({ value }: Service): boolean =>
  !value.completes && (value.build !== undefined || value.containers[0]?.image !== undefined);

/** A production file that holds every service of the base as a whole is used instead of the base, not over it. */
const replaces = (own: readonly Service[], base: readonly Service[]): boolean =>
  own.every((service) => service.value.purpose === 'production' && isWhole(service)) &&
  base.every(({ value: { name } }) => own.some(({ value }) => value.name === name));

/** Base files of Compose that a whole production file beside them replaces, with what replaces each. */
function findReplaced(facts: readonly AnyFact[]): readonly { readonly base: readonly Service[]; readonly by: readonly Service[] }[] {
  const services = facts.filter((fact): fact is Service => fact.kind === 'workload' && fact.value.platform === 'compose');
  return [...groupBy(services, ({ place }) => folderOf(place.path)).values()].flatMap((inFolder) => {
    const files = groupBy(inFolder, ({ place }) => place.path);
    const path = [...files.keys()].find((one) => baseName.test(lastSegment(one)));
    const base = path === undefined ? [] : files.get(path)!;
    const by = [...files].find(([other, own]) => other !== path && replaces(own, base))?.[1];
    return base.length > 0 && by ? [{ base, by }] : [];
  });
}

const isOpen = ({ purpose }: Pick<Workload, 'purpose'>): boolean => purpose === 'unknown';

/** `Dockerfile` beside `Dockerfile.prod`: the one of the plain name is for developers. */
const isBesideProduction = (path: string, images: ReadonlyMap<string, Fact<'image'>>): boolean =>
  lastSegment(path) === 'Dockerfile' &&
  ['Dockerfile.prod', 'Dockerfile.production', 'prod.Dockerfile', 'production.Dockerfile'].some((name) =>
    images.has(joinPath(folderOf(path), name) ?? name),
  );

/** What `docker compose up` starts is for developers where production has a whole file of its own, and so are Dockerfiles that only they build. */
export function setReplacedComposeAside(facts: readonly AnyFact[]): readonly AnyFact[] {
  const replaced = findReplaced(facts);
  const images = new Map(facts.flatMap((fact) => (fact.kind === 'image' ? [[fact.place.path, fact] as const] : [])));
  const besides = [...images.values()].filter(({ place: { path } }) => isBesideProduction(path, images));
  if (replaced.length === 0 && besides.length === 0) return facts;
  const builtBy = (services: readonly Service[]): readonly Fact<'image'>[] =>
    services.flatMap(({ value: { build } }) => (build && findBuiltDockerfile(build, images)) || []);
  const base = new Set<AnyFact>(replaced.flatMap((one) => one.base));
  const kept = new Set(builtBy(facts.filter((fact): fact is Service => fact.kind === 'workload' && !base.has(fact))));
  const isOfProduction = (fact: AnyFact): fact is Service => fact.kind === 'workload' && fact.value.purpose === 'production';
  const released = new Set(besides.length > 0 ? builtBy(facts.filter(isOfProduction)) : []);
  const aside = new Set<AnyFact>([
    ...base,
    ...besides.filter((image) => !released.has(image)),
    ...replaced.flatMap((one) => (builtBy(one.by).length > 0 ? builtBy(one.base) : [])).filter((image) => !kept.has(image)),
  ]);
  return facts.map((fact) => {
    if (!aside.has(fact)) return fact;
    if (fact.kind === 'workload' && isOpen(fact.value)) return { ...fact, value: { ...fact.value, purpose: 'development' } };
    if (fact.kind === 'image' && isOpen(fact.value)) return { ...fact, value: { ...fact.value, purpose: 'development' } };
    return fact;
  });
}
