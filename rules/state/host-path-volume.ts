import type { Volume } from '../../src/facts.ts';
import { isComposeForProduction, mountsSource, resolveFrom } from '../../src/text/compose-questions.ts';
import { watchesItsNode } from '../../src/text/node-agents.ts';
import { isProduction, nameOf, reportOnce, subjectOf } from '../../src/text/workload-questions.ts';
import type { Deployment, Report, Repository } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

/** The node's own clock, devices and kernel: read by the container, never its data. */
const nodeItself =
  /^\/(etc\/(localtime|timezone|hosts|resolv\.conf|ssl|pki|ca-certificates|machine-id)|usr\/share\/(zoneinfo|ca-certificates)|dev|sys|proc|lib\/modules|boot|run\/udev)(\/|$)/;
/** A socket of an agent on the node: a way to talk, no data. */
const otherSocket = /\.sock(et)?$/;
/** Folders in which agents of the node keep nothing but their sockets (Datadog Agent documentation, "Unix Domain Socket"). */
const socketFolder = /^(?:\/var)?\/run\/(?:datadog|newrelic-infra|dynatrace|spire(?:\/(?:sockets|agent-sockets))?)\/?$/;
/** A share that is mounted on every machine under the same name. */
const share =
  /\/(?:nfs|nas|ceph(?:fs)?|gluster(?:fs)?|efs|smb|cifs|lustre|moosefs|beegfs|azurefiles?|filestore)(?:[-_.\d]\w{0,40})?(?:\/|$)/i;
const dockerSocket = /docker\.sock$|containerd\.sock$|crio\.sock$/;
/** Mounted to configure the container: a file, or a folder that says so. */
const configuration =
  /\.[A-Za-z][A-Za-z0-9]{0,7}$|(^|\/)(conf|config|conf\.d|configs?|certs?|ssl|tls|secrets|nginx|provisioning|scripts|init|initdb|docker-entrypoint-initdb\.d|templates|fixtures|seeds?|migrations|localstack|prometheus|grafana)\/?$/i;

const pathOf = (deployment: Deployment, volume: Volume): string | undefined => {
  const mount = deployment.container.mounts.find((candidate) => candidate.volume === volume.name);
  return mount?.path.known ? mount.path.value : undefined;
};

