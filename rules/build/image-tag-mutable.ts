import type { Container } from '../../src/facts.ts';
import { isComposeForProduction } from '../../src/text/compose-questions.ts';
import { contributingStages, runImages } from '../../src/text/image-questions.ts';
import { findMovingTag, parseImage } from '../../src/text/image-reference.ts';
import type { Fact, Place, Related, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

interface Use {
  readonly image: string;
  /** How a name that is made of parts is told. */
  readonly shown?: string;
  /** It is told by its resource. */
  readonly isResource?: true;
  readonly place: Place;
}

const isSameLine = (one: Use, { place }: Use): boolean => one.place.path === place.path && one.place.line === place.line;
/** Names that one line makes of parts belong together: a module is called many times. A repository of a registry is one of its folder. */
const keyOf = ({ image, shown, isResource, place }: Use): string => {
  if (isResource) return `${place.path.slice(0, place.path.lastIndexOf('/') + 1)}:${shown}`;
  return shown === undefined ? image : `${place.path}:${place.line}`;
};

/** Uses by image, each line once for each overlay that it holds in. */
function groupUses(uses: readonly Use[]): readonly Use[][] {
  const groups = new Map<string, Use[]>();
  for (const use of uses) {
    const group = groups.get(keyOf(use));
    const isKnown = (one: Use): boolean => isSameLine(one, use) && (!isSameLine(group![0]!, use) || one.place.set === use.place.set);
    if (!group) groups.set(keyOf(use), [use]);
    else if ((use.shown !== undefined && isSameLine(group[0]!, use)) || !group.some(isKnown)) group.push(use);
  }
  return [...groups.values()];
}

/** Further places of an image, and where callers give what a line makes its names of. */
const relatedOf = (group: readonly Use[], first: Use): readonly Related[] =>
  group.flatMap((use): Related[] => {
    if (use === first) return [];
    const image = use.shown ?? use.image;
    if (use.shown !== undefined && isSameLine(first, use))
      return (use.place.decidedBy ?? []).map((place) => ({ place, message: `\`${image}\` comes from here` }));
    return isSameLine(first, use) ? [] : [{ place: use.place, message: `\`${image}\` is used here too` }];
  });

/** One finding for each image; further places hang under it. A line that several overlays share holds in each of them. */
function reportUses(uses: readonly Use[], kind: 'base' | 'workload', report: (finding: Report) => void): void {
  for (const group of groupUses(uses)) {
    const [first] = group as [Use];
    const image = first.shown ?? first.image;
    const reference = parseImage(first.image);
    const why = findMovingTag(reference);
    if (!why) continue;
    for (const { place } of first.shown === undefined ? group.filter((use) => isSameLine(first, use)) : [first])
      report({
        message: why === 'no tag' ? `${kind}-untagged` : `${kind}-moving`,
        data: { image, tag: reference.tag ?? 'latest' },
        place,
        related: relatedOf(group, first),
        subject: `${kind}:${image}`,
      });
  }
}

/** Names that Dockerfiles bear (`base.Dockerfile`, `Dockerfile.base`) and that are no image which they start from: scripts build them first. */
const namesOfDockerfiles = (repository: Repository): ReadonlySet<string> =>
  new Set(
    repository.facts.all('image').flatMap(({ place, value }) => {
      const [, before, after] = /(?:^|\/)(?:([\w.-]+)\.dockerfile|dockerfile[.-]([\w.-]+))$/i.exec(place.path) ?? [];
      const name = (before ?? after)?.toLowerCase();
      const isStart = value.stages.some(({ base }) => base.known && parseImage(base.value).name === name);
      return name === undefined || isStart ? [] : [name];
    }),
  );

/** Images that Compose builds before others start from them; what one is built of itself comes from a registry. */
function namesOfCompose(repository: Repository): ReadonlySet<string> {
  const bases = new Map(
    repository.facts
      .all('image')
      .map(({ place, value }) => [place.path, value.stages.flatMap(({ base }) => (base.known ? [base.value] : []))]),
  );
  return new Set(
    repository.facts.all('workload').flatMap(({ value: { build, containers } }) => {
      const image = build && containers[0]?.image;
      const own = build && bases.get(build.dockerfile ?? `${build.context === '' ? '' : `${build.context}/`}Dockerfile`);
      return image?.known && own && !own.includes(image.value) ? [image.value] : [];
    }),
  );
}

/** Bases of the stages that the run image is made of, and images that files are copied from; a stage of the same file is none. */
function baseUses(repository: Repository): readonly Use[] {
  const built = namesOfDockerfiles(repository);
  const composed = namesOfCompose(repository);
  const isOwn = (base: string): boolean => isPlaceholder(base, built) || composed.has(base);
  return runImages(repository).flatMap(({ fact, stage }) => {
    const { stages } = fact.value;
    const isStage = (name: string): boolean => /^\d+$/.test(name) || stages.some((one) => one.name?.toLowerCase() === name.toLowerCase());
    return contributingStages(stages, stage).flatMap(({ base, baseStage, copies }) => [
      ...(base.known && baseStage === undefined && !isOwn(base.value) ? [{ image: base.value, place: base.place }] : []),
      // A name without slash and tag may be a context that the build command names.
      ...copies.flatMap(({ from, place }) =>
        from !== undefined && /[/:]/.test(from) && !from.includes('$') && !isStage(from) ? [{ image: from, place }] : [],
      ),
    ]);
  });
}

/**
 * A name without a tag, into which a tool puts one: Skaffold says so, or it is the bare name of an image that the repository builds
 * (`image: cart` beside `src/cart/Dockerfile`).
 */
function isPlaceholder(image: string, built: ReadonlySet<string>): boolean {
  const { repository, name, tag } = parseImage(image);
  return tag === undefined && (built.has(`=${image}`) || (!repository.includes('/') && built.has(name)));
}

/** A name that is made of parts: its tag may be known when its repository is not (`${…}:latest`). */
function useOf(image: Container['image'], built: ReadonlySet<string>): readonly Use[] {
  if (image?.known) return isPlaceholder(image.value, built) ? [] : [{ image: image.value, place: image.place }];
  const written = image?.written;
  // The address of a registry's repository, with nothing behind it: whatever was pushed as `latest`.
  const pushed = /((?:[\w-]{1,100}\.)?[\w-]{1,100}(?:\[[^\]]{0,60}\])?)\.repository_url\}$/.exec(written ?? '')?.[1];
  if (pushed !== undefined) return [{ image: 'image', shown: pushed, isResource: true, place: image!.place }];
  // The same in CloudFormation: `!Join ['', [!Ref AWS::AccountId, .dkr.ecr., …, !Ref Repository]]`.
  const joined = /\.dkr\.ecr\.[^/:]{1,80}\/(?:([\w./-]{1,100})|\$\{([\w.-]{1,100})\})$/.exec(written ?? '');
  if (joined) return [{ image: 'image', shown: joined[1] ?? joined[2]!, isResource: true, place: image!.place }];
  const latest = /\$\{((?:[\w-]{1,100}\.)?[\w-]{1,100}(?:\[[^\]]{0,60}\])?)\}:latest$/.exec(written ?? '')?.[1];
  if (latest !== undefined) return [{ image: 'image:latest', shown: `${latest}:latest`, isResource: true, place: image!.place }];
  const last = /\$\{/.test(written ?? '') ? /([^/\s]{1,200}):latest$/.exec(written!)?.[1] : undefined;
  const name = last?.replace(/\$\{[^}]*\}/g, '…');
  return name === undefined ? [] : [{ image: 'image:latest', shown: `${name === '…' ? 'image' : name}:latest`, place: image!.place }];
}

