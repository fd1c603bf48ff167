import type { EnvEntry } from '../../src/facts.ts';
import { isLibraryVariable } from '../../src/text/known-variables.ts';
import { isProduction } from '../../src/text/workload-questions.ts';
import { type Deployment, defineRule, type Repository, type Service } from '../../src/types.ts';

/** Words of everything that a shell may expand: scripts, commands of images and manifests. */
function usedByShells(service: Service, repository: Repository): string {
  const scripts = repository.facts.all('shell-script').flatMap(({ value }) => value.commands.map(({ line }) => line));
  const packageScripts = Object.values(service.package?.value.scripts ?? {}).map(({ command }) => command);
  const processes = [...service.deployments, ...service.images].flatMap(({ process }) => process.steps.flatMap(({ words }) => words));
  return [...scripts, ...packageScripts, ...processes].join('\n');
}

/** Frameworks that hand their own reader of variables to configuration files: which ones it is asked for is not known. */
const readers = ['@strapi/strapi', 'strapi'];
const hasReader = ({ package: own }: Service): boolean => readers.some((name) => own && Object.hasOwn(own.value.dependencies, name));

const interpreter = /^(?:node|nodejs|tsx|ts-node|bun|deno|python[\d.]*|ruby|perl|php)$/;
/** A program that runs before the server, such as one that writes its settings down, may read any variable. */
const isPrepared = ({ process }: Deployment): boolean =>
  process.steps.some(({ ends, words }) => ends === true && interpreter.test(words[0]?.replace(/^.*\//, '') ?? ''));

/** From that many on, one finding says it for all. */
const manyUnused = 6;

/** Variables that the deployment's own manifest sets one by one; whole sources may serve others, too. */
const ownEntries = ({ container }: Deployment): Deployment['container']['env'] => container.env;

export default defineRule({
  summary: 'a manifest sets a variable that no code reads',
  factors: [3],
  level: 'note',
  effort: 0,
  docs: {
    what: 'A deployment gives a service of this repository a variable that its code never reads. Judged only where all code could be read and no code reads variables by computed names. Variables of runtimes, libraries and start scripts are left out.',
    why: 'It looks like a setting and has no effect: whoever changes it waits in vain, or a renamed variable is no longer read.',
    how: 'Remove it, or correct its name.',
    bad: 'env: [{ name: REDIS_HOTS, value: cache }]',
    good: 'env: [{ name: REDIS_HOST, value: cache }]',
    references: ['https://12factor.net/config'],
  },
  messages: {
    unused: {
      text: '`{name}` of `{workload}` is set, but no code of `{service}` reads it.',
      consequence: 'It looks like a setting and has no effect.',
      next: 'Remove it, or correct its name where the code reads another one.',
    },
    several: {
      text: '{count} variables of `{workload}` are set, but no code of `{service}` reads them, `{name}` among them.',
      consequence: 'They look like settings and have no effect.',
      next: 'Remove them, or correct their names where the code reads other ones.',
    },
  },
  checkService(service, report, repository) {
    if (!service.codeRead || !service.package || service.images.length === 0 || hasReader(service)) return;
    const reads = new Set(service.code.all('env-read').map(({ value }) => value.name));
    if (reads.has('*') || reads.size === 0) return;
    const shells = usedByShells(service, repository);
    const seen = new Set<string>();
    for (const deployment of service.deployments) {
      if (!isProduction(deployment) || !deployment.process.known || isPrepared(deployment)) continue;
      const unused: EnvEntry[] = [];
      for (const entry of ownEntries(deployment)) {
        const { name } = entry;
        if (reads.has(name) || seen.has(name) || isLibraryVariable(name) || shells.includes(name)) continue;
        seen.add(name);
        unused.push(entry);
      }
      const data = { workload: deployment.workload.value.name, service: service.name };
      const [first, ...others] = unused;
      if (first && unused.length >= manyUnused)
        report({
          message: 'several',
          data: { ...data, name: first.name, count: unused.length },
          place: first.place,
          related: others.map(({ name, place }) => ({ place, message: `\`${name}\` is another one` })),
          confidence: 'likely',
          subject: `several:${data.workload}`,
        });
      else
        for (const { name, place } of unused)
          report({ message: 'unused', data: { ...data, name }, place, confidence: 'likely', subject: name });
    }
  },
});
