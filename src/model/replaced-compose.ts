import type { Workload } from '../facts.ts';
import type { FileAccess } from '../languages/language.ts';
import { groupBy } from '../text/group-by.ts';
import type { AnyFact, Fact } from '../types.ts';
import { builtByPipelines } from './links/build-mentions.ts';
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

/** `Dockerfile.prod` and the like beside a `Dockerfile`. */
const productionFilesBeside = (path: string, images: ReadonlyMap<string, Fact<'image'>>): readonly string[] =>
  ['Dockerfile.prod', 'Dockerfile.production', 'prod.Dockerfile', 'production.Dockerfile']
    .map((name) => joinPath(folderOf(path), name) ?? name)
    .filter((beside) => images.has(beside));

/** `Dockerfile` beside `Dockerfile.prod`: the one of the plain name is for developers, unless it is the one that pipelines build. */
function findBesides(images: ReadonlyMap<string, Fact<'image'>>, files: FileAccess): readonly Fact<'image'>[] {
  const besides = [...images.values()].flatMap((image) => {
    const others = lastSegment(image.place.path) === 'Dockerfile' ? productionFilesBeside(image.place.path, images) : [];
    return others.length > 0 ? [{ image, others }] : [];
  });
  if (besides.length === 0) return [];
  const built = builtByPipelines(files);
  return besides.flatMap(({ image, others }) => (built.has(image.place.path) && !others.some((other) => built.has(other)) ? [] : [image]));
}

/** What `docker compose up` starts is for developers where production has a whole file of its own, and so are Dockerfiles that only they build. */
export function setReplacedComposeAside(facts: readonly AnyFact[], files: FileAccess): readonly AnyFact[] {
  const replaced = findReplaced(facts);
  const images = new Map(facts.flatMap((fact) => (fact.kind === 'image' ? [[fact.place.path, fact] as const] : [])));
  const besides = findBesides(images, files);
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
