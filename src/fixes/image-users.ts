/** A user without privileges for images that run as root. */

import type { Container, Workload } from '../facts.ts';
import {
  type DockerLine,
  type DockerText,
  insertAbove,
  insertAfter,
  instructionAt,
  replaceBody,
  stageAround,
} from '../text/dockerfile-edit.ts';
import { baseOf, type RunImage, runImages } from '../text/image-questions.ts';
import { parseImage } from '../text/image-reference.ts';
import { removeEntry } from '../text/yaml-edit.ts';
import type { Edit, Finding, Place, Service } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { dockerfileOf, listenPort, servedPort, yamlOf } from './manifests.ts';

/** Users that images bring; any other number works where nothing is written. */
function userOf(image: string): string | undefined {
  const { repository, name, tag = '' } = parseImage(image);
  if (/^(?:php|httpd|nginx|tomcat|tomee)$/.test(name)) return undefined;
  if (repository === 'node' || repository.endsWith('/library/node')) return 'node';
  // Before .NET 8 ASP.NET Core listens on port 80 unless told otherwise; since then its images bring a user.
  if (repository.startsWith('mcr.microsoft.com/dotnet/')) return Number(/^\d+/.exec(tag)?.[0]) >= 8 ? 'app' : undefined;
  if (repository === 'oven/bun') return 'bun';
  if (repository === 'denoland/deno') return 'deno';
  return repository.startsWith('gcr.io/distroless/') ? 'nonroot' : '10001';
}

/** In front of the start command, behind everything that needs root. */
function insertUser(dockerfile: DockerText, stage: readonly DockerLine[], user: string): Edit {
  const lastWork = stage.findLastIndex(({ keyword }) => /^(?:RUN|COPY|ADD|WORKDIR|USER)$/.test(keyword));
  const start = stage.slice(lastWork + 1).find(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  return start ? insertAbove(dockerfile, start, `USER ${user}`) : insertAfter(dockerfile, stage.at(-1)!, `USER ${user}`);
}

const lowest = 1024;
/** Only root may open them (Linux, `ip_unprivileged_port_start`). */
function opensLowPort({ lineage, deployments }: RunImage, services: readonly Service[]): boolean {
  const given = deployments.flatMap(({ environment }) => environment.given.filter(({ name }) => /(?:^|_)PORT$/.test(name)));
  const ports = [
    ...services.map(listenPort),
    ...deployments.flatMap((deployment) => [
      ...services.map((service) => servedPort(service, deployment)),
      ...deployment.container.ports.map(({ number }) => (number.known ? number.value : undefined)),
    ]),
    ...lineage.flatMap(({ expose }) => expose).map(({ port }) => (port.known ? port.value : undefined)),
    ...[...given, ...lineage.flatMap(({ env }) => env).filter(({ name }) => name === 'PORT')].map(({ value }) =>
      value?.known ? Number(value.value) : undefined,
    ),
  ];
  return ports.some((port) => port !== undefined && port > 0 && port < lowest);
}

const writable = new Set(['named', 'bind', 'host-path', 'claim', 'ephemeral']);
const keepsData = ({ mounts }: Container, { volumes }: Workload): boolean =>
  mounts.some(({ volume }) => volumes.some(({ name, type, readOnly }) => name === volume && writable.has(type) && !readOnly));

/** Root is the user of a container that keeps files on volumes, which belong to it by now. */
const ownsData = ({ place }: Finding, { repository }: FixContext): boolean =>
  repository.facts
    .all('workload')
    .filter((workload) => workload.place.path === place.path)
    .some(({ value }) => value.containers.some((container) => keepsData(container, value)));

/** Folders of an image and new volumes belong to root. */
function writesBeside({ stage, deployments }: RunImage, services: readonly Service[]): boolean {
  const mounts = deployments.some(({ container, workload }) => keepsData(container, workload.value));
  const writes = services.some(
    ({ code }) =>
      code.all('file-write').some(({ value }) => !value.temporary) ||
      code.all('backing-service').some(({ value }) => value.embedded && !value.inMemory),
  );
  return stage.volumes.length > 0 || mounts || writes;
}

function editStage(place: Place, context: FixContext): { edit: Edit; user: string } | undefined {
  const dockerfile = dockerfileOf(context, place.path);
  const images = runImages(context.repository).filter(({ fact }) => fact.place.path === place.path);
  const image = images.find(
    ({ stage, lineage }) => stage.place.line === place.line || lineage.some(({ user }) => user?.place.line === place.line),
  );
  const base = image && baseOf(image.lineage);
  const user = base?.known ? userOf(base.value) : undefined;
  if (!dockerfile || !user || !image) return undefined;
  const line = instructionAt(dockerfile, place);
  const stage = stageAround(dockerfile, line?.keyword === 'USER' ? place : image.stage.place, dockerfile.lines);
  const services = context.repository.services.filter(({ images: own }) => own.some(({ fact }) => fact.place.path === place.path));
  const handsOver = stage.some(({ body }) => /\bchown\b|\bchmod\b.{0,40}(?:\b[0-7]{0,3}[2367]\b|[ao]\+\w*w)/.test(body));
  if (stage.length === 0 || opensLowPort(image, services) || (!handsOver && writesBeside(image, services))) return undefined;
  const needsRoot = stage.slice(stage.indexOf(line!) + 1).some(({ keyword }) => /^(?:RUN|COPY|ADD)$/.test(keyword));
  if (line?.keyword === 'USER' && !needsRoot) return { edit: replaceBody(dockerfile, line, user), user };
  return { edit: insertUser(dockerfile, stage, user), user };
}

function makeUserFixes(finding: Finding, context: FixContext) {
  if (finding.messageId === 'forced') {
    if (ownsData(finding, context)) return [];
    const yaml = yamlOf(context, finding.place.path);
    return makeFix('Leave the user to the image', false, [yaml && removeEntry(yaml, finding.place)]);
  }
  const others = finding.related.filter(({ message }) => message.includes('runs as root')).map(({ place }) => place);
  const stages = [finding.place, ...others].map((place) => editStage(place, context));
  const user = stages[0]?.user;
  const isKnown = context.repository.services.some(
    ({ images, codeRead }) => codeRead && images.some(({ fact }) => fact.place.path === finding.place.path),
  );
  return user
    ? makeFix(
        isKnown ? `Run as the user \`${user}\`` : `Run as the user \`${user}\`, to whom the files must belong that the program writes`,
        false,
        stages.map((stage) => stage?.edit),
      )
    : [];
}

export const imageRunsAsRoot: FixMaker = {
  rule: 'image-runs-as-root',
  offers: [
    { what: 'run as the user that the base image has for it (`node`, `nonroot`…), else as a user without a name', safe: false },
    { what: 'remove root as the user of the manifest', safe: false },
  ],
  make: makeUserFixes,
};