const trackedFolders = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();
/** Folders with files that version control keeps; one that only holds `.gitkeep` is none. */
function foldersOf(tracked: ReadonlySet<string>): ReadonlySet<string> {
  const known = trackedFolders.get(tracked);
  if (known) return known;
  const folders = new Set<string>();
  for (const path of tracked) {
    if (/\/\.git(?:keep|ignore)$/.test(path)) continue;
    for (let at = path.lastIndexOf('/'); at > 0 && !folders.has(path.slice(0, at)); at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  }
  trackedFolders.set(tracked, folders);
  return folders;
}

/** A folder of files that version control keeps is code or configuration, not data. */
const isTracked = ({ tracked }: Repository, folder: string | undefined): boolean =>
  folder !== undefined && tracked !== undefined && foldersOf(tracked).has(folder);

/** Kinds that run once on each machine, to work there. */
const onEveryNode: ReadonlySet<string> = new Set(['DaemonSet', 'Nomad system job', 'global Swarm service']);

/** A bind mount, or a named volume that the local driver binds to a folder. */
const isBound = ({ type, source }: Volume): boolean =>
  type === 'bind' || (type === 'named' && source?.known === true && /^[/~]/.test(source.value));

/** A path of the machine, with the variables in it. */
const sourceOf = ({ source }: Volume): string | undefined => (source?.known ? source.value : source?.written);

function isHostData(deployment: Deployment, volume: Volume, repository: Repository): boolean {
  const source = sourceOf(volume);
  const target = pathOf(deployment, volume);
  if (!source || !target || nodeItself.test(source)) return false;
  if (socketFolder.test(source)) return false;
  if (otherSocket.test(source) && !dockerSocket.test(source)) return false;
  if (watchesItsNode(deployment)) return false;
  if (volume.type === 'host-path') return !onEveryNode.has(deployment.workload.value.kind);
  // Source that stays mounted in a file for production hides the code of the image.
  if (deployment.purpose === 'production' && mountsSource(deployment.workload, volume)) return true;
  if (!isBound(volume) || !isComposeForProduction(deployment.workload, repository)) return false;
  if (dockerSocket.test(source)) return true;
  if (onEveryNode.has(deployment.workload.value.kind) || share.test(source)) return false;
  const readOnly = volume.readOnly || deployment.container.mounts.some((mount) => mount.volume === volume.name && mount.readOnly);
  if (readOnly || configuration.test(source) || configuration.test(target)) return false;
  return !mountsSource(deployment.workload, volume) && !isTracked(repository, resolveFrom(deployment.workload.place.path, source));
}

/** A named volume of Swarm lies on the node of its copy: bound to that node, the service can start nowhere else. */
function findPinned({ workload: { value }, container }: Deployment): readonly Report[] {
  const volume = value.volumes.find(({ type, name }) => type === 'named' && container.mounts.some((mount) => mount.volume === name));
  if (!value.pinnedTo || !volume) return [];
  const { node, place } = value.pinnedTo;
  const data = { workload: nameOf(value), node, path: volume.name };
  const related = [{ place: volume.place, message: 'the volume' }];
  return [{ message: 'pinned', data, place, related, subject: `${subjectOf(value)}:pinned` }];
}

/** `core1` and `core2` of one service are copies, and so are `data-1` and `data-2`. */
const copyName = (name: string): string => name.replace(/(?<=[a-z])[-_]?\d{1,3}$/i, '');

export default defineRule({
  summary: 'data lives on the disk of one machine',
  factors: [6],
  level: 'warning',
  effort: 3,
  docs: {
    what: 'A `hostPath` volume of a workload that is neither a DaemonSet nor an agent that watches its node, a PersistentVolume that is a folder of a node, a bind mount of host data in a Compose file that is used for deployment (also as a named volume with `o: bind`), or a service of Swarm that is bound to one node with a volume there. Source code mounted for development, configuration files and time zones are left out.',
    why: 'A copy that starts on another machine finds other data or none, and the copies of one machine write into the same files.',
    how: 'Use a PersistentVolumeClaim or a named volume, or keep the data in object storage or a database.',
    bad: 'volumes:\n  - name: uploads\n    hostPath: {path: /srv/uploads}',
    good: 'volumes:\n  - name: uploads\n    persistentVolumeClaim: {claimName: uploads}',
    references: ['https://kubernetes.io/docs/concepts/storage/volumes/#hostpath'],
  },
  messages: {
    data: {
      text: '{workload} mounts `{path}` of the machine that it runs on.',
      consequence: 'On another machine it finds other data or none, so it cannot be moved or scaled.',
      next: 'Use a volume claim or a named volume, or keep the data in a store that all copies share.',
    },
    pinned: {
      text: '{workload} may run only on node `{node}`, where its volume `{path}` lies.',
      consequence: 'When this machine fails, nothing can start it elsewhere, and its data is gone with it.',
      next: 'Use a volume driver that all nodes reach, or a store that runs outside of the stack.',
    },
    volume: {
      text: 'PersistentVolume `{name}` is the folder `{path}` of a node.',
      consequence: 'A pod that starts on another node finds other data or none, and the data is lost with the node.',
      next: 'Let a StorageClass of the platform provide the volume.',
    },
    socket: {
      text: '{workload} mounts the container engine socket `{path}` of its machine.',
      consequence: 'It controls every container of that machine, and sees only that machine.',
      next: 'Let the platform tell it what it needs, and remove the mount.',
    },
  },
  checkService(service, report, repository) {
    const findings: Report[] = [];
    for (const deployment of service.deployments) {
      const { value } = deployment.workload;
      if (!isProduction(deployment) || !value.longRunning) continue;
      findings.push(...findPinned(deployment));
      for (const volume of value.volumes) {
        const source = sourceOf(volume);
        if (source === undefined || !isHostData(deployment, volume, repository)) continue;
        findings.push({
          message: dockerSocket.test(source) ? 'socket' : 'data',
          data: { workload: value.platform === 'compose' ? `Service \`${value.name}\`` : nameOf(value), path: source },
          place: volume.place,
          subject: `${subjectOf({ ...value, name: copyName(value.name) })}:${copyName(source)}`,
        });
      }
    }
    reportOnce(findings, report);
  },
  checkRepository(repository, report) {
    for (const { value, place } of repository.facts.all('host-volume')) {
      if (!isProduction(value) || !value.path.known || repository.roleOf(place.path) !== 'production') continue;
      const data = { name: value.name, path: value.path.value };
      report({ message: 'volume', data, place: value.path.place, subject: `volume:${value.name}` });
    }
  },
});
