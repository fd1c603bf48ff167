/** A new variable: given in every production manifest of the service, and listed in its sample `.env`. */
import { isSeq } from 'yaml';
import { isProduction } from '../text/workload-questions.ts';
import { appendItem, insertEntry, pairOf } from '../text/yaml-edit.ts';
import type { YamlData } from '../text/yaml-print.ts';
import type { Deployment, Edit, Fact, Service } from '../types.ts';
import { appendLines } from './environment.ts';
import type { FixContext } from './fix-maker.ts';
import { mapOfContainer, yamlOf } from './manifests.ts';

export interface Variable {
  readonly name: string;
  /** What it should be; absent: a secret or something that nobody knows. */
  readonly value?: string;
}

/** Key of a variable in a Secret. */
export const keyOf = (name: string): string => name.toLowerCase().replaceAll('_', '-');

/** A Secret that nobody has defined yet. Beside Secrets in one file a missing one would look forgotten. */
export function secretFor({ value, place }: Fact<'workload'>, { repository }: FixContext): string | undefined {
  const secrets = repository.facts.all('config-source').filter((source) => source.value.kind === 'secret');
  if (secrets.some((source) => source.place.path === place.path)) return undefined;
  return [value.name, `${value.name}-secrets`].find((name) => !secrets.some((source) => source.value.name === name));
}

function giveInPod({ name, value }: Variable, deployment: Deployment, context: FixContext): Edit | undefined {
  const yaml = yamlOf(context, deployment.container.namePlace.path);
  const map = yaml && mapOfContainer(yaml, deployment);
  const secret = value === undefined ? secretFor(deployment.workload, context) : undefined;
  if (value === undefined && secret === undefined) return undefined;
  const entry: YamlData = secret ? { name, valueFrom: { secretKeyRef: { name: secret, key: keyOf(name) } } } : { name, value: value! };
  return map && appendItem(yaml, map, 'env', entry, ['name', 'image', 'imagePullPolicy', 'command', 'args', 'ports']);
}

function giveInCompose({ name, value }: Variable, deployment: Deployment, context: FixContext): Edit | undefined {
  const yaml = yamlOf(context, deployment.container.namePlace.path);
  const map = yaml && mapOfContainer(yaml, deployment);
  if (!map) return undefined;
  const text = value ?? `\${${name}:?}`;
  const environment = pairOf(map, 'environment')?.value;
  if (environment === undefined) return insertEntry(yaml, map, { environment: { [name]: text } }, ['image', 'build', 'command', 'ports']);
  if (isSeq(environment)) return appendItem(yaml, map, 'environment', `${name}=${text}`);
  return environment && 'items' in environment
    ? insertEntry(yaml, environment as Parameters<typeof insertEntry>[1], { [name]: text })
    : undefined;
}

/** Edits that give the variable wherever the service is deployed; `undefined` where one of the manifests cannot be changed. */
export function declareVariable(service: Service, variable: Variable, context: FixContext): readonly Edit[] | undefined {
  const lacking = service.deployments.filter(
    (deployment) =>
      isProduction(deployment) &&
      deployment.workload.value.longRunning &&
      !deployment.environment.given.some(({ name }) => name === variable.name),
  );
  const given = lacking.map((deployment) => {
    if (deployment.platform === 'kubernetes') return giveInPod(variable, deployment, context);
    return deployment.platform === 'compose' ? giveInCompose(variable, deployment, context) : undefined;
  });
  if (given.some((edit) => edit === undefined)) return undefined;
  return [...given.filter((edit) => edit !== undefined), ...documentVariable(service, variable.name, context)];
}

/** Pods do not start before the Secrets that they name are there. */
export function nameSecrets(title: string, service: Service, { name, value }: Variable, context: FixContext): string {
  const owners = service.deployments.filter(
    (deployment) =>
      deployment.platform === 'kubernetes' &&
      isProduction(deployment) &&
      deployment.workload.value.longRunning &&
      !deployment.environment.given.some((entry) => entry.name === name),
  );
  const [first] = owners.map(({ workload }) => secretFor(workload, context));
  return value === undefined && first ? `${title}. First the Secret \`${first}\` needs the key \`${keyOf(name)}\`` : title;
}

/** A line in the nearest sample that does not list it. */
function documentVariable(service: Service, name: string, context: FixContext): readonly Edit[] {
  const root = service.root ?? '';
  const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const samples = context.repository.facts.all('env-file').filter(({ place, value }) => {
    const folder = folderOf(place.path);
    return value.sample && (folder === root || folder === '');
  });
  const sample = samples.find(({ place }) => folderOf(place.path) === root) ?? samples[0];
  const file = sample && !sample.value.entries.some((entry) => entry.name === name) ? context.source(sample.place.path) : undefined;
  return file ? [appendLines(file.path, file.text, `${name}=`)] : [];
}

/** Where a Redis of the repository answers, for programs of the same platform. */
export function findRedis(service: Service, context: FixContext): string | undefined {
  const platforms = new Set(service.deployments.map(({ platform }) => platform));
  const stores = context.repository.facts.all('workload').filter(({ value }) => {
    const image = value.containers[0]?.image;
    return platforms.has(value.platform) && image?.known && /(?:^|\/)(?:redis|valkey)(?::|@|$)/.test(image.value);
  });
  const names = new Set(stores.map(({ value }) => value.name));
  const [name] = names;
  return names.size === 1 ? `redis://${name}:6379` : undefined;
}
