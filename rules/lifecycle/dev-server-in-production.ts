import { developmentTool } from '../../src/text/development-tools.ts';
import { chainTo, commandText, onePerPlace, type RunProcess, runProcesses } from '../../src/text/process-questions.ts';
import type { Fact, Place, ProcessStep, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Servers that frameworks bring along to develop with, by the library that starts to listen. */
const developmentServers: Readonly<Record<string, string>> = {
  flask: 'Flask',
  django: 'Django',
  bottle: 'Bottle',
  dash: 'Dash',
  quart: 'Quart',
  wsgiref: 'wsgiref',
};

type Listen = Pick<Fact<'listen'>, 'place' | 'value'>;

/** A file of Compose that is not named for production. */
const isOfCompose = ({ path }: Place, { facts }: Repository): boolean =>
  facts.all('workload').some(({ place, value }) => place.path === path && value.platform === 'compose' && value.purpose !== 'production');

/** `manage.py runserver`, `flask run`. */
const startsServer = ({ words, ends }: ProcessStep): boolean =>
  !ends && words.some((word, at) => word === 'runserver' || (word === 'run' && /(?:^|\/)flask$/.test(words[at - 1] ?? '')));

/** The image starts such a server by itself, though Compose starts it in another way: `migrate && runserver`. */
function startedByImage({ images }: Service): Place | undefined {
  const kept = images.filter(({ fact }) => fact.value.purpose !== 'development' && fact.value.purpose !== 'test');
  return kept.flatMap(({ process }) => process.steps.filter(startsServer)).map(({ place }) => place)[0];
}

/** Nothing in the repository says how the program is started, and it brings a server for production along: the other is for trying it by hand. */
const isTriedByHand = ({ images, deployments, package: own }: Service, place: Place): boolean =>
  images.length === 0 && deployments.length === 0 && place.path.endsWith('.py') && own?.value.requirements?.server !== undefined;

/** A server for development that listens: started by code, or by a command that is not one of Compose alone. */
function developmentServer(service: Service, ofCompose: ReadonlySet<string>, repository: Repository): Listen | undefined {
  const main = service.code.all('listen').filter(({ value }) => value.purpose === 'main');
  const isComposed = ({ place }: Listen): boolean => ofCompose.has(`${place.path}:${place.line}`) || isOfCompose(place, repository);
  const known = main.filter(({ value }) => Object.hasOwn(developmentServers, value.library));
  const own = known.find((fact) => !isComposed(fact) && !isTriedByHand(service, fact.place));
  if (own) return own;
  const place = known.length > 0 ? startedByImage(service) : undefined;
  return place ? { value: known[0]!.value, place } : main.find((fact) => fact.value.reloads && !isComposed(fact));
}

export default defineRule({
  summary: 'a development server runs in production',
  factors: [5, 10],
  level: 'error',
  effort: 1,
  docs: {
    what: 'The production image or manifest starts nodemon, ts-node, `vite`, `next dev`, `react-scripts start`, `flask run`, `manage.py runserver`, `dotnet watch`, `mvn spring-boot:run`, `gradlew bootRun` or another tool that is meant for development.',
    why: 'Such tools compile at start and watch files: replicas start slowly, use far more memory, restart on their own, and may show internals to users. What runs is not what was built.',
    how: 'Compile in the image build and start the result with `node`. Keep watch commands in scripts and Compose files for development.',
    bad: 'CMD ["npx", "nodemon", "src/index.ts"]',
    good: 'RUN npm run build\nCMD ["node", "dist/index.js"]',
    references: ['https://12factor.net/build-release-run', 'https://12factor.net/dev-prod-parity'],
  },
  messages: {
    development: {
      text: '{where} starts `{tool}`, a tool for development.',
      consequence: 'Replicas start slowly, need far more memory, and restart when a file changes.',
      next: 'Compile in the image build and start the result (`node dist/server.js`, `java -jar shop.jar`, `dotnet Shop.dll`).',
    },
    server: {
      text: 'The server that {library} brings along for development answers the requests.',
      consequence: 'It is not made for load or attacks, may reload at any time, and with debugging on it shows its inside to users.',
      next: 'Start the application with a server for production, such as gunicorn, uvicorn or waitress.',
    },
    reloading: {
      text: '{library} watches the source and starts the program anew when a file changes.',
      consequence: 'It serves with a single worker beside a process that watches, and drops running requests when a file changes.',
      next: 'Start it without `reload`: from the command line, or with `reload` read from a variable of development.',
    },
  },
  checkService(service, report, repository) {
    // A Compose file that replaces the image's command by a watcher is how people develop, unless it is named for production.
    const meant = new Set(service.deployments.flatMap(({ purpose, process }) => (purpose === 'production' ? [process] : [])));
    const [composed, judged] = [true, false].map((isComposed) =>
      runProcesses(service).filter(({ by, process }) => (by === 'compose' && !meant.has(process)) === isComposed),
    ) as [RunProcess[], RunProcess[]];
    const ofCompose = new Set(composed.flatMap(({ process }) => process.steps.map(({ place }) => `${place.path}:${place.line}`)));
    const server = developmentServer(service, ofCompose, repository);
    if (server)
      report({
        message: server.value.reloads ? 'reloading' : 'server',
        data: { library: developmentServers[server.value.library] ?? server.value.library },
        place: server.place,
        subject: `development:${server.value.library}`,
      });
    const found = judged.flatMap(({ process, where }) =>
      process.steps.flatMap((step) => {
        const tool = step.ends ? undefined : developmentTool(step);
        return tool ? [{ step, tool, process, where }] : [];
      }),
    );
    const [first, ...others] = onePerPlace(found);
    if (!first) return;
    report({
      message: 'development',
      data: { tool: first.tool, where: first.where === 'the image' ? 'The image' : first.where },
      place: first.step.place,
      related: [
        ...chainTo(first.process, first.step),
        ...others.map(({ step, tool }) => ({ place: step.place, message: `\`${tool}\` is started here (\`${commandText(step)}\`)` })),
      ],
      subject: `development:${first.tool}`,
    });
  },
});
