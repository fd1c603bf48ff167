/** Resources of Azure as its Resource Manager names them, in Bicep, ARM templates and files of `az containerapp`. */
import type { Container, EnvEntry, Probe, Setting } from '../../../facts.ts';
import { parseQuantity } from '../../../text/quantity.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { autoscaler, emptyContainer, envEntry, flag, given, scalingGroup, stickyRouting, wordsOf, workload } from '../facts.ts';
import { literalSecret, secretFact } from '../literal-secrets.ts';
import { entriesOf, get, imageSetting, isClosed, itemsOf, type Node, numberSetting, textOf, textSetting } from '../node.ts';
import { nameOf, type Reader, type Resource, type Stack } from '../resource.ts';

const kind = 'Container App';
/** Written by hand or by azd, the command line for developers (learn.microsoft.com/azure/developer/azure-developer-cli). */
const azdTag = 'azd-service-name';

function quantity(node: Node | undefined): Setting<number> | undefined {
  const setting = textSetting(node);
  if (!setting?.known) return setting as Setting<number> | undefined;
  const value = parseQuantity(setting.value);
  return value === undefined ? { known: false, because: 'it is no quantity', place: setting.place } : { ...setting, value };
}

/** The probe of one kind: `probes: [{type: 'Liveness', httpGet: {…}}]`. */
function readProbe(container: Node, type: string): Probe | undefined {
  const probe = itemsOf(get(container, 'probes')).find((one) => textOf(get(one, 'type'))?.toLowerCase() === type);
  if (!probe) return undefined;
  const http = get(probe, 'httpGet');
  return given<Probe>({
    type: http ? 'http' : 'tcp',
    path: http ? (textSetting(get(http, 'path')) ?? { known: true, value: '/', place: http.place }) : undefined,
    port: numberSetting(get(http ?? get(probe, 'tcpSocket'), 'port')),
    place: probe.place,
  });
}

function readVariable(item: Node): readonly EnvEntry[] {
  const name = textOf(get(item, 'name'));
  if (name === undefined) return [];
  return [get(item, 'secretRef') ? { name, from: { kind: 'secret' }, place: item.place } : envEntry(name, get(item, 'value'), item.place)];
}

