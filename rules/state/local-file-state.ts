import { isComposeForProduction } from '../../src/text/compose-questions.ts';
import { findLostData, type LostData } from '../../src/text/database-storage.ts';
import { saysThrowaway } from '../../src/text/purpose.ts';
import { isPatched, isProduction, reportOnce, subjectOf } from '../../src/text/workload-questions.ts';
import {
  folderNamed,
  hasKnownRoot,
  isScratchPath,
  type Keeping,
  keepingOf,
  writtenAt,
  writtenPaths,
} from '../../src/text/written-files.ts';
import type { Deployment, Related, Report, Repository, Service } from '../../src/types.ts';
import { defineRule, type Fact } from '../../src/types.ts';

type Write = Fact<'file-write'>;
interface Stored {
  readonly fact: Write;
  readonly folder: string;
  readonly keeping: Keeping;
}

const nouns: Readonly<Record<Write['value']['content'], string>> = {
  upload: 'Uploaded files are',
  key: 'A generated key is',
  settings: 'Settings are',
  generated: 'Generated files are',
  log: 'Log lines are',
  unknown: 'Files are',
};
/** Worst first: what users gave, then what all copies must agree on. */
const order: readonly Write['value']['content'][] = ['upload', 'key', 'settings', 'unknown', 'generated'];

/** State is what a request or a start leaves behind; logs have a rule of their own. */
const isState = ({ value }: Write): boolean =>
  !value.temporary && value.content !== 'log' && (value.duringRequest === true || value.content === 'upload' || value.content === 'key');

function storedBy(service: Service, fact: Write): Stored | undefined {
  const paths = writtenPaths(service, fact.value.target);
  if (paths.some(isScratchPath)) return undefined;
  const isAnywhere = fact.value.content === 'unknown' || fact.value.content === 'generated';
  if (isAnywhere && !fact.value.store && !hasKnownRoot(fact.value.target)) return undefined;
  const keeping = keepingOf(service, fact.value.target);
  const isMeantToBeLost = keeping.how === 'scratch' && fact.value.content !== 'upload' && fact.value.content !== 'key';
  if (isMeantToBeLost || keeping.how === 'shared' || keeping.how === 'unknown') return undefined;
  return { fact, folder: folderNamed(paths[0] ?? ''), keeping };
}

/** One purpose: what is kept, and in which folder; all folders that cannot be read are one. */
const purposeOf = ({ fact, folder }: Stored): string => {
  const { content } = fact.value;
  if (content === 'key') return `key:${fact.place.path}`;
  if (folder !== '' && content !== 'settings') return `folder:${folder}`;
  return `${content === 'generated' ? 'unknown' : content}:${folder}`;
};

/** One write to one of several folders is told once, with a folder that can be read where there is one. */
function onceEach(stored: readonly Stored[]): readonly Stored[] {
  const known = new Map<string, Stored>();
  for (const one of stored) {
    const { path, line, column } = one.fact.place;
    const key = `${path}:${line}:${column}`;
    if (!known.get(key)?.folder) known.set(key, one);
  }
  return [...known.values()];
}

