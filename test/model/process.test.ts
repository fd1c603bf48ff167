import { describe, expect, it } from 'vitest';
import type { AnyFact, Service } from '../../src/types.ts';
import {
  at,
  build,
  known,
  makeComposeService,
  makeContainer,
  makeImage,
  makePackage,
  makeScript,
  makeWorkload,
  type StageSketch,
  serviceOf,
} from './facts.ts';

const app = (scripts: Record<string, string> = {}): AnyFact =>
  makePackage('', { name: 'shop', scripts, main: 'lib/index.js', dependencies: ['express'] });
const imageOf = (stage: StageSketch, facts: readonly AnyFact[] = [app()], files: readonly string[] = ['server.js']): Service =>
  serviceOf(build([...facts, makeImage('Dockerfile', [{ workdir: '/app', copies: [['.', '.']], ...stage }])], files), 'shop');
const stepsOf = (service: Service): readonly string[] =>
  service.images[0]!.process.steps.map(({ words, replaces, ends }) => `${replaces ? '!' : ''}${ends ? '~' : ''}${words.join(' ')}`);
const entriesOf = (service: Service): readonly string[] => service.entries.map(({ path }) => path);

describe('the process of an image', () => {
  it('is the program itself in exec form', () => {
    const service = imageOf({ cmd: ['node', '--max-old-space-size=512', 'server.js'] });
    expect(stepsOf(service)).toEqual(['!node --max-old-space-size=512 server.js']);
    expect(entriesOf(service)).toEqual(['server.js']);
    expect(service.images[0]!.process.known).toBe(true);
  });

  it('starts with the runtime that the entrypoint of the base image puts before', () => {
    expect(stepsOf(imageOf({ from: 'node:22-slim', cmd: ['--no-node-snapshot', 'server.js'] }))).toEqual([
      '!node --no-node-snapshot server.js',
    ]);
    expect(entriesOf(imageOf({ from: 'node:22-slim', cmd: ['server.js'] }))).toEqual(['server.js']);
    expect(stepsOf(imageOf({ from: 'acme/base', cmd: ['server.js'] }))).toEqual(['!server.js']);
  });

  it('has a shell before the program in shell form', () => {
    const service = imageOf({ cmd: 'node server.js' });
    expect(stepsOf(service)).toEqual(['!/bin/sh -c node server.js', 'node server.js']);
    expect(service.images[0]!.process.steps[0]!.form).toBe('shell');
  });

  it('goes through package scripts, with what runs before and the variables that are set', () => {
    const service = imageOf({ cmd: ['npm', 'start'] }, [
      app({ prestart: 'npm run build', build: 'tsc', start: 'NODE_ENV=production node -r dotenv/config server.js' }),
    ]);
    expect(stepsOf(service)).toEqual(['!npm start', '~npm run build', '~tsc', 'node -r dotenv/config server.js']);
    expect(service.images[0]!.process.steps.at(-1)).toMatchObject({
      form: 'script',
      env: { NODE_ENV: 'production' },
      place: at('package.json', 5),
    });
  });

  it('tells commands that end from the one that stays', () => {
    const service = imageOf({ cmd: 'npx prisma migrate deploy && exec node server.js' });
    expect(stepsOf(service)).toEqual([
      '!/bin/sh -c npx prisma migrate deploy && exec node server.js',
      '~npx prisma migrate deploy',
      '~prisma migrate deploy',
      '!node server.js',
    ]);
  });

  it('sees an init as the parent that forwards signals', () => {
    expect(stepsOf(imageOf({ entrypoint: ['tini', '--'], cmd: ['node', 'server.js'] }))).toEqual([
      '!tini -- node server.js',
      '!node server.js',
    ]);
    expect(stepsOf(imageOf({ cmd: ['dumb-init', 'npm', 'start'] }, [app({ start: 'node server.js' })]))).toEqual([
      '!dumb-init npm start',
      '!npm start',
      'node server.js',
    ]);
  });

  it('follows an entrypoint script to what CMD gives', () => {
    const facts = [app(), makeScript('docker-entrypoint.sh', ['set -e', 'npm run migrate', 'exec "$@"'])];
    const service = imageOf(
      {
        copies: [
          ['.', '.'],
          ['docker-entrypoint.sh', '/usr/local/bin/'],
        ],
        entrypoint: ['docker-entrypoint.sh'],
        cmd: ['node', 'server.js'],
      },
      facts,
    );
    expect(stepsOf(service)).toEqual(['!docker-entrypoint.sh node server.js', '~npm run migrate', '!node server.js']);
    expect(entriesOf(service)).toEqual(['server.js']);
  });

  it('is not known where the base image decides or a script is missing', () => {
    expect(imageOf({}, [app({ start: 'node server.js' })]).images[0]!.process).toEqual({ steps: [], known: false });
    expect(imageOf({ cmd: ['npm', 'run', 'nothing'] }, [app({ start: 'node server.js' })]).images[0]!.process.known).toBe(false);
  });

  it('ends on scripts that call themselves', () => {
    const service = imageOf({ cmd: ['npm', 'start'] }, [app({ start: 'npm run again', again: 'npm start' })]);
    expect(service.images[0]!.process.known).toBe(false);
    expect(stepsOf(service)).toEqual(['!npm start', 'npm run again', 'npm start']);
  });

  it.each([
    [['node', '.'], 'lib/index.js'],
    [['pm2-runtime', 'start', 'server.js', '-i', 'max'], 'server.js'],
    [['npx', 'tsx', 'watch', 'src/main.ts'], 'src/main.ts'],
    [['nodemon', '--watch', 'src', '--exec', 'ts-node src/index.ts'], 'src/index.ts'],
    [['nodemon', '-e', 'ts', '--watch', 'api.yml', '-x', 'ts-node', '--project', 'server/tsconfig.json', 'src/index.ts'], 'src/index.ts'],
    [['./node_modules/.bin/ts-node', '-P', 'tsconfig.json', 'src/index.ts'], 'src/index.ts'],
    [['npx', 'fastify', 'start', '-l', 'info', 'app.js'], 'app.js'],
    [['nest', 'start'], 'src/main'],
    [['next', 'start', '-p', '3000'], ''],
    [['cross-env', 'NODE_ENV=production', 'node', 'server.js'], 'server.js'],
    [['npx', 'concurrently', 'node server.js', 'tsc -w'], 'server.js'],
  ])('reads %j', (cmd, entry) => {
    expect(entriesOf(imageOf({ cmd }))).toEqual([entry]);
  });
});

