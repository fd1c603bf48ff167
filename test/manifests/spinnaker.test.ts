import { describe, expect, it } from 'vitest';
import { spinnakerAdapter } from '../../src/manifests/spinnaker/index.ts';

const read = (text: string, path = 'spinnaker/pipeline.json') => spinnakerAdapter.extract({ path, text });
const stage = (cluster: object) => ({ type: 'deploy', name: 'Go', refId: '1', clusters: [{ application: 'shop', ...cluster }] });

describe('spinnaker', () => {
  it('owns pipelines, not other JSON', () => {
    const text = JSON.stringify({ stages: [stage({})] });
    expect(spinnakerAdapter.classify('spinnaker/pipeline.json', text)).toBe(true);
    expect(spinnakerAdapter.classify('dinghyfile', text)).toBe(true);
    expect(spinnakerAdapter.classify('src/data.json', text)).toBe(false);
    expect(spinnakerAdapter.classify('deploy/game.json', '{ "stages": ["forest", "cave"] }')).toBe(false);
  });

  it('finds pipelines in lists and around them', () => {
    const pipeline = { name: 'live', stages: [stage({ strategy: 'highlander' })] };
    for (const text of [pipeline, [pipeline], { pipelines: [pipeline] }, { spec: { config: pipeline } }].map((one) =>
      JSON.stringify(one),
    )) {
      const { facts } = read(text);
      expect(facts.map(({ value }) => value)).toMatchObject([{ pipeline: 'live', target: 'shop', wayBack: 'destroyed' }]);
    }
  });

  it('names templates and broken files', () => {
    expect(read('{\n  "stages": [\n    {{ module "deploy.stage" }}\n  ]\n}', 'dinghyfile').notAssessed).toMatchObject([
      { reason: 'template', failed: false },
    ]);
    expect(read('{ "stages": [ }').notAssessed).toMatchObject([{ reason: 'syntax-error', failed: true, place: { line: 1 } }]);
    expect(read('['.repeat(5000)).notAssessed).toMatchObject([{ reason: 'too-deep' }]);
  });

  it('takes odd shapes for unknown', () => {
    for (const cluster of [
      { capacity: 3 },
      { capacity: { min: 'x' } },
      { availabilityZones: ['a'] },
      { zone: 7 },
      { strategy: { name: 'x' } },
      5,
    ])
      expect(read(JSON.stringify({ stages: [{ type: 'deploy', refId: '1', clusters: [cluster] }] })).facts[0]!.value).not.toHaveProperty(
        'zones',
      );
  });
});
