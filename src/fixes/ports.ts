/** The port that the program listens on, in the lines that name another. */

import { instructionAt, replaceBody } from '../text/dockerfile-edit.ts';
import { insertEntry, mapAround, nodesAround, pairOf, replaceScalar, scalarAt, type YamlText } from '../text/yaml-edit.ts';
import type { Edit, Finding, Place } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { dockerfileOf, yamlOf } from './manifests.ts';

/** `8080:3000`, `127.0.0.1:8080:3000/tcp`, `${PORT}:3000`: the part that names the container's own port. */
const published = /^((?:.{1,200}:)?)(\d{1,5})(\/(?:tcp|udp))?$/;

function editScalar(yaml: YamlText, place: Place, from: number, to: number): Edit | undefined {
  const scalar = scalarAt(yaml, place);
  if (!scalar) return undefined;
  const text = String(scalar.value);
  if (text === String(from)) {
    const map = mapAround(yaml, place);
    // A Service port without target: clients go on using the port.
    const isServicePort =
      pairOf(map, 'port')?.value === scalar && !pairOf(map, 'targetPort') && !pairOf(map, 'path') && isPortList(yaml, place);
    if (isServicePort) return insertEntry(yaml, map!, { targetPort: to }, ['port']);
    return replaceScalar(yaml, scalar, typeof scalar.value === 'number' ? to : String(to));
  }
  const [, before, port, protocol = ''] = published.exec(text) ?? [];
  if (before && Number(port) === from) return replaceScalar(yaml, scalar, `${before}${to}${protocol}`);
  return undefined;
}

/** `ports` of a Service, not `httpGet` of a probe. */
const isPortList = (yaml: YamlText, place: Place): boolean => {
  const root = nodesAround(yaml, place)[0];
  const kind = root && 'items' in root ? pairOf(root as Parameters<typeof pairOf>[0], 'kind')?.value : undefined;
  return kind !== null && kind !== undefined && 'value' in kind && kind.value === 'Service';
};

/** Addresses in the command of a health check. */
function editHealthcheck(yaml: YamlText, place: Place, from: number, to: number): Edit | undefined {
  const map = mapAround(yaml, place);
  const check = pairOf(map, 'healthcheck') ?? pairOf(map, 'test');
  const range = check?.value?.range;
  if (!range) return undefined;
  const text = yaml.text.slice(range[0], range[1]);
  const at = text.search(new RegExp(`:${from}(?=[/"'\\s?]|$)`));
  if (at < 0 || text.indexOf(`:${from}`, at + 1) >= 0) return undefined;
  return { place: yaml.lines.place(range[0] + at + 1, range[0] + at + 1 + String(from).length), text: String(to) };
}

function workloadEdits(finding: Finding, to: number, context: FixContext): readonly (Edit | undefined)[] {
  const from = Number(finding.data['port']);
  const others = finding.related.flatMap(({ place, message }) => {
    const port = /leads to (\d{1,5}) too$/.exec(message)?.[1];
    return port ? [{ place, port: Number(port) }] : [];
  });
  return [{ place: finding.place, port: from }, ...others].map(({ place, port }) => {
    const yaml = yamlOf(context, place.path);
    return yaml && (editScalar(yaml, place, port, to) ?? editHealthcheck(yaml, place, port, to));
  });
}

function exposeEdits(finding: Finding, to: number, context: FixContext): readonly (Edit | undefined)[] {
  const dockerfile = dockerfileOf(context, finding.place.path);
  const line = dockerfile && instructionAt(dockerfile, finding.place);
  const from = String(finding.data['port']);
  if (!dockerfile || line?.keyword !== 'EXPOSE' || !new RegExp(`^${from}(?:/tcp)?$`).test(line.body.trim())) return [undefined];
  return [replaceBody(dockerfile, line, line.body.trim().replace(from, String(to)))];
}

export const portMismatch: FixMaker = {
  rule: 'port-mismatch',
  offers: [
    {
      what: 'name the port that the program listens on in Service, probe, container port, published port, health check or EXPOSE',
      safe: true,
    },
  ],
  make(finding, context) {
    const listens = String(finding.data['listens']);
    if (!/^\d{1,5}$/.test(listens)) return [];
    const port = Number(listens);
    const edits = finding.messageId === 'image' ? exposeEdits(finding, port, context) : workloadEdits(finding, port, context);
    return makeFix(`${finding.messageId === 'image' ? 'Expose' : 'Name'} port ${port}`, true, edits);
  },
};
