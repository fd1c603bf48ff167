/** Dockerfiles and Containerfiles → `image` facts. */

import type { ImageStage, Purpose } from '../../facts.ts';
import { LineMap } from '../../text/positions.ts';
import { purposeOf } from '../../text/purpose.ts';
import { holdsSecret, mask, secretKindOf } from '../../text/secret-shapes.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { findExcess, readInstructions } from './instructions.ts';
import { readStages } from './stages.ts';

const standard = /^(?:dockerfile|containerfile)(?:[._-][\w.-]+)?$/i;
const suffixed = /^[\w.-]+\.(?:dockerfile|containerfile)$/i;
/** Files about Dockerfiles, and templates of them. */
const notOne =
  /\.(?:dockerignore|containerignore|md|txt|in|j2|jinja2?|tmpl|tpl|template|erb|hbs|ejs|m4|ts|js|mjs|py|rb|go|sh|ya?ml|json|html|patch|diff|orig|bak|old|backup|disabled|swp|lock)$/i;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What distinguishes the image: `worker` of `Dockerfile.worker`, else the folder. */
function imageName(path: string): string {
  const name = baseName(path);
  const special = /^(?:dockerfile|containerfile)[._-](.+)$/i.exec(name)?.[1] ?? /^(.+)\.(?:dockerfile|containerfile)$/i.exec(name)?.[1];
  return special ?? path.split('/').at(-2) ?? '';
}

/** Tools that send load to a program, or try its pages: who runs them tests. */
const testers =
  /(?:^|\/)(?:locustio\/locust|(?:grafana|loadimpact)\/k6|artilleryio\/artillery|cypress\/\w+|[\w.-]{0,60}(?:jmeter|gatling))(?=[:@]|$)/;
/** What a container starts last is a run of tests: `CGO_ENABLED=0 go test ./...`. */
const testRun =
  /(?:^|\s)(?:go test|(?:python\d?(?:\.\d+)? -m )?(?:pytest|unittest|nose2|tox)|(?:npm|yarn|pnpm)(?: run)? test(?::[\w-]+)?|(?:npx )?(?:jest|vitest|mocha)|dotnet test|cargo test|(?:\.\/)?(?:mvnw?|gradlew?) (?:-\S+ )*(?:clean )?test|rspec|phpunit)(?=\s|$)/;
function runsTests({ entrypoint, cmd }: ImageStage): boolean {
  const words = [entrypoint, cmd].flatMap((command) => command?.words ?? []).join(' ');
  return testRun.test(words.split(/&&|\|\||[;|]/).at(-1) ?? '');
}
function purposeOfImage(path: string, stages: readonly ImageStage[]): Purpose {
  const named = purposeOf(path);
  if (named !== 'unknown') return named;
  const last = stages.at(-1);
  if (last?.base.known && testers.test(last.base.value)) return 'test';
  // Another stage may be the one that is deployed.
  const started = stages.filter(({ entrypoint, cmd }) => entrypoint ?? cmd);
  return started.length > 0 && started.every(runsTests) ? 'test' : named;
}

function extract(file: SourceFile): Extraction {
  const lines = new LineMap(file.path, file.text);
  const note = (reason: string, message: string, offset: number): Extraction => ({
    facts: [],
    notAssessed: [{ reason, message, place: lines.place(offset, offset), failed: true }],
  });
  const excess = findExcess(file.text);
  if (excess) return note('too-large', `The Dockerfile is not read: ${excess}.`, 0);
  const conflict = /^(?:<{7}|>{7}) /m.exec(file.text);
  if (conflict) return note('syntax-error', 'The file holds the markers of an unresolved merge conflict.', conflict.index);
  const stages = readStages(readInstructions(file));
  const [first] = stages;
  if (!first) return note('syntax-error', 'The Dockerfile has no FROM instruction.', 0);
  const value = { stages, purpose: purposeOfImage(file.path, stages), name: imageName(file.path) };
  return {
    facts: [{ kind: 'image', place: first.place, confidence: 'certain', value }, ...secretFacts(stages, value.purpose)],
    notAssessed: [],
  };
}

/** ENV and ARG that hold a secret. Their values are masked already. */
function secretFacts(stages: readonly ImageStage[], purpose: Purpose): readonly AnyFact[] {
  const named = stages.flatMap(({ env, args }) => [
    ...env.filter(({ value }) => holdsSecret(value)).map(({ name, place }) => ({ name, place })),
    ...args.filter((arg) => arg.default?.includes(mask)).map(({ name, place }) => ({ name, place })),
  ]);
  return named.map(({ name, place }) => {
    const what = secretKindOf(name) ?? 'connection string';
    return { kind: 'secret', place, confidence: 'certain', value: { what, env: name, origin: 'literal', holder: 'image', purpose } };
  });
}

export const dockerfileAdapter: Adapter = {
  id: 'dockerfile',
  classify(path) {
    const name = baseName(path);
    return (standard.test(name) || suffixed.test(name)) && !notOne.test(name);
  },
  extract,
};