function groupByPurpose(stored: readonly Stored[]): readonly (readonly [Stored, ...Stored[]])[] {
  const groups = new Map<string, [Stored, ...Stored[]]>();
  for (const one of stored) {
    const key = purposeOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

function toReport(service: Service, [first, ...others]: readonly [Stored, ...Stored[]]): Report {
  const { fact, folder, keeping } = first;
  const { content } = fact.value;
  const isKept = keeping.how === 'machine';
  const written = writtenAt(fact.value.target);
  const related: Related[] = [
    ...(keeping.place
      ? [{ place: keeping.place, message: isKept ? 'the volume that keeps them' : 'a volume that is emptied with the copy' }]
      : []),
    // In another file: beside the call everybody sees it.
    ...(written && written.path !== fact.place.path ? [{ place: written, message: 'the folder is named here' }] : []),
    ...others.slice(0, 20).map(({ fact: other }) => ({ place: other.place, message: 'written here as well' })),
    ...(service.copies.count === 'many' ? service.copies.evidence : []),
  ];
  const isCertain = content === 'upload' || content === 'key' || content === 'settings';
  return {
    message: isKept ? 'machine' : content === 'key' ? 'key' : 'lost',
    data: { what: nouns[content], where: folder ? `\`${folder}\`` : 'a local folder', api: fact.value.api },
    place: fact.place,
    related,
    level: isKept
      ? service.copies.count === 'many'
        ? 'error'
        : 'warning'
      : isCertain || service.copies.count === 'many'
        ? 'error'
        : 'warning',
    confidence: fact.confidence,
    subject: `${content}:${folder}`,
  };
}

/** Compose keeps a container through restarts, and a cluster does not. */
const databaseLevels: Partial<Readonly<Record<Deployment['platform'], 'error' | 'warning'>>> = { kubernetes: 'error', compose: 'warning' };

function databaseReport({ platform, workload }: Deployment, lost: LostData): Report {
  return {
    message: lost.how === 'scratch' ? 'scratchDatabase' : 'database',
    data: {
      workload: platform === 'compose' ? 'service' : workload.value.kind,
      name: workload.value.name,
      image: lost.image,
      where: lost.directory,
    },
    place: lost.place,
    related: lost.how === 'scratch' ? [{ place: workload.value.namePlace, message: 'the database' }] : [],
    level: databaseLevels[platform],
    confidence: 'likely',
    subject: `database:${subjectOf(workload.value)}`,
  };
}

/** Its owner named it so that nobody keeps anything in it. */
const isThrowaway = ({ name, namespace = '' }: Deployment['workload']['value']): boolean => saysThrowaway(name) || saysThrowaway(namespace);

const completes = (other: Deployment, { workload }: Deployment): boolean =>
  other.workload !== workload &&
  other.workload.value.name === workload.value.name &&
  other.workload.place.path === workload.place.path &&
  !findLostData(other.workload.value, other.container, other.image?.lineage);

function databaseReports(service: Service, repository: Repository): Report[] {
  return service.deployments.flatMap((deployment) => {
    const { workload, container, platform, image } = deployment;
    const { value } = workload;
    const isJudged =
      platform === 'kubernetes'
        ? isProduction(deployment) && !isPatched(repository, value, 'volumes', 'volumeMounts')
        : platform === 'compose' && isComposeForProduction(workload, repository);
    const lost = isJudged && value.longRunning && !isThrowaway(value) ? findLostData(value, container, image?.lineage) : undefined;
    // `compose.override.yml`, which Compose adds by itself, may bring the volume.
    const isCompleted = platform === 'compose' && service.deployments.some((other) => completes(other, deployment));
    return lost && !isCompleted ? [databaseReport(deployment, lost)] : [];
  });
}

/** A proxy that asks for certificates itself and keeps them beside it. */
const certificateReports = (service: Service, repository: Repository): Report[] =>
  service.deployments.flatMap(({ workload, container, purpose, platform }): Report[] => {
    const { certificates } = container;
    const isDeployed = platform === 'compose' ? isComposeForProduction(workload, repository) || purpose === 'production' : true;
    if (!certificates || !isProduction({ purpose }) || !isDeployed) return [];
    const data = { name: workload.value.name, where: certificates.path };
    return [{ message: 'certificates', data, place: certificates.place, level: 'warning', subject: `certificates:${workload.value.name}` }];
  });

export default defineRule({
  summary: 'files are kept on the disk of one copy',
  factors: [6],
  level: 'error',
  effort: 3,
  docs: {
    what: 'Code that serves requests writes files that are meant to stay: uploads, generated files, settings, or a key that is made at the first start. And databases of manifests whose data folder is on no volume, unless their name or namespace says that they are for demos, tests or development. And certificates that Traefik keeps in a file of its own. Temporary files, files that are deleted again, logs, and files on a volume that all copies share are left out.',
    why: 'A file in a container is gone with the next deploy, and the other copies never see it: links to it answer 404 depending on who answers.',
    how: 'Keep files in object storage (S3, GCS, Azure Blob) or a database; hand keys and settings to the program from outside.',
    bad: "const upload = multer({ dest: 'uploads/' });",
    good: 'const upload = multer({ storage: multerS3({ s3, bucket: process.env.BUCKET }) });',
    references: ['https://12factor.net/processes', 'https://12factor.net/backing-services'],
  },
  messages: {
    lost: {
      text: '{what} written to {where}, on the disk of one copy (`{api}`).',
      consequence: 'Other copies do not see them, and the next deploy deletes them.',
      next: 'Keep them in object storage or a database that all copies share.',
    },
    key: {
      text: '{what} written to {where} by the copy that starts first (`{api}`).',
      consequence: 'Every copy makes a key of its own, so what one signs or accepts another rejects.',
      next: 'Create the key once and hand it to all copies as a secret.',
    },
    machine: {
      text: '{what} written to {where}, on a volume that belongs to one machine (`{api}`).',
      consequence: 'A copy on another machine does not see them.',
      next: 'Keep them in object storage, or on a volume that all copies may mount.',
    },
    database: {
      text: '{workload} `{name}` runs `{image}`, and no volume holds its data in `{where}`.',
      consequence: 'All data is gone when the container is replaced: by a deploy, an eviction, or a machine that fails.',
      next: 'Mount a volume that stays there (a volume claim, a named volume of Compose), or take a managed database.',
    },
    scratchDatabase: {
      text: '{workload} `{name}` runs `{image}` with its data in `{where}`, on an emptyDir.',
      consequence: 'All data is deleted with the pod: by a deploy, an eviction, or a machine that fails.',
      next: 'Mount a volume claim there (`volumeClaimTemplates` of a StatefulSet), or take a managed database.',
    },
    certificates: {
      text: '`{name}` asks for certificates and keeps them in the local file `{where}`.',
      consequence: 'A second copy cannot share the file: it asks for its own, until the authority refuses more.',
      next: 'Let cert-manager or the platform keep the certificates, or end TLS at its load balancer.',
    },
  },
  checkService(service, report, repository) {
    if (service.kind === 'job') return;
    reportOnce([...databaseReports(service, repository), ...certificateReports(service, repository)], report);
    const stored = service.code
      .all('file-write')
      .filter(isState)
      .flatMap((fact) => storedBy(service, fact) ?? []);
    const sorted = [...stored].sort((a, b) => order.indexOf(a.fact.value.content) - order.indexOf(b.fact.value.content));
    for (const group of groupByPurpose(onceEach(sorted))) report(toReport(service, group));
  },
});