describe('commands of packages', () => {
  const root = (scripts: Record<string, string>) => makePackage('', { name: 'shop', scripts, workspaces: ['packages/*'] });
  const server = (dependencies: readonly string[]) =>
    makePackage('packages/server', { name: 'shop-server', bin: { shop: './bin/run' }, dependencies });
  it('go through scripts for systems to the commands of oclif', () => {
    const facts = build(
      [
        root({ start: 'run-script-os', 'start:windows': 'run start', 'start:default': 'cd packages/server/bin && ./run start' }),
        server(['@oclif/core', 'express']),
        makeImage('Dockerfile', [{ workdir: '/app', copies: [['.', '.']], cmd: ['pnpm', 'start'] }]),
      ],
      ['packages/server/bin/run', 'packages/server/src/commands/start.ts'],
    );
    expect(facts.services.map(({ root: folder, entries }) => [folder, entries.map(({ path }) => path)])).toEqual([
      ['packages/server', ['packages/server/dist/commands/start.js']],
    ]);
  });

  it('lead from a published name to its file', () => {
    const facts = build(
      [root({}), server(['express']), makeImage('Dockerfile', [{ workdir: '/app', copies: [['.', '.']], cmd: ['shop', 'start'] }])],
      ['packages/server/bin/run'],
    );
    expect(facts.services.flatMap(({ entries }) => entries.map(({ path }) => path))).toEqual(['packages/server/bin/run']);
  });

  it('start the main file of a folder that is a package', () => {
    const facts = build(
      [
        makePackage('', { name: 'shop', workspaces: ['apps/*'] }),
        makePackage('apps/live', { name: 'live', main: 'dist/start.mjs', dependencies: ['express'] }),
        makeImage('Dockerfile', [{ workdir: '/app', copies: [['.', '.']], cmd: ['node', 'apps/live'] }]),
      ],
      ['apps/live/src/start.ts', 'apps/live/src/server.ts'],
    );
    expect(facts.services.flatMap(({ entries }) => entries.map(({ path }) => path))).toEqual(['apps/live/dist/start.mjs']);
  });
});

