/**
 * Overlays of others, compared with `kustomize build`: KUSTOMIZE names the binary, TREES a folder of repositories.
 * `KUSTOMIZE=~/bin/kustomize TREES=~/trees npx vitest run test/suites/kustomize-build`; REPORT names a file for everything that differs.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { build } from '../../../src/manifests/kustomize/build.ts';
import { emit } from '../../../src/manifests/kustomize/emit.ts';
import { isKustomization } from '../../../src/manifests/kustomize/layer.ts';
import { open, readFolder } from '../../manifests/helm/chart.ts';

const { KUSTOMIZE: kustomize, TREES: trees, REPORT: report } = process.env;
type Plain = Record<string, unknown>;

const documentsIn = (text: string): Plain[] =>
  parseAllDocuments(text, { version: '1.1', logLevel: 'silent', uniqueKeys: false, merge: true })
    .map((document) => document.toJS({ maxAliasCount: -1 }) as Plain)
    .filter((object) => object !== null && typeof object === 'object');

/** What the product leaves out: hashes of names, contents of generated data, definitions of custom resources, nulls, file modes. */
function normalise(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return value.replace(/-[bcdfghkmt2456789]{10}$/, '').trim();
  if (/^(?:default)?mode$/i.test(key)) return 'mode';
  if (Array.isArray(value)) return value.map((item) => normalise(item));
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value as Plain)
    .map(([name, inner]) => [name, normalise(inner, name)] as const)
    .filter(([, inner]) => inner !== undefined && !(typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function objectsOf(all: readonly Plain[]): ReadonlyMap<string, string> {
  const objects = new Map<string, string>();
  for (const { kind, apiVersion, metadata, ...rest } of all) {
    if (kind === 'CustomResourceDefinition') continue;
    const named = normalise(metadata) as Plain | undefined;
    const content = kind === 'ConfigMap' || kind === 'Secret' ? {} : rest;
    const version = kind === 'ConfigMap' || kind === 'Secret' ? '' : String(apiVersion);
    objects.set([kind, version, named?.namespace, named?.name].join(' '), JSON.stringify(normalise({ ...content, metadata: named })));
  }
  return objects;
}

interface Comparison {
  readonly name: string;
  readonly outcome: 'same' | 'different' | 'said to be incomplete' | 'refused by Kustomize';
  readonly differences: readonly string[];
}

function compare(root: string, path: string, files: ReturnType<typeof open>): Comparison {
  const folder = join(root, path, '..');
  const made = spawnSync(kustomize!, ['build', '--load-restrictor', 'LoadRestrictionsNone', folder], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 20_000,
  });
  const name = `${root.split('/').at(-1)}/${path}`;
  if (made.status !== 0) return { name, outcome: 'refused by Kustomize', differences: [] };
  const { resources, notes } = build(path, files);
  const ours = objectsOf(resources.flatMap(({ root: node }) => documentsIn(emit(node, undefined)?.text ?? '')));
  const theirs = objectsOf(documentsIn(made.stdout));
  const differences = [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((key) => ours.get(key) !== theirs.get(key))
    .map((key) => `${key}\n  ours   ${ours.get(key)}\n  theirs ${theirs.get(key)}`);
  if (differences.length === 0) return { name, outcome: 'same', differences };
  return { name, outcome: notes.length ? 'said to be incomplete' : 'different', differences };
}

describe.skipIf(kustomize === undefined || trees === undefined)('overlays of others', () => {
  it('come out as `kustomize build` makes them', { timeout: 3_600_000 }, () => {
    const all = readdirSync(trees!).flatMap((name) => {
      const root = join(trees!, name);
      const texts = readFolder(root);
      const files = open(texts);
      const tops = Object.keys(texts).filter((path) => isKustomization(path) && !/^kind: Component/m.test(texts[path]!));
      return tops.map((path) => compare(root, path, files));
    });
    const outcomes = all.map(({ outcome }) => outcome);
    const count = (wanted: Comparison['outcome']): number => outcomes.filter((outcome) => outcome === wanted).length;
    const summary = [...new Set(outcomes)].map((outcome) => `${outcome}: ${count(outcome)}`);
    const lines = all.flatMap(({ name, outcome, differences }) => differences.map((one) => `${name} [${outcome}] ${one}`));
    if (report !== undefined) writeFileSync(report, `${[...summary, ...lines].join('\n')}\n`);
    expect(count('different') / (all.length - count('refused by Kustomize')), summary.join(', ')).toBeLessThanOrEqual(0.05);
  });
});
