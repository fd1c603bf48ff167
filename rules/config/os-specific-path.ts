import { runsAsFunctions } from '../../src/text/function-questions.ts';
import { groupBy } from '../../src/text/group-by.ts';
import { defineRule, type Repository, type Service } from '../../src/types.ts';

/** Where Lambda puts the function and its layers (docs.aws.amazon.com/lambda, "Layers"). */
const layers = /^\/(?:opt|var\/task|var\/runtime)(?:\/|$)/;

const fewPaths = 3;
const maximumRelated = 30;

/** The image makes the folder, or a volume is mounted there. */
function isProvided(path: string, service: Service): boolean {
  const covers = (folder: string | undefined): boolean =>
    folder !== undefined && folder.length > 1 && (path === folder || path.startsWith(`${folder.replace(/\/$/, '')}/`));
  const parent = path.split('/').slice(0, 3).join('/');
  return (
    service.deployments.some(({ container }) => container.mounts.some((mount) => mount.path.known && covers(mount.path.value))) ||
    service.images.some(({ stage, lineage }) =>
      [stage, ...lineage].some(
        ({ workdir, copies, runs, volumes }) =>
          covers(workdir?.known ? workdir.value : undefined) ||
          copies.some(({ target }) => covers(target) || target.startsWith(parent)) ||
          volumes.some((volume) => covers(volume.path)) ||
          runs.some(({ command }) => command.includes(parent)),
      ),
    )
  );
}

const windowsBase = /windows|nanoserver|servercore|\/dotnet\/framework\//i;
/** A folder whose image is made of Windows has drives. */
const isForWindows = (path: string, repository: Repository): boolean =>
  repository.facts.all('image').some(({ value, place }) => {
    const folder = place.path.slice(0, place.path.lastIndexOf('/') + 1);
    return path.startsWith(folder) && value.stages.some(({ base }) => windowsBase.test(base.known ? base.value : ''));
  });

export default defineRule({
  summary: 'code uses a path of one machine',
  factors: [3, 10],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'Code names a drive (`C:\\...`) or an absolute folder of one machine (a home folder, `/opt/tool`, `/var/lib/data`) that neither the image makes nor a volume is mounted at. Paths of containers (`/app`, `/tmp`, `/run/secrets`, `/etc/ssl`) and paths that a variable can replace are left out.',
    why: 'The folder does not exist in a container or on another machine: reading fails there, and what is written is lost.',
    how: 'Take the folder from the environment, use paths relative to the program, or `os.tmpdir()` for scratch.',
    bad: "fs.readFileSync('C:\\\\data\\\\prices.csv');",
    good: "fs.readFileSync(join(process.env.DATA_DIR ?? './data', 'prices.csv'));",
    references: ['https://12factor.net/config', 'https://12factor.net/dev-prod-parity'],
  },
  messages: {
    windows: {
      text: 'Code names `{path}`, a path of a Windows machine.',
      consequence: 'It does not exist in a Linux container: what is read is missing, what is written lands beside the program.',
      next: 'Take the folder from the environment, or use a path relative to the program.',
    },
    unix: {
      text: 'Code names `{path}`, a folder of one machine.',
      consequence: 'It does not exist in a container unless the image makes it: what is read is missing.',
      next: 'Take the folder from the environment, or use a path relative to the program.',
    },
  },
  checkService(service, report, repository) {
    const found = service.code.all('host-path').filter(({ value, place }) => {
      if (repository.roleOf(place.path) !== 'production' || isProvided(value.path, service)) return false;
      if (value.os === 'windows' && isForWindows(place.path, repository)) return false;
      return !(layers.test(value.path) && runsAsFunctions(service, repository));
    });
    for (const facts of groupBy(found, ({ value, place }) => `${value.os} ${place.path}`).values()) {
      // A file that is full of them is one thing to mend.
      const told = facts.length > fewPaths ? facts.slice(0, 1) : facts;
      const others = facts.slice(told.length, told.length + maximumRelated);
      for (const { value, place, confidence } of told)
        report({
          message: value.os,
          data: { path: value.path },
          place,
          confidence,
          related: others.map((other) => ({ place: other.place, message: `\`${other.value.path}\` is another one` })),
          subject: value.path,
        });
    }
  },
});