describe('a program beside another one', () => {
  const files = ['probe.js', 'server.js'];
  const helper = (line: string) => imageOf({ cmd: ['sh', '-c', line] }, [app()], files);

  it('says nothing about the one in the foreground that was not found', () => {
    const service = helper('node probe.js & sleep 5 && shop-engine --serve');
    expect(entriesOf(service)).toEqual(['probe.js']);
    expect(service.images[0]!.process.foreign).toBe(true);
    expect(service.codeRead).toBe(false);
  });

  it('leaves the service read where the other one was found, or only ran before', () => {
    for (const line of ['node probe.js & node server.js', 'shop-engine --prepare && node server.js', 'shop-engine & node server.js']) {
      const service = helper(line);
      expect(service.images[0]!.process.foreign, line).toBeUndefined();
      expect(service.codeRead, line).toBe(true);
    }
  });
});

describe('shell scripts', () => {
  it('end with the last line of the function that they call at the end', () => {
    const script = makeScript('start.sh', ['prepare', 'mkdir -p /data', 'main', 'prepare', 'node server.js', 'main "$@"']);
    const service = imageOf({ cmd: ['./start.sh'] }, [app(), script]);
    expect(entriesOf(service)).toEqual(['server.js']);
    expect(service.images[0]!.process.steps.at(-2)).toMatchObject({ words: ['node', 'server.js'] });
  });

  it('stay known where a function hands its own arguments on', () => {
    const script = makeScript('start.sh', ['with_limit() {', '"$@"', '}', 'with_limit npx prisma migrate', 'exec node server.js']);
    const { images } = imageOf({ cmd: ['./start.sh'] }, [app(), script]);
    expect(images[0]!.process).toMatchObject({ known: true });
  });

  it('that trap signals pass them on', () => {
    const script = makeScript('start.sh', ['node server.js &', 'wait $!']);
    const trapping: AnyFact = { ...script, value: { ...script.value, traps: true } };
    expect(imageOf({ cmd: ['./start.sh'] }, [app(), script]).images[0]!.process.steps.at(-1)!.replaces).toBe(false);
    expect(imageOf({ cmd: ['./start.sh'] }, [app(), trapping]).images[0]!.process.steps.at(-1)!.replaces).toBe(true);
  });
});

