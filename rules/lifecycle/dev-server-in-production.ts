import { chainTo, commandText, onePerPlace, programOf, runProcesses } from '../../src/text/process-questions.ts';
import type { Fact, ProcessStep, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Programs that exist for development alone. */
const always = new Set([
  'nodemon',
  'ts-node-dev',
  'tsnd',
  'node-dev',
  'supervisor-dev',
  'webpack-dev-server',
  'parcel-serve',
  'live-server',
  'browser-sync',
  'lite-server',
  'babel-node',
  'ts-node',
  'ts-node-esm',
  'swc-node',
]);
/** Programs with a subcommand that serves for development. */
const subcommands: Readonly<Record<string, RegExp>> = {
  next: /^dev$/,
  nuxt: /^dev$/,
  nuxi: /^dev$/,
  astro: /^dev$/,
  remix: /^(?:dev|vite:dev)$/,
  'react-router': /^dev$/,
  gatsby: /^develop$/,
  ng: /^serve$/,
  'vue-cli-service': /^serve$/,
  'react-scripts': /^start$/,
  'react-app-rewired': /^start$/,
  craco: /^start$/,
  webpack: /^serve$/,
  strapi: /^develop$/,
  medusa: /^develop$/,
  wrangler: /^dev$/,
  vite: /^(?:dev|serve)$/,
};
const watches = (step: ProcessStep): boolean =>
  step.words.includes('--watch') || step.words.some((word) => word.startsWith('--watch-path'));

/** What makes a step a development server; `undefined` when it is none. */
function developmentTool(step: ProcessStep): string | undefined {
  const name = programOf(step);
  const rest = step.words.slice(1).filter((word) => !word.startsWith('-'));
  if (always.has(name)) return name;
  if (name === 'vite') return rest[0] === undefined || !/^(?:build|preview|optimize)$/.test(rest[0]) ? 'vite' : undefined;
  if (name in subcommands && rest[0] !== undefined && subcommands[name]!.test(rest[0])) return `${name} ${rest[0]}`;
  // `next` alone is `next dev` (Next.js documentation, "next CLI").
  if (name === 'next' && (rest[0] === undefined || /^\d+$/.test(rest[0]))) return 'next dev';
  if (name === 'tsx' && (rest[0] === 'watch' || watches(step))) return 'tsx watch';
  if ((name === 'node' || name === 'nest' || name === 'tsc') && watches(step)) return `${name} --watch`;
  if (name === 'nest' && rest[0] === 'start') return 'nest start';
  if (name === 'fastapi' && rest[0] === 'dev') return 'fastapi dev';
  if ((name === 'uvicorn' || name === 'gunicorn') && step.words.includes('--reload')) return `${name} --reload`;
  if (
    name === 'node' &&
    step.words.some(
      (word, index) => /^(?:-r|--require|--loader|--import)$/.test(word) && /ts-node|@babel\/register/.test(step.words[index + 1] ?? ''),
    )
  )
    return 'ts-node';
  return undefined;
}

/** Servers that frameworks bring along to develop with, by the library that starts to listen. */
const developmentServers: Readonly<Record<string, string>> = {
  flask: 'Flask',
  django: 'Django',
  bottle: 'Bottle',
  dash: 'Dash',
  quart: 'Quart',
  wsgiref: 'wsgiref',
};

/** A server for development that listens: started by code, or by a command that is not one of Compose. */
function developmentServer(service: Service, ofCompose: ReadonlySet<string>): Fact<'listen'> | undefined {
  return service.code
    .all('listen')
    .find(
      ({ value, place }) =>
        value.purpose === 'main' && Object.hasOwn(developmentServers, value.library) && !ofCompose.has(`${place.path}:${place.line}`),
    );
}

export default defineRule({
  summary: 'a development server runs in production',
  factors: [5, 10],
  level: 'error',
  effort: 1,
  docs: {
    what: 'The production image or manifest starts nodemon, ts-node, `vite`, `next dev`, `react-scripts start`, `flask run`, `manage.py runserver` or another tool that is meant for development.',
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
      next: 'Compile in the image build and start the result with `node`.',
    },
    server: {
      text: 'The server that {library} brings along for development answers the requests.',
      consequence: 'It is not made for load or attacks, may reload at any time, and with debugging on it shows its inside to users.',
      next: 'Start the application with a server for production, such as gunicorn, uvicorn or waitress.',
    },
  },
  checkService(service, report) {
    const composed = runProcesses(service).filter(({ by }) => by === 'compose');
    const ofCompose = new Set(composed.flatMap(({ process }) => process.steps.map(({ place }) => `${place.path}:${place.line}`)));
    const server = developmentServer(service, ofCompose);
    if (server)
      report({
        message: 'server',
        data: { library: developmentServers[server.value.library]! },
        place: server.place,
        subject: `development:${server.value.library}`,
      });
    // A Compose file that replaces the image's command by a watcher is how people develop.
    const found = runProcesses(service)
      .filter(({ by }) => by !== 'compose')
      .flatMap(({ process, where }) =>
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