function readContainer(container: Node, app: Resource, port: Setting<number> | undefined): Container {
  const image = get(container, 'image');
  const cpu = quantity(get(container, 'resources', 'cpu'));
  const memory = quantity(get(container, 'resources', 'memory'));
  const env = get(container, 'env');
  return given<Container>({
    ...emptyContainer(textOf(get(container, 'name')) ?? app.label, image?.place ?? container.place),
    image: imageSetting(image),
    command: wordsOf(get(container, 'command')),
    args: wordsOf(get(container, 'args')),
    ports: port ? [{ number: port, place: port.place }] : [],
    env: itemsOf(env).flatMap(readVariable),
    envFrom: isClosed(env) ? [] : [{ kind: 'env-file', name: 'set when it is deployed', optional: true, place: env!.place }],
    readiness: readProbe(container, 'readiness'),
    liveness: readProbe(container, 'liveness'),
    startup: readProbe(container, 'startup'),
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

/** "Minimum 0, maximum 10 replicas" unless something is said (learn.microsoft.com/azure/container-apps/scale-app). */
function limitOf(scale: Node | undefined, key: string, usual: number, place: Place): Setting<number> {
  const isOpen = scale !== undefined && scale.is !== 'map';
  return (
    numberSetting(get(scale, key)) ??
    (isOpen ? { known: false, because: 'it is known only when it is deployed', place } : { known: true, value: usual, place })
  );
}

const labelsOf = (app: Resource): Readonly<Record<string, string>> => {
  const azd = azdNameOf(app);
  return azd === undefined ? {} : { [azdTag]: azd };
};

export const readContainerApp: Reader = (app) => {
  const template = get(app.body, 'properties', 'template');
  const configuration = get(app.body, 'properties', 'configuration');
  const ingress = get(configuration, 'ingress');
  const port = numberSetting(get(ingress, 'targetPort'));
  const listed = get(template, 'containers');
  const containers = (listed?.is === 'list' ? listed.items : []).map((container) => readContainer(container, app, port));
  const name = nameOf(app, get(app.body, 'name'));
  const scale = get(template, 'scale');
  const facts: AnyFact[] = [
    workload(app, { platform: 'other', kind, name, containers, labels: labelsOf(app) }),
    autoscaler(app, {
      kind,
      name,
      target: { kind, name, place: app.place },
      min: limitOf(scale, 'minReplicas', 0, app.place),
      max: limitOf(scale, 'maxReplicas', 10, app.place),
      resourceMetrics: [],
      otherMetrics: ['concurrency'],
      platform: 'other',
    }),
    ...itemsOf(get(configuration, 'secrets')).flatMap((item) => readSecret(item, 'name', 'value')),
  ];
  const affinity = get(ingress, 'stickySessions', 'affinity');
  if (textOf(affinity)?.toLowerCase() === 'sticky')
    facts.push(stickyRouting(app, affinity!.place, `sticky sessions of Container App \`${name}\``, [app.address]));
  return facts;
};

/** A secret that is written as it is. */
function readSecret(item: Node, nameKey: string, valueKey: string): readonly AnyFact[] {
  const name = textOf(get(item, nameKey));
  const value = get(item, valueKey);
  const secret = name === undefined || value?.is !== 'scalar' ? undefined : literalSecret(name, String(value.value));
  return secret ? [secretFact({ ...secret, env: name! }, value!.place)] : [];
}

/** Plans of web apps: those of functions scale by themselves, small ones cannot, and `elastic` ones do. */
const readPlan: Reader = (plan, stack) => {
  const sku = textOf(get(plan.body, 'sku', 'name') ?? get(plan.body, 'sku')) ?? '';
  const elastic = get(plan.body, 'properties', 'elasticScaleEnabled');
  if (!/^(?:S\d|P\d(?:m?v\d)?|I\d)/i.test(sku) || (elastic && textOf(elastic) !== 'false') || !hasWebApp(plan, stack)) return [];
  const count = numberSetting(get(plan.body, 'sku', 'capacity')) ?? ({ known: true, value: 1, place: plan.place } as const);
  const scaledBy = findScaler(plan, stack);
  const redundant = get(plan.body, 'properties', 'zoneRedundant');
  // Plans of these sizes may spread over zones, and do not unless told to (learn.microsoft.com/azure/reliability/reliability-app-service).
  const inOneZone =
    /^(?:P\d(?:m?v\d)|I\dv2)/i.test(sku) && (redundant ? textOf(redundant) === 'false' : get(plan.body, 'properties')?.is !== 'unknown');
  const zones = inOneZone ? { zones: { known: true, value: 1, place: redundant?.place ?? plan.place } as const } : {};
  const group = { type: 'App Service plan', name: nameOf(plan, get(plan.body, 'name')), role: 'group' as const, size: count, ...zones };
  return scalingGroup(plan, scaledBy ? { ...group, scaledBy } : group);
};
const hasWebApp = (plan: Resource, stack: Stack): boolean =>
  stack
    .ofType('microsoft.web/sites')
    .filter(isWebApp)
    .some(({ body }) => stack.targets(get(body, 'properties', 'serverFarmId')).includes(plan));

function findScaler(resource: Resource, stack: Stack): Place | 'unknown' | undefined {
  const targetsOf = ({ body }: Resource) => stack.targets(get(body, 'properties', 'targetResourceUri'));
  const settings = stack.ofType('microsoft.insights/autoscalesettings');
  const named = settings.find((setting) => targetsOf(setting).includes(resource));
  if (named) return textOf(get(named.body, 'properties', 'enabled')) === 'false' ? 'unknown' : named.place;
  return settings.some((setting) => targetsOf(setting).length === 0) ? 'unknown' : undefined;
}

/** Functions scale and end by themselves. */
const isWebApp = ({ body }: Resource): boolean => !/function|workflow/i.test(textOf(get(body, 'kind')) ?? '');

/** "Default is true" (Microsoft.Web/sites, `clientAffinityEnabled`): a site that says nothing sets the cookie. */
function readAffinity(site: Resource): readonly AnyFact[] {
  const properties = get(site.body, 'properties');
  const affinity = get(properties, 'clientAffinityEnabled');
  const isSilent = affinity === undefined && properties?.is === 'map' && !properties.open && isWebApp(site);
  if (!flag(affinity) && !isSilent) return [];
  const name = nameOf(site, get(site.body, 'name'));
  if (affinity) return [stickyRouting(site, affinity.place, `ARR affinity of web app \`${name}\``, [site.address])];
  const fact = stickyRouting(site, site.place, `the cookie that App Service sets by default for web app \`${name}\``, [site.address]);
  return fact.kind === 'sticky-routing' ? [{ ...fact, value: { ...fact.value, byDefault: true } }] : [];
}

/** The name under which azure.yaml knows it. */
const azdNameOf = ({ body }: Resource): string | undefined => textOf(get(body, 'tags', azdTag));

/** What azd deploys there is the program; who deploys others, nobody here says. */
function readDeployed(site: Resource, name: string): readonly AnyFact[] {
  const path = textSetting(get(site.body, 'properties', 'siteConfig', 'healthCheckPath'));
  const settings = get(site.body, 'properties', 'siteConfig', 'appSettings');
  const container = given<Container>({
    ...emptyContainer(name, site.place),
    env: itemsOf(settings).flatMap(readVariable),
    readiness: path && { type: 'http', path, place: path.place },
  });
  const labels = { [azdTag]: name, [site.address]: 'yes' };
  const replicas = { known: false, because: 'its plan decides', place: site.place } as const;
  const address = { name: site.address, selector: { [site.address]: 'yes' }, ports: [], headless: false };
  return [
    workload(site, { platform: 'other', kind: 'App Service', name, labels, replicas, containers: [container] }),
    {
      kind: 'exposure',
      place: site.place,
      confidence: 'certain',
      value: { ...address, purpose: site.purpose, namePlace: site.place },
    },
  ];
}

/** Settings of the site; those of a template that is open may be anything. */
function readSite(site: Resource): readonly AnyFact[] {
  const settings = get(site.body, 'properties', 'siteConfig', 'appSettings');
  const secrets = itemsOf(settings).flatMap((item) => readSecret(item, 'name', 'value'));
  const azd = azdNameOf(site);
  return [...secrets, ...readAffinity(site), ...(azd !== undefined && isWebApp(site) ? readDeployed(site, azd) : [])];
}

/** `Microsoft.Web/sites/config` with the name `appsettings`: a map of variables. */
const readSiteSettings: Reader = ({ body }) =>
  entriesOf(get(body, 'properties')).flatMap(({ key, value }) => {
    const secret = value.is === 'scalar' ? literalSecret(key, String(value.value)) : undefined;
    return secret ? [secretFact({ ...secret, env: key }, value.place)] : [];
  });

const readScaleSet: Reader = (set, stack) => {
  const size = numberSetting(get(set.body, 'sku', 'capacity'));
  const zones = get(set.body, 'zones');
  const scaledBy = findScaler(set, stack);
  return scalingGroup(set, {
    type: 'virtual machine scale set',
    name: nameOf(set, get(set.body, 'name')),
    role: 'group',
    ...(size ? { size } : {}),
    ...(scaledBy ? { scaledBy } : {}),
    ...(zones?.is === 'list' && !zones.open && zones.items.length > 0
      ? { zones: { known: true, value: zones.items.length, place: zones.place } as const }
      : {}),
  });
};

const readers: Readonly<Record<string, Reader>> = {
  'microsoft.app/containerapps': readContainerApp,
  'microsoft.web/serverfarms': readPlan,
  'microsoft.web/sites': readSite,
  'microsoft.web/sites/config': readSiteSettings,
  'microsoft.compute/virtualmachinescalesets': readScaleSet,
};
export const wantedResourceTypes: ReadonlySet<string> = new Set([...Object.keys(readers), 'microsoft.insights/autoscalesettings']);

export const readResourceManager = (stack: Stack): readonly AnyFact[] =>
  stack.resources.flatMap((resource) => (Object.hasOwn(readers, resource.type) ? readers[resource.type]!(resource, stack) : []));
