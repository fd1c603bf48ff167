/** One line of a template or a values file that makes many workloads is one finding, and can be accepted where it stands. */
import { beforeEach, describe, expect, it } from 'vitest';
import { analyse } from '../../src/session.ts';
import type { Result } from '../../src/types.ts';
import { type Files, makeFolder } from '../temporary-repository.ts';

beforeEach(() => {
  process.env['XDG_CACHE_HOME'] = makeFolder();
});

const names = ['cart', 'mail', 'orders', 'users', 'web'];
const deployment = (name: string, image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: {{ .Values.replicas }}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: server
          image: ${image}
`;
const tagged = (name: string): string => `"{{ .Values.registry }}/${name}:{{ .Values.tag }}"`;
const files: Files = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'registry: registry.example.com\nreplicas: 2\ntag: latest\n',
  ...Object.fromEntries(names.map((name) => [`chart/templates/${name}.yaml`, deployment(name, tagged(name))])),
};
const loop: Files = {
  'chart/Chart.yaml': files['chart/Chart.yaml']!,
  'chart/values.yaml': `${files['chart/values.yaml']}names: [${names.join(', ')}]\n`,
  'chart/templates/all.yaml': `{{- range .Values.names }}\n---\n${deployment('{{ . }}', 'registry.example.com/server:latest').replace('.Values', '$.Values')}{{- end }}\n`,
};
const tag = 'image-tag-mutable';
const judge = (over: Files, rules: readonly string[] = [tag]): Result => analyse({ root: makeFolder(over), rules });
const places = ({ findings }: Result): readonly string[] => findings.map(({ place }) => `${place.path}:${place.line}`);

describe('one line that makes many workloads', () => {
  it('is one finding at the key of the values, with the templates that use it beside it', () => {
    const result = judge(files);
    expect(places(result)).toEqual(['chart/values.yaml:3']);
    const [finding] = result.findings;
    expect(finding!.text).toContain('The same line decides it for `registry.example.com/mail:latest`, ');
    const used = finding!.related.map(({ place }) => `${place.path}:${place.line}`);
    for (const name of names) expect(used).toContain(`chart/templates/${name}.yaml:13`);
  });

  it('is one finding in a loop', () => {
    const result = judge(loop, ['probe-missing']);
    expect(places(result)).toEqual(['chart/templates/all.yaml:14']);
    expect(result.findings[0]!.text).toContain('The same line decides it for `mail`, `orders`, `users` and 1 more.');
  });

  it('concerns every service that it makes', () => {
    const { services } = judge(loop, ['probe-missing']);
    expect(services.map(({ name }) => name)).toEqual(names);
    expect(new Set(services.map(({ verdict, answer }) => `${verdict} ${answer}`)).size).toBe(1);
  });

  it('stays several findings where each has a text of its own', () => {
    const own = Object.fromEntries(
      names.map((name) => [`chart/templates/${name}.yaml`, deployment(name, `"{{ .Values.registry }}/${name}:latest"`)]),
    );
    expect(judge({ ...files, ...own }).findings).toHaveLength(names.length);
  });

  const accept = `# cloudworthy-ignore ${tag}: mirrored`;
  const template = files['chart/templates/cart.yaml'] as string;
  it('is accepted at the values for all of them', () => {
    const values = (files['chart/values.yaml'] as string).replace('tag: latest', `tag: latest ${accept}`);
    const result = judge({ ...files, 'chart/values.yaml': values });
    expect(result.findings).toEqual([]);
    expect(result.suppressed).toHaveLength(names.length);
    expect(Object.keys(result.suppressed[0]!.finding)).not.toContain('made');
  });

  it('is accepted at the line of the template for what that line makes', () => {
    const result = judge({ ...files, 'chart/templates/cart.yaml': template.replace('image:', `${accept}\n          image:`) });
    expect(result.suppressed.map(({ finding }) => finding.text)).toEqual([expect.stringContaining('/cart:latest')]);
    expect(places(result)).toEqual(['chart/values.yaml:3']);
    expect(result.findings[0]!.text).not.toContain('cart');
    expect(result.findings[0]!.text).toContain('web:latest`.');
    expect(result.notAssessed.filter(({ reason }) => reason.includes('suppression'))).toEqual([]);
  });

  it('is accepted in a comment of the template language', () => {
    const comment = `{{- /* cloudworthy-ignore probe-missing: mirrored */}}\n        - name: server`;
    const text = String(loop['chart/templates/all.yaml']).replace('- name: server', comment);
    const result = judge({ ...loop, 'chart/templates/all.yaml': text }, ['probe-missing']);
    expect(result.findings).toEqual([]);
    expect(result.suppressed).toHaveLength(names.length);
  });
});