/** Built and named `…:latest` in a Compose file that deploys: what runs cannot be told, and there is no way back. */
const isShippedAsLatest = (workload: Fact<'workload'>, repository: Repository): boolean => {
  const image = workload.value.containers[0]?.image;
  return image?.known === true && parseImage(image.value).tag === 'latest' && isComposeForProduction(workload, repository);
};

/** `image: shop` of a worker, which the service beside it in its Compose file builds and names. */
const keyOfName = (path: string, image: string): string => `${path}\0${image}`;
const namesBuiltBeside = (repository: Repository): ReadonlySet<string> =>
  new Set(
    repository.facts.all('workload').flatMap(({ place, value }) => {
      const image = value.build ? value.containers[0]?.image : undefined;
      return image?.known ? [keyOfName(place.path, image.value)] : [];
    }),
  );

/** Names into which a tool puts a tag where it deploys; what a pipeline pushes without one is deployed without it. */
function taggedByTools({ facts }: Repository): readonly string[] {
  const pushed = new Set(facts.all('pushed-image').map(({ value }) => value.name));
  return facts.all('tagged-image').flatMap(({ value: { name } }) => (pushed.has(name) ? [] : [name]));
}

/** Images of workloads that the manifest does not build itself, and those that it builds as `latest`. */
function workloadUses(repository: Repository): readonly Use[] {
  const patched = new Set(
    repository.facts
      .all('workload-patch')
      .filter(({ value }) => value.sets.includes('image'))
      .map(({ value }) => value.name),
  );
  const beside = namesBuiltBeside(repository);
  const built = new Set([
    ...repository.facts.all('image').flatMap(({ place, value }) => [value.name, ...place.path.split('/').slice(0, -1)]),
    ...taggedByTools(repository).map((name) => `=${name}`),
  ]);
  return repository.facts.all('workload').flatMap((fact) => {
    const { place, value } = fact;
    if (value.purpose === 'test' || value.purpose === 'development' || repository.roleOf(place.path) === 'tooling') return [];
    if (value.build && !isShippedAsLatest(fact, repository)) return [];
    if (patched.has(value.name) || patched.has('')) return [];
    return [...value.containers, ...value.initContainers].flatMap(({ image, streamed }: Container) =>
      streamed || (image?.known && beside.has(keyOfName(place.path, image.value)) && !value.build) ? [] : useOf(image, built),
    );
  });
}

