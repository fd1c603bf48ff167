/** Where a container of a database keeps its data, and whether anything outlives the container there. */
import type { Container, ImageStage, Setting, Volume, Workload } from '../facts.ts';
import type { Place } from '../types.ts';
import { parseImage } from './image-reference.ts';

/** Data directories as the images document them; several stand for versions and publishers. */
const dataDirectories: readonly (readonly [image: RegExp, directories: readonly string[]])[] = [
  [
    /^(?:postgres(?:ql)?|postgis|pgvector|timescaledb(?:-ha)?)$/,
    ['/var/lib/postgresql/data', '/var/lib/pgsql/data', '/bitnami/postgresql', '/home/postgres/pgdata'],
  ],
  [/^(?:mysql(?:-server)?|mariadb|percona(?:-server)?)$/, ['/var/lib/mysql', '/bitnami/mysql', '/bitnami/mariadb']],
  [/^(?:mongo|mongodb|mongodb-community-server)$/, ['/data/db', '/var/lib/mongodb', '/bitnami/mongodb']],
  [/^(?:mssql-server|mssql\/server|azure-sql-edge)$/, ['/var/opt/mssql']],
  [/^(?:oracle-(?:free|xe|database)|oracle-database-\w+)$/, ['/opt/oracle/oradata', '/u01/app/oracle']],
  [/^db2$/, ['/database']],
  [/^cubrid$/, ['/var/lib/cubrid']],
  [/^influxdb$/, ['/var/lib/influxdb2', '/var/lib/influxdb', '/bitnami/influxdb']],
  [/^cassandra$/, ['/var/lib/cassandra', '/bitnami/cassandra']],
  [/^couchdb$/, ['/opt/couchdb/data', '/bitnami/couchdb']],
  [/^neo4j$/, ['/data', '/bitnami/neo4j']],
];
/** Variables that move it. */
const directoryVariables = new Set(['PGDATA', 'POSTGRESQL_DATA_DIR', 'MYSQL_DATA_DIR', 'MARIADB_DATA_DIR', 'MONGODB_DATA_DIR']);
const directoryOptions = /(?:^|[\s=-])(?:datadir|dbpath|data_directory|pgdata)\b|^-D$/i;

export interface LostData {
  /** `none`: no volume is mounted there; `scratch`: one that goes with the copy. */
  readonly how: 'none' | 'scratch';
  readonly directory: string;
  readonly image: string;
  readonly place: Place;
}

function directoriesOf(image: string): readonly string[] {
  const { name, repository } = parseImage(image);
  const key = name === 'server' && repository.includes('mssql/') ? 'mssql/server' : name;
  return dataDirectories.find(([pattern]) => pattern.test(key))?.[1] ?? [];
}

const inside = (path: string, folder: string): boolean => `${path.replace(/\/+$/, '')}/`.startsWith(`${folder.replace(/\/+$/, '')}/`);
const overlaps = (mount: string, directory: string): boolean => inside(mount, directory) || inside(directory, mount);

const servers = /(?:^|[\s/])(?:docker-entrypoint\.sh|postgres|mysqld(?:_safe)?|mariadbd|mongod|sqlservr|cassandra|neo4j)(?:$|\s)/;

/** Somebody decided where the data lies, or that another program than the server runs: what mounts say is not all. */
const isOwnCommand = ({ command, args }: Container): boolean =>
  [command, args].some((words) => {
    if (!words) return false;
    if (!words.known || words.value.some((word) => directoryOptions.test(word))) return true;
    const isOption = words === args && words.value[0]?.startsWith('-');
    return words.value.length > 0 && !isOption && !words.value.some((word) => servers.test(word));
  });

const given = ({ env }: Container): readonly (Setting<string> | undefined)[] =>
  env.filter(({ name }) => directoryVariables.has(name)).map(({ value }) => value);

const holdsNoData: ReadonlySet<Volume['type']> = new Set(['config', 'secret', 'empty-dir']);

/** Where a database finds its settings and what it runs once, and single files of such: `./init.sql:/docker-entrypoint-initdb.d/init.sql`. */
const settingsOnly =
  /^\/(?:docker-entrypoint-initdb\.d|docker-entrypoint-startdb\.d|etc|usr\/local\/(?:bin|etc)|run\/secrets)(?:\/|$)|\.(?:sql|sh|js|cql|cnf|conf|ini|ya?ml|pem|key|crt)(?:\.gz)?$/;
const holdsSettings = (path: Setting<string>): boolean => path.known && settingsOnly.test(path.value);

/** What a Dockerfile of the repository adds to a database, where the database starts as it always does. */
function baseOf(built: readonly ImageStage[] | undefined): Setting<string> | undefined {
  const isOwn = built?.some(({ cmd, entrypoint, env }) => cmd ?? entrypoint ?? env.some(({ name }) => directoryVariables.has(name)));
  return isOwn === true ? undefined : built?.at(-1)?.base;
}

/**
 * What happens to the data of a well-known database; `undefined`: it is kept, or nothing can be told.
 * @param built the stages of the image, where the repository builds it
 */
export function findLostData(workload: Workload, container: Container, built?: readonly ImageStage[]): LostData | undefined {
  const { mounts } = container;
  const isKnown = container.image?.known === true && directoriesOf(container.image.value).length > 0;
  const image = isKnown ? container.image : baseOf(built);
  if (!image?.known || isOwnCommand(container)) return undefined;
  const moved = given(container);
  if (moved.some((value) => !value?.known)) return undefined;
  const directories = [...moved.map((value) => (value?.known ? value.value : '')), ...directoriesOf(image.value)];
  const [first] = directories;
  if (first === undefined || directoriesOf(image.value).length === 0) return undefined;
  const mounted = mounts.map((mount) => ({ mount, volume: workload.volumes.find(({ name }) => name === mount.volume) }));
  // A volume that stays may hold the data wherever it is mounted.
  const mayHoldData = ({ mount, volume }: (typeof mounted)[number]): boolean =>
    !holdsSettings(mount.path) && (!volume || !holdsNoData.has(volume.type) || !mount.path.known);
  if (mounted.some(mayHoldData)) return undefined;
  const scratch = mounted.find(
    ({ mount, volume }) =>
      volume?.type === 'empty-dir' &&
      mount.path.known &&
      directories.some((folder) => overlaps(mount.path.known ? mount.path.value : '', folder)),
  );
  const at = { directory: scratch?.mount.path.known ? scratch.mount.path.value : first, image: image.value.split('@')[0]! };
  return scratch
    ? { how: 'scratch', ...at, place: scratch.volume!.place }
    : { how: 'none', ...at, place: isKnown ? image.place : container.namePlace };
}