describe('paths in an image', () => {
  it('lead back to the source through stages and working directories', () => {
    const facts = [
      makePackage('', { name: 'root', workspaces: ['apps/*'] }),
      makePackage('apps/api', { name: '@acme/api', dependencies: ['express'] }),
      makeImage('Dockerfile', [
        { name: 'build', workdir: '/repo', copies: [['.', '.']] },
        { workdir: '/srv/apps/api', copies: [['/repo/apps/api', '/srv/apps/api', 'build']], cmd: ['node', 'dist/main.js'] },
      ]),
    ];
    const service = serviceOf(build(facts), 'api');
    expect(service.root).toBe('apps/api');
    expect(entriesOf(service)).toEqual(['apps/api/dist/main.js']);
  });

  it('lie in the package that the build names where no COPY explains them', () => {
    const facts = [
      makePackage('', { name: 'root', workspaces: ['apps/*'] }),
      makePackage('apps/web', { name: 'web', dependencies: ['express'] }),
      makePackage('apps/api', { name: 'api', dependencies: ['express'] }),
      makeImage('Dockerfile', [
        { name: 'build', workdir: '/repo', copies: [['.', '.']], runs: ['pnpm deploy --filter=api --prod /prod/api'] },
        { workdir: '/app', copies: [['/prod/api', '/app', 'build']], cmd: ['node', 'dist/index.js'] },
      ]),
    ];
    const repository = build(facts);
    expect(entriesOf(serviceOf(repository, 'api'))).toEqual(['apps/api/dist/index.js']);
    expect(serviceOf(repository, 'api').images).toHaveLength(1);
  });

  it('follow what a stage builds to where it copied the manifest', () => {
    const copied: StageSketch = {
      name: 'build',
      workdir: '/repo',
      copies: [
        ['./package.json', 'package.json'],
        ['./code', 'code/'],
      ],
      runs: ['npm run build'],
    };
    const image = makeImage('Dockerfile', [copied, { workdir: '/app', copies: [['/repo/made', '/app', 'build']], cmd: ['node', 'boot'] }]);
    expect(entriesOf(serviceOf(build([app(), image], ['code/boot.ts']), 'shop'))).toEqual(['made/boot']);
  });

  it('end where stages copy from each other in a circle', () => {
    const circle = makeImage('Dockerfile', [
      { name: 'a', workdir: '/app', copies: [['/app', '/app', 'b']] },
      {
        name: 'b',
        workdir: '/app',
        copies: [
          ['/app', '/app', 'a'],
          ['/app', '/app', 'b'],
        ],
        cmd: ['node', 'server.js'],
      },
    ]);
    expect(build([app(), circle], ['server.js']).services).toHaveLength(1);
  });
});

describe('the process of a container', () => {
  const image = makeImage('Dockerfile', [
    { workdir: '/app', copies: [['.', '.']], entrypoint: ['tini', '--'], cmd: ['node', 'server.js'] },
  ]);
  const run = (command?: readonly string[], args?: readonly string[]) => {
    const path = 'k8s/shop.yaml';
    const container = makeContainer('shop', path, {
      imageName: 'acme/shop',
      ...(command && { command: known(command, at(path, 7)) }),
      ...(args && { args: known(args, at(path, 8)) }),
    });
    const [deployment] = serviceOf(
      build([app(), image, makeWorkload(path, 'shop', { containers: [container] })], ['server.js']),
      'shop',
    ).deployments;
    return deployment!.process.steps.map(({ words }) => words.join(' '));
  };
  it('replaces ENTRYPOINT and CMD by command, CMD by args', () => {
    expect(run()).toEqual(['tini -- node server.js', 'node server.js']);
    expect(run(['node', 'a.js'])).toEqual(['node a.js']);
    expect(run(undefined, ['node', 'b.js'])).toEqual(['tini -- node b.js', 'node b.js']);
    expect(run(['node'], ['c.js'])).toEqual(['node c.js']);
  });

  it('runs mounted source of a plain runtime image', () => {
    const path = 'compose.yaml';
    const service = makeComposeService(path, 'web', {
      volumes: [{ name: '.', type: 'bind', source: known('.', at(path, 6)), place: at(path, 6) }],
      container: {
        imageName: 'node:22',
        workingDir: known('/src', at(path, 7)),
        args: known(['npm', 'start'], at(path, 8)),
        mounts: [{ volume: '.', path: known('/src', at(path, 6)), readOnly: false, place: at(path, 6) }],
      },
    });
    const shop = serviceOf(build([app({ start: 'node server.js' }), service], ['server.js']), 'shop');
    expect(shop.deployments[0]!.process.steps.map(({ words }) => words.join(' '))).toEqual(['npm start', 'node server.js']);
    expect(shop.links.map(({ because }) => because)).toEqual(['it mounts the root as its source']);
  });
});
