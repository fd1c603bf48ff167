/** Azure Container Apps. */
import type { Container, Probe, Setting } from '../../../facts.ts';
import { parseQuantity } from '../../../text/quantity.ts';
import type { AnyFact } from '../../../types.ts';
import { autoscaler, emptyContainer, envEntry, given, sizeOf, stickyRouting, wordsOf, workload } from '../facts.ts';
import { entryOf, get, imageSetting, isClosed, itemsOf, type Node, numberSetting, textOf, textSetting } from '../node.ts';
import { nameOf, type Resource } from '../resource.ts';

function quantity(node: Node | undefined): Setting<number> | undefined {
  const setting = textSetting(node);
  if (!setting?.known) return setting as Setting<number> | undefined;
  const value = parseQuantity(setting.value);
  return value === undefined ? undefined : { ...setting, value };
}

function readProbe(node: Node | undefined): Probe | undefined {
  if (node === undefined) return undefined;
  const isHttp = /^https?$/i.test(textOf(get(node, 'transport')) ?? '');
  return given<Probe>({
    type: isHttp ? 'http' : 'tcp',
    path: isHttp ? (textSetting(get(node, 'path')) ?? { known: true, value: '/', place: node.place }) : undefined,
    port: numberSetting(get(node, 'port')),
    place: node.place,
  });
}

function readContainer(container: Node, app: Resource, port: Setting<number> | undefined): Container {
  const image = get(container, 'image');
  const cpu = quantity(get(container, 'cpu'));
  const memory = quantity(get(container, 'memory'));
  const env = entryOf(container, 'env')?.value;
  return given<Container>({
    ...emptyContainer(textOf(get(container, 'name')) ?? app.label, image?.place ?? container.place),
    image: imageSetting(image),
    command: wordsOf(get(container, 'command')),
    args: wordsOf(get(container, 'args')),
    ports: port ? [{ number: port, place: port.place }] : [],
    env: itemsOf(env).flatMap((item) => {
      const name = textOf(get(item, 'name'));
      if (name === undefined) return [];
      return [
        get(item, 'secret_name')
          ? { name, from: { kind: 'secret' as const }, place: item.place }
          : envEntry(name, get(item, 'value'), item.place),
      ];
    }),
    envFrom: isClosed(env) ? [] : [{ kind: 'env-file', name: 'set when it is applied', optional: true, place: env!.place }],
    readiness: readProbe(get(container, 'readiness_probe')),
    liveness: readProbe(get(container, 'liveness_probe')),
    startup: readProbe(get(container, 'startup_probe')),
    resources: given<Container['resources']>({
      cpuLimit: cpu,
      cpuRequest: cpu,
      memoryLimit: memory,
      memoryRequest: memory,
      place: undefined,
    }),
    place: container.place,
  });
}

/** Scales to ten copies and down to none where nothing is said. */
export function readContainerApp(app: Resource): readonly AnyFact[] {
  if (app.isOff) return [];
  const template = get(app.body, 'template');
  const port = numberSetting(get(app.body, 'ingress', 'target_port'));
  const containers = itemsOf(get(template, 'container')).map((container) => readContainer(container, app, port));
  const name = nameOf(app, get(app.body, 'name'));
  const facts: AnyFact[] = [
    workload(app, { platform: 'other', kind: 'Container App', name, containers }),
    autoscaler(app, {
      kind: 'Container App',
      name,
      target: { kind: 'Container App', name, place: app.place },
      min: sizeOf(app, get(template, 'min_replicas')) ?? { known: true, value: 0, place: app.place },
      max: sizeOf(app, get(template, 'max_replicas')) ?? { known: true, value: 10, place: app.place },
      resourceMetrics: [],
      otherMetrics: ['concurrency'],
      platform: 'other',
    }),
  ];
  const affinity = get(app.body, 'ingress', 'sticky_sessions_affinity') ?? get(app.body, 'ingress', 'sticky_sessions', 'affinity');
  if (textOf(affinity) === 'sticky' && !app.isOff)
    facts.push(stickyRouting(app, affinity!.place, `sticky sessions of Container App \`${name}\``, [app.address]));
  return facts;
}
