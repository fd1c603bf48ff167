/** `ports` and `expose` of a Compose service, and the ports to which labels let a proxy send requests. */
import type { Port, Setting } from '../../facts.ts';
import { itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Place } from '../../types.ts';
import { splitOutsideVariables } from './mounts.ts';
import { numberSetting, pairsOf, parsedSetting, present, settingOf } from './settings.ts';

const maxRange = 100;
type Text = Setting<string>;

/** Numbers of `8000` or `8000-8010`; several only where both ends are known. */
function numbersOf(text: Text): readonly Setting<number>[] {
  if (!text.known) return [text];
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.value.trim()) ?? [];
  if (first === undefined) return [{ known: false, because: 'it has an unexpected form', place: text.place }];
  const from = Number(first);
  const count = Math.min(Math.max(Number(last ?? first) - from, 0), maxRange - 1) + 1;
  return Array.from({ length: count }, (_, index) => ({ known: true, value: from + index, place: text.place }) as const);
}

/** `[ip:][published:]target[/protocol]`. */
function readShort(text: string, place: Place): readonly Port[] {
  const slash = text.lastIndexOf('/');
  const protocol = slash > 0 && /^(?:tcp|udp|sctp)$/i.test(text.slice(slash + 1)) ? text.slice(slash + 1).toLowerCase() : undefined;
  const parts = splitOutsideVariables(protocol ? text.slice(0, slash) : text);
  const targets = numbersOf(settingOf(parts.at(-1)!, place));
  const published = parts.length > 1 && parts.at(-2) ? numbersOf(settingOf(parts.at(-2)!, place)) : [];
  return targets.map((number, index) => {
    const hostPort = published[index] ?? (published.length === 1 ? published[0] : undefined);
    return { number, ...(protocol ? { protocol } : {}), ...(hostPort ? { hostPort } : {}), place };
  });
}

function readLong(node: YamlNode): readonly Port[] {
  const number = numberSetting(nodeAt(node, 'target'));
  if (!number) return [];
  const hostPort = parsedSetting(scalarSetting(nodeAt(node, 'published')), (text) => (/^\d{1,5}$/.test(text) ? Number(text) : undefined));
  const name = textOf(nodeAt(node, 'name'));
  const protocol = textOf(nodeAt(node, 'protocol'));
  const onNode = textOf(nodeAt(node, 'mode')) === 'host';
  return [
    {
      number,
      ...(name ? { name } : {}),
      ...(protocol ? { protocol } : {}),
      ...(hostPort ? { hostPort } : {}),
      ...(hostPort && onNode ? { onNode } : {}),
      place: node.place,
    },
  ];
}
const scalarSetting = (node: YamlNode | undefined): Text | undefined => {
  const scalar = scalarOf(present(node));
  return scalar && settingOf(scalar.text, scalar.place);
};

/** Traefik 2 and 3, Traefik 1, Docker Flow Proxy, Interlock of Docker Enterprise, nginx-proxy. */
const routedTo =
  /^(?:traefik\.(?:http|tcp)\.services\.[^.]+\.loadbalancer\.server\.port|traefik(?:\.\w+)?\.port|com\.df\.port|com\.docker\.lb\.port)$/i;

/** What a proxy reads from labels, or from the environment, to find the service: it serves requests, and publishes nothing itself. */
function readRouted(service: YamlNode): readonly Port[] {
  const labels = [...pairsOf(nodeAt(service, 'deploy', 'labels')), ...pairsOf(nodeAt(service, 'labels'))];
  const given = [
    ...labels.filter(({ key }) => routedTo.test(key)),
    ...pairsOf(nodeAt(service, 'environment')).filter(({ key }) => key === 'VIRTUAL_PORT'),
  ];
  return given.flatMap(({ value, place }) =>
    value === undefined || !/^\s{0,9}\d{1,5}\s{0,9}$/.test(value) ? [] : [{ number: { known: true, value: Number(value), place }, place }],
  );
}

export function readPorts(service: YamlNode): readonly Port[] {
  const published = itemsOf(present(nodeAt(service, 'ports'))).flatMap((item) => {
    const text = scalarOf(item)?.text;
    return text === undefined ? readLong(item) : readShort(text, item.place);
  });
  const exposed = itemsOf(present(nodeAt(service, 'expose'))).flatMap((item) => {
    const text = scalarOf(item)?.text;
    return text === undefined ? [] : readShort(text, item.place);
  });
  const known = new Set(published.flatMap(({ number }) => (number.known ? [number.value] : [])));
  return [...published, ...[...exposed, ...readRouted(service)].filter(({ number }) => !number.known || !known.has(number.value))];
}
