/** Ready-made jobs that scan a list on many machines: every machine takes its shard, one step combines the results. */
import { stringify } from 'yaml';
import { fileNameOf, type ListEntry, takeShard } from './list-file.ts';

export interface JobOptions {
  readonly entries: readonly ListEntry[];
  readonly shards: number;
  /** Holds cloudworthy as its `cloudworthy` command, and a shell. */
  readonly image: string;
}
export type JobKind = 'kubernetes' | 'github';

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** `git clone` for each repository of a shard; a repository that cannot be cloned stops no other one. */
function cloneShard(entries: readonly ListEntry[]): string {
  return entries
    .filter(({ url }) => url !== undefined)
    .map(({ url, ref, name, path }) => {
      const branch = ref === undefined ? '' : ` --branch ${quote(ref)}`;
      return `git clone --depth 1${branch} -- ${quote(url!)} ${quote(path ?? name)} || echo ${quote(`not cloned: ${name}`)} >&2`;
    })
    .join('\n');
}

/** Where a pod keeps a repository: beside the list, wherever it lies on the machine that wrote the list. */
const besideList = (entries: readonly ListEntry[]): readonly ListEntry[] =>
  entries.map((entry) => ({ ...entry, path: fileNameOf(entry.name).replace(/\.json$/, '') }));

/** An Indexed Job (kubernetes.io/docs/concepts/workloads/controllers/job): each index scans its shard into a shared volume. */
function kubernetes({ entries: listed, shards, image }: JobOptions): string {
  const entries = besideList(listed);
  const labels = { 'app.kubernetes.io/name': 'cloudworthy-portfolio' };
  const scripts = Object.fromEntries(
    Array.from({ length: shards }, (_, index) => [
      `clone-${index}.sh`,
      `set -u\ncd /repositories\n${cloneShard(takeShard(entries, index, shards))}\n`,
    ]),
  );
  const mounts = [
    { name: 'repositories', mountPath: '/repositories' },
    { name: 'list', mountPath: '/list', readOnly: true },
  ];
  const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const documents = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cloudworthy-portfolio', labels },
      data: { 'portfolio.yml': stringify({ repositories: entries }), ...scripts },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'cloudworthy-portfolio', labels },
      spec: {
        completionMode: 'Indexed',
        completions: shards,
        parallelism: shards,
        backoffLimit: shards,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
            initContainers: [
              {
                name: 'clone',
                image: 'alpine/git:2.49.1',
                command: ['sh', '-c', 'cp /list/portfolio.yml /repositories/ && sh "/list/clone-$JOB_COMPLETION_INDEX.sh"'],
                env: [{ name: 'HOME', value: '/repositories' }],
                securityContext: security,
                volumeMounts: mounts,
              },
            ],
            containers: [
              {
                name: 'cloudworthy',
                image,
                args: [
                  'portfolio',
                  '--list',
                  '/repositories/portfolio.yml',
                  '--shards',
                  String(shards),
                  '--shard-index',
                  '$(JOB_COMPLETION_INDEX)',
                  '--out',
                  '/results',
                  '--resume',
                  '--format',
                  'json=/repositories/shard.json',
                ],
                env: [{ name: 'XDG_CACHE_HOME', value: '/repositories/.cache' }],
                resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } },
                securityContext: security,
                volumeMounts: [...mounts, { name: 'results', mountPath: '/results' }],
              },
            ],
            volumes: [
              { name: 'repositories', emptyDir: {} },
              { name: 'list', configMap: { name: 'cloudworthy-portfolio' } },
              { name: 'results', persistentVolumeClaim: { claimName: 'cloudworthy-results' } },
            ],
          },
        },
      },
    },
  ];
  const head = [
    '# Needs a claim "cloudworthy-results" that all pods can write (ReadWriteMany), or a mounted object store.',
    '# Fan-in, when the Job is complete, wherever the results are mounted:',
    '#   cloudworthy portfolio /results/*.json --list portfolio.yml --format html=portfolio.html',
  ];
  return `${head.join('\n')}\n${documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')}`;
}

const checkout = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';
const setupNode = 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0';
const upload = 'actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0';
const download = 'actions/download-artifact@v8';

/** A matrix (docs.github.com/actions/using-jobs/using-a-matrix-for-your-jobs): each job scans its shard, one job combines. */
function github({ entries, shards }: JobOptions): string {
  const indexes = Array.from({ length: shards }, (_, index) => index);
  const clone = indexes
    .map((index) => `  ${index})\n${cloneShard(takeShard(entries, index, shards)).replace(/^/gm, '    ')}\n    ;;`)
    .join('\n');
  const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
  return `# Expects the list as portfolio.yml in this repository, and that a token may read what it clones.
name: cloudworthy portfolio
on:
  schedule:
    - cron: '17 4 * * 1'
  workflow_dispatch:

permissions:
  contents: read

jobs:
  scan:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    strategy:
      fail-fast: false
      matrix:
        shard: [${indexes.join(', ')}]
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${setupNode}
        with:
          node-version: 24
      - name: Clone the repositories of this shard
        env:
          SHARD: \${{ matrix.shard }}
        run: |
          case "$SHARD" in
${indent(clone, 8)}
          esac
      - name: Scan them
        env:
          SHARD: \${{ matrix.shard }}
        run: npx --yes cloudworthy portfolio --list portfolio.yml --shards ${shards} --shard-index "$SHARD" --out results --format json=shard.json
      - uses: ${upload}
        with:
          name: results-\${{ matrix.shard }}
          path: results/*.json

  combine:
    needs: scan
    if: \${{ !cancelled() }}
    runs-on: ubuntu-latest
    timeout-minutes: 10
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - uses: ${setupNode}
        with:
          node-version: 24
      - uses: ${download}
        with:
          pattern: results-*
          path: results
          merge-multiple: true
      - run: npx --yes cloudworthy portfolio results/*.json --list portfolio.yml --format html=portfolio.html --format csv=portfolio.csv
      - uses: ${upload}
        with:
          name: portfolio
          path: portfolio.*
`;
}

const kinds: Readonly<Record<JobKind, (options: JobOptions) => string>> = { kubernetes, github };
export const writeJob = (kind: JobKind, options: JobOptions): string => kinds[kind](options);
