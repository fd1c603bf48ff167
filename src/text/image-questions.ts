/** Questions that several rules ask about the images that a repository builds. */
import type { ImageStage } from '../facts.ts';
import type { Deployment, Fact, Repository } from '../types.ts';

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const otherPurpose = /(?:^|[-_.])(?:dev|develop|development|debug|test|tests|testing|e2e|ci|lint|local)(?:$|[-_.])/i;

/** Images that are deployed: neither for tests or development, nor tools of the repository. */
export const deployedImages = (repository: Repository): readonly Fact<'image'>[] =>
  repository.facts
    .all('image')
    .filter(
      ({ place, value }) => value.purpose !== 'test' && value.purpose !== 'development' && repository.roleOf(place.path) !== 'tooling',
    );

/** `stage` and the stages that it is built from, nearest first. */
export function lineageOf(stages: readonly ImageStage[], stage: ImageStage): readonly ImageStage[] {
  const lineage = new Set<ImageStage>();
  for (let at: ImageStage | undefined = stage; at && !lineage.has(at); at = at.baseStage === undefined ? undefined : stages[at.baseStage])
    lineage.add(at);
  return [...lineage];
}

/** The image outside of the Dockerfile that a lineage starts from. */
export const baseOf = (lineage: readonly ImageStage[]): ImageStage['base'] | undefined => lineage.at(-1)?.base;

export interface RunImage {
  readonly fact: Fact<'image'>;
  readonly stage: ImageStage;
  readonly lineage: readonly ImageStage[];
  /** Build context, from the repository's root. */
  readonly context: string;
  readonly contextGuessed?: true;
  /** Production containers that run it. */
  readonly deployments: readonly Deployment[];
}

/** `build: { target: builder }` of Compose: developers run the stage from which the last one takes the program. */
const isBuilder = (stages: readonly ImageStage[], { index, name }: ImageStage): boolean =>
  /^(?:build(?:er)?|compile|deps|dependencies)$/i.test(name ?? '') &&
  stages.at(-1)!.index !== index &&
  contributingStages(stages, stages.at(-1)!).some((one) => one.index === index);

const sameImage = (a: Fact<'image'>, b: Fact<'image'>): boolean => a.place.path === b.place.path;

/** Each stage that is run in production: what a deployment builds as its target, else the last one that is not for development or tests. */
export function runImages(repository: Repository): readonly RunImage[] {
  const images = deployedImages(repository);
  const linked = repository.services.flatMap((service) => service.images.map((image) => ({ image, service })));
  return images.flatMap((fact): readonly RunImage[] => {
    const { stages } = fact.value;
    const found = linked.filter(
      ({ image }) => sameImage(image.fact, fact) && !otherPurpose.test(image.stage.name ?? '') && !isBuilder(stages, image.stage),
    );
    if (found.length === 0) {
      const stage = stages.findLast(({ name }) => !otherPurpose.test(name ?? '')) ?? stages.at(-1)!;
      return [{ fact, stage, lineage: lineageOf(stages, stage), context: folderOf(fact.place.path), deployments: [] }];
    }
    const byStage = new Map<number, RunImage>();
    for (const { image, service } of found) {
      const { stage, lineage, context, contextGuessed } = image;
      const deployments = service.deployments.filter(
        (deployment) =>
          deployment.image &&
          sameImage(deployment.image.fact, fact) &&
          deployment.image.stage.index === stage.index &&
          deployment.purpose !== 'development' &&
          deployment.purpose !== 'test',
      );
      byStage.set(stage.index, {
        fact,
        stage,
        lineage,
        context,
        ...(contextGuessed ? { contextGuessed } : {}),
        deployments: [...(byStage.get(stage.index)?.deployments ?? []), ...deployments],
      });
    }
    return [...byStage.values()];
  });
}

/** Stages whose files reach the stage that is run: its lineage, and what it copies from, in turn. */
export function contributingStages(stages: readonly ImageStage[], stage: ImageStage): readonly ImageStage[] {
  const found = new Set<ImageStage>();
  const pending = [stage];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    if (next.baseStage !== undefined) pending.push(stages[next.baseStage]!);
    for (const { from } of next.copies) {
      const source =
        from === undefined
          ? undefined
          : stages.find(({ name, index }) => name?.toLowerCase() === from.toLowerCase() || String(index) === from);
      if (source) pending.push(source);
    }
  }
  return [...found].sort((a, b) => a.index - b.index);
}
