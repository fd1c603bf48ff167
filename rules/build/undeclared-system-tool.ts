import { baseHasTool } from '../../src/text/image-bases.ts';
import { baseOf, lineageOf } from '../../src/text/image-questions.ts';
import { readInstalledPackages } from '../../src/text/installed-packages.ts';
import { bringsTool, isKnownTool, packageOf } from '../../src/text/system-tools.ts';
import type { Service, ServiceImage } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** npm packages that bring the program themselves. */
const bundled: Readonly<Record<string, RegExp>> = {
  ffmpeg: /ffmpeg-static|@ffmpeg-installer|ffmpeg-binaries|@ffmpeg\//,
  ffprobe: /ffprobe-static|@ffprobe-installer|@ffmpeg\//,
  wkhtmltopdf: /wkhtmltopdf-installer|wkhtmltox-aws/,
  chromium: /puppeteer|playwright|@sparticuz\/chromium|chrome-aws-lambda/,
  '7z': /7zip-bin|7zip-min/,
  git: /dugite/,
  exiftool: /exiftool-vendored/,
  'yt-dlp': /yt-dlp|youtube-dl-exec/,
  'youtube-dl': /youtube-dl/,
};

const isBundled = (service: Service, tool: string): boolean => {
  const names = Object.keys(service.package?.value.dependencies ?? {});
  return Object.hasOwn(bundled, tool) && names.some((name) => bundled[tool]!.test(name));
};

/** True when nothing in the Dockerfile could bring the tool and the base is known not to have it. */
function lacksTool({ fact, stage }: ServiceImage, tool: string): boolean {
  const lineage = lineageOf(fact.value.stages, stage);
  const base = baseOf(lineage);
  if (!base?.known || baseHasTool(base.value, tool) !== false) return false;
  const commands = lineage.flatMap(({ runs }) => runs.map(({ command }) => command));
  if (bringsTool(commands.flatMap(readInstalledPackages), tool)) return false;
  // Downloads, builds from source and copies of a binary name the tool somewhere.
  const named = (text: string): boolean => text.toLowerCase().includes(tool) || text.includes('$');
  const copied = lineage
    .flatMap(({ copies }) => copies)
    .filter(({ from, target }) => from !== undefined && !/^\.?\/?(?:app|usr\/src|srv|home)\b/.test(target));
  return (
    !commands.some((command) => command.includes(tool) || command.includes(packageOf(tool))) &&
    !copied.some((copy) => copy.sources.some(named) || /\/(?:bin|usr|opt|lib)\/?/.test(copy.target))
  );
}

const isRun = (service: Service, image: ServiceImage): boolean => {
  const { purpose } = image.fact.value;
  const uses = service.deployments.filter((deployment) => deployment.image?.fact.place.path === image.fact.place.path);
  return (
    purpose !== 'test' &&
    purpose !== 'development' &&
    (uses.length === 0 || uses.some((use) => use.purpose !== 'test' && use.purpose !== 'development'))
  );
};

/** True when the image itself says what it starts. */
const starts = ({ fact, stage }: ServiceImage): boolean =>
  lineageOf(fact.value.stages, stage).some(({ entrypoint, cmd }) => entrypoint !== undefined || cmd !== undefined);

/** Images that run the program: one without a command, beside others that have one, only builds something for them. */
function runningImages(service: Service): readonly ServiceImage[] {
  const images = service.images.filter((image) => isRun(service, image));
  return images.some(starts) ? images.filter(starts) : images;
}

export default defineRule({
  summary: 'a system tool is called that the image does not install',
  factors: [2],
  level: 'error',
  effort: 1,
  docs: {
    what: 'Code starts a program such as `convert`, `ffmpeg` or `git`, and the image of the service neither installs it nor has it from its base.',
    why: 'It works on a developer machine that happens to have the tool, and fails in the container as soon as that code runs.',
    how: 'Install the package in the Dockerfile, or use a library that brings the program along.',
    bad: "FROM node:22-alpine\n# …\nexecFile('ffmpeg', args)",
    good: 'FROM node:22-alpine\nRUN apk add --no-cache ffmpeg',
    references: ['https://12factor.net/dependencies'],
  },
  messages: {
    missing: {
      text: 'The code starts `{tool}`, and the image on `{base}` never installs it.',
      consequence: 'The call fails in the container with ENOENT, although it works where the tool happens to be installed.',
      next: 'Install the package `{package}` in the Dockerfile.',
    },
  },
  checkService(service, report) {
    const images = runningImages(service);
    const seen = new Set<string>();
    for (const { place, value } of service.code.all('system-tool')) {
      const tool = value.command.split('/').at(-1)!;
      if (seen.has(tool) || !isKnownTool(tool) || isBundled(service, tool)) continue;
      seen.add(tool);
      const image = images.find((each) => lacksTool(each, tool));
      const base = image && baseOf(lineageOf(image.fact.value.stages, image.stage));
      if (!image || !base?.known) continue;
      report({
        message: 'missing',
        data: { tool, base: base.value, package: packageOf(tool) },
        place,
        related: [{ place: image.stage.place, message: 'the image that runs it' }],
        subject: tool,
      });
    }
  },
});
