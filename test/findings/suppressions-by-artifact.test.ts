/** A suppression in the comment syntax of each kind of file that can hold a finding, through a whole session. */
import { beforeEach, describe, expect, it } from 'vitest';
import { analyse } from '../../src/session.ts';
import { type Files, makeFolder, makeWorkTree, shop } from '../temporary-repository.ts';

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

const server = shop['server.js'] as string;
const deployment = shop['k8s/deployment.yaml'] as string;
const dockerfile = shop['Dockerfile'] as string;
const session = 'app.use(session(';
const compose = 'services:\n  shop:\n    build: .\n    ports: ["3000:3000"]\n    deploy: { replicas: 2 }\n';

interface Case {
  readonly name: string;
  readonly rule: string;
  readonly files: Files;
  readonly suppressed: Files;
}
const inServer = (text: string): Files => ({ 'server.js': server.replace(session, text) });
const ignore = (rule: string): string => `cloudworthy-ignore ${rule}: known`;
const cases: readonly Case[] = [
  {
    name: 'JavaScript, line above',
    rule: 'session-in-memory',
    files: {},
    suppressed: inServer(`// ${ignore('session-in-memory')}\n${session}`),
  },
  {
    name: 'JavaScript, block',
    rule: 'session-in-memory',
    files: {},
    suppressed: inServer(`/* ${ignore('session-in-memory')} */\n${session}`),
  },
  {
    name: 'JavaScript, same line',
    rule: 'session-in-memory',
    files: {},
    suppressed: { 'server.js': server.replace('SESSION_SECRET }));', `SESSION_SECRET })); // ${ignore('session-in-memory')}`) },
  },
  {
    name: 'Dockerfile',
    rule: 'image-runs-as-root',
    files: {},
    suppressed: { Dockerfile: `# ${ignore('image-runs-as-root')}\n${dockerfile}` },
  },
  {
    name: 'Kubernetes, comment',
    rule: 'resources-missing',
    files: {},
    suppressed: { 'k8s/deployment.yaml': deployment.replace('- name: shop', `- name: shop # ${ignore('resources-missing')}`) },
  },
  {
    name: 'Kubernetes, annotation',
    rule: 'resources-missing',
    files: {},
    suppressed: {
      'k8s/deployment.yaml': deployment.replace(
        'metadata:\n',
        'metadata:\n  annotations:\n    cloudworthy.dev/ignore: "resources-missing: known"\n',
      ),
    },
  },
  {
    name: 'Compose',
    rule: 'probe-missing',
    files: { 'k8s/deployment.yaml': '', 'compose.yaml': compose },
    suppressed: { 'k8s/deployment.yaml': '', 'compose.yaml': compose.replace('  shop:', `  # ${ignore('probe-missing')}\n  shop:`) },
  },
  {
    name: '.env',
    rule: 'env-file-committed',
    files: { '.env': 'DB_PASSWORD=k3jf82hf9sk2\n' },
    suppressed: { '.env': `# cloudworthy-ignore-file env-file-committed: known\nDB_PASSWORD=k3jf82hf9sk2\n` },
  },
  {
    name: 'JSON, which has no comments, by the configuration',
    rule: 'dependencies-unlocked',
    files: {},
    suppressed: { 'cloudworthy.yml': 'ignore:\n  - { rules: dependencies-unlocked, paths: package.json, reason: known }\n' },
  },
];

describe('a suppression', () => {
  it.each(cases)('works in $name', ({ rule, files, suppressed }) => {
    const plain = analyse({ root: makeWorkTree({ ...shop, ...files }), rules: [rule] });
    expect(plain.findings.map((finding) => finding.rule)).toContain(rule);
    const result = analyse({ root: makeWorkTree({ ...shop, ...suppressed }), rules: [rule] });
    expect(result.findings.map((finding) => finding.rule)).toEqual([]);
    expect(result.suppressed.map(({ reason }) => reason)).toEqual(plain.findings.map(() => 'known'));
    expect(result.notAssessed.filter(({ reason }) => reason.includes('suppression'))).toEqual([]);
  });
  it('that ended is named, and the finding is back', () => {
    const files = inServer(`// cloudworthy-ignore session-in-memory until=2026-01-31: soon\n${session}`);
    const options = { root: makeWorkTree({ ...shop, ...files }), rules: ['session-in-memory'] };
    expect(analyse({ ...options, today: '2026-01-31' }).findings).toEqual([]);
    const late = analyse({ ...options, today: '2026-02-01' });
    expect([late.findings.length, late.notAssessed.map(({ reason }) => reason)]).toEqual([1, ['expired-suppression']]);
  });
});
