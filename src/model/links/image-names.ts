import type { Container } from '../../facts.ts';
import type { Confidence, Fact } from '../../types.ts';
import { lastSegment } from '../path-tree.ts';
import { imageRepository } from '../third-party.ts';

export interface NameMatch<T> {
  readonly target: T;
  readonly because: string;
  readonly confidence: Confidence;
  /** The image is called so: it says what it holds. */
  readonly byImage?: true;
}

/** Names under which images, packages and folders are known. A name that several share matches none of them. */
export class NameIndex<T> {
  readonly #names = new Map<string, Set<T>>();
  readonly #standIns = new Set<string>();
  /** Names as they are, without those that the end of another one is left off for. */
  readonly #whole = new Set<string>();

  add(name: string | undefined, target: T): void {
    if (!name) return;
    this.#whole.add(normalize(name));
    for (const key of new Set([normalize(name), withoutRole(normalize(name))])) {
      const targets = this.#names.get(key);
      if (targets) targets.add(target);
      else this.#names.set(key, new Set([target]));
    }
  }

  /** What stands for a name where nothing gives one: `broker-app` does not end with it. */
  addStandIn(name: string, target: T): void {
    this.add(name, target);
    this.#standIns.add(normalize(name));
  }

  isWhole(name: string): boolean {
    return this.#whole.has(normalize(name));
  }

  find(name: string): T | undefined {
    const exact = this.#only(normalize(name));
    return exact ?? this.#only(withoutRole(normalize(name)));
  }

  /** `acme-shop-api` is `api` when only one thing is called so. */
  findWithoutPrefix(name: string): T | undefined {
    const parts = normalize(name).split('-');
    for (let start = 1; start < parts.length; start++) {
      const rest = parts.slice(start).join('-');
      const found = this.#standIns.has(rest) ? undefined : this.find(rest);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #only(key: string): T | undefined {
    const targets = this.#names.get(key);
    return targets?.size === 1 ? targets.values().next().value : undefined;
  }
}

const normalize = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^@[^/]*\//, '')
    .replace(/[_.\s/]+/g, '-');
/** `cart-service`, `cartservice`, `cart-deployment`, `cart-ms` and `cart` are one name. */
const withoutRole = (name: string): string => {
  const short = name.replace(/-?(?:micro-?service|service|svc|deployment|deploy|image|container|app|server)$|-(?:msvc|ms)$/, '');
  return short.length > 1 ? short : name;
};

/** What Compose pulls from a publisher under a name that has nothing of the service's is no program of the repository. */
function isPulled({ value: { name, platform } }: Fact<'workload'>, image: string | undefined): boolean {
  if (platform !== 'compose' || !image?.includes('/')) return false;
  const own = normalize(lastSegment(image));
  return !normalize(name)
    .split('-')
    .some((word) => own.includes(word));
}

/** Official images of languages: a program of one's own is mounted or copied into them, and a folder `python` is none of them. */
const runtimes = new Set(
  'python node golang openjdk eclipse-temurin amazoncorretto ruby php perl rust gcc maven gradle composer java go deno bun'.split(' '),
);

export const isRuntime = (image: string): boolean => runtimes.has(imageRepository(image));

/** Finds what a container runs by the names of its image, its workload and itself, the surest first. */
export function matchContainer<T>(workload: Fact<'workload'>, container: Container, names: NameIndex<T>): NameMatch<T> | undefined {
  const { name, containers } = workload.value;
  const image = container.image?.known ? imageRepository(container.image.value) : undefined;
  const isMain = containers.length === 1 || containers[0] === container || container.name === name;
  const short = image === undefined || runtimes.has(image) ? undefined : lastSegment(image);
  const named = short === undefined ? undefined : names.find(short);
  if (named !== undefined)
    return {
      target: named,
      because: `its image is named ${short}`,
      confidence: 'likely',
      ...(names.isWhole(short!) ? { byImage: true } : {}),
    };
  const attempts: readonly (readonly [text: string | undefined, because: string])[] = [
    [isMain ? name : undefined, `the workload is named ${name}`],
    [container.name, `the container is named ${container.name}`],
  ];
  for (const [text, because] of attempts) {
    const target = text === undefined ? undefined : names.find(text);
    if (target !== undefined) return { target, because, confidence: 'likely' };
  }
  const isGuessed = isMain && !isPulled(workload, image);
  const target = (short && names.findWithoutPrefix(short)) || (isGuessed ? names.findWithoutPrefix(name) : undefined);
  return target === undefined ? undefined : { target, because: `the name ${short ?? name} ends with its name`, confidence: 'guess' };
}