/** Defaults that leave the version open, unless a workload was seen that takes it: then it is told there. */
function reportDefaults(repository: Repository, seen: ReadonlySet<string>, report: (finding: Report) => void): void {
  for (const { value, place } of repository.facts.all('image-default')) {
    if (value.purpose === 'test' || value.purpose === 'development' || repository.roleOf(place.path) !== 'production') continue;
    if (seen.has(`${place.path}:${place.line}`)) continue;
    report({ message: 'default', data: { name: value.name, image: value.value }, place, subject: `default:${value.name}` });
  }
}

const text = {
  consequence: 'The same commit gives another image tomorrow: a rebuild or a new node can bring a version that nobody tested.',
  next: 'Name the version that you tested (`image:1.2.3`), or pin its digest.',
};

export default defineRule({
  summary: 'an image is named by a tag that moves',
  factors: [5],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'A base image or the image of a workload has no tag, the tag `latest`, or a tag without a version such as `alpine`, `slim`, `stable` or `lts`.',
    why: 'Replicas that start at different times can run different versions, a rollback does not bring back what ran before, and a build cannot be repeated.',
    how: 'Name a version, or pin the digest and let a bot update it.',
    bad: 'FROM node:alpine',
    good: 'FROM node:22.11-alpine3.20',
    references: ['https://12factor.net/build-release-run', 'https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  messages: {
    'base-untagged': { text: 'The base image `{image}` has no tag, which means `latest`.', ...text },
    'base-moving': { text: 'The base image `{image}` has the moving tag `{tag}`.', ...text },
    'workload-untagged': { text: 'The image `{image}` has no tag, which means `latest`.', ...text },
    'workload-moving': { text: 'The image `{image}` has the moving tag `{tag}`.', ...text },
    default: { text: '`{name}` is `{image}` where nobody sets it.', ...text },
  },
  checkRepository(repository, report) {
    reportUses(baseUses(repository), 'base', report);
    const uses = workloadUses(repository);
    reportUses(uses, 'workload', report);
    const seen = uses.filter(({ image }) => findMovingTag(parseImage(image))).flatMap(({ place }) => [place, ...(place.decidedBy ?? [])]);
    reportDefaults(repository, new Set(seen.map(({ path, line }) => `${path}:${line}`)), report);
  },
});
