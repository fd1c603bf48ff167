import type { ImageStage } from '../../src/facts.ts';
import { baseFamilyOf } from '../../src/text/image-bases.ts';
import { baseOf, contributingStages, lineageOf } from '../../src/text/image-questions.ts';
import { readInstalledPackages } from '../../src/text/installed-packages.ts';
import { splitCommands } from '../../src/text/shell-words.ts';
import type { Service, ServiceImage } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** Addons that npm compiles at every install: they ship no binaries at all. */
const alwaysCompiled = new Set(
  'node-rdkafka node-expat iconv posix unix-dgram heapdump memwatch-next ursa opencv4nodejs node-gdal farmhash odbc nodegit pcap raw-socket ref ffi weak gc-stats modern-syslog libxmljs node-libcurl time node-snappy bignum'.split(
    ' ',
  ),
);
const buildTools = /^(?:build-base|build-essential|g\+\+|gcc|make|alpine-sdk|clang|gcc-c|groupinstall)/;

const installsPackages = ({ runs }: ImageStage): boolean =>
  runs.some(({ command }) =>
    splitCommands(command).some(
      ({ words }) => /^(?:npm|yarn|pnpm|bun)$/.test(words[0] ?? '') && !['run', 'exec', 'start'].includes(words[1] ?? ''),
    ),
  );

/** A stage on a small base that installs dependencies without a compiler. */
function findStage({ fact, stage }: ServiceImage): ImageStage | undefined {
  const { stages } = fact.value;
  const installing = contributingStages(stages, stage).filter(installsPackages);
  const bare = installing.filter((each) => {
    const lineage = lineageOf(stages, each);
    const base = baseOf(lineage);
    const family = base?.known ? baseFamilyOf(base.value) : 'unknown';
    const installed = lineage.flatMap(({ runs }) => runs.flatMap(({ command }) => readInstalledPackages(command)));
    return (family === 'alpine' || family === 'slim') && !installed.some((name) => buildTools.test(name) || name.includes('$'));
  });
  return bare.length === installing.length ? bare[0] : undefined;
}

const findAddon = (service: Service): string | undefined =>
  Object.keys(service.package?.value.dependencies ?? {}).find((name) => alwaysCompiled.has(name));

export default defineRule({
  summary: 'a native addon has no compiler in the image that installs it',
  factors: [2],
  level: 'note',
  effort: 3,
  docs: {
    what: 'A dependency compiles native code when it is installed, and the image that installs it is a slim or Alpine one without a compiler.',
    why: 'The build fails, or somebody copies `node_modules` from a machine with another C library, and the program crashes when it starts.',
    how: 'Install the compiler in a build stage and copy `node_modules` from it, or use a library with prebuilt binaries.',
    bad: 'FROM node:22-alpine\nRUN npm ci # compiles node-rdkafka',
    good: 'FROM node:22-alpine AS build\nRUN apk add --no-cache build-base python3\nRUN npm ci',
    references: ['https://12factor.net/dependencies', 'https://github.com/nodejs/node-gyp#installation'],
  },
  messages: {
    'no-compiler': {
      text: '`{library}` compiles native code at install, and the image has no compiler.',
      consequence: 'The install fails in the image, or a binary of another platform is shipped and crashes at start.',
      next: 'Install the build tools in a build stage, or choose a library with prebuilt binaries.',
    },
  },
  checkService(service, report) {
    const library = findAddon(service);
    const dependency = library === undefined ? undefined : service.package?.value.dependencies[library];
    if (!library || !dependency) return;
    const stage = service.images
      .filter(({ fact }) => fact.value.purpose !== 'test' && fact.value.purpose !== 'development')
      .map(findStage)
      .find(Boolean);
    if (!stage) return;
    report({
      message: 'no-compiler',
      data: { library },
      place: dependency.place,
      related: [{ place: stage.place, message: 'it is installed here' }],
      subject: library,
    });
  },
});
