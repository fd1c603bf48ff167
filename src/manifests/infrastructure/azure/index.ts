/** Azure: App Service, scale sets, machines behind balancers, Application Gateway, Container Apps. */
import type { FactValues, Setting } from '../../../facts.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { flag, isParameter, scalingGroup, sizeOf, stickyRouting } from '../facts.ts';
import { get, itemsOf, textOf } from '../node.ts';
import { nameOf, type Reader, type Resource, type Stack } from '../resource.ts';
import { readContainerApp } from './container-app.ts';

type Group = FactValues['scaling-group'];

/** The autoscale setting that names the resource; one that names something unknown may do. */
function findScaler(resource: Resource, stack: Stack): Place | 'unknown' | undefined {
  const settings = stack.ofType('azurerm_monitor_autoscale_setting');
  const named = settings.find(({ body }) => stack.targets(get(body, 'target_resource_id')).includes(resource));
  if (named) return named.isOff || textOf(get(named.body, 'enabled')) === 'false' ? 'unknown' : named.place;
  const isOpen = settings.some(({ body }) => stack.targets(get(body, 'target_resource_id')).length === 0);
  return isOpen || resource.isLibrary ? 'unknown' : undefined;
}

const zonesOf = (resource: Resource): Setting<number> | undefined => {
  const zones = get(resource.body, 'zones');
  if (zones?.is !== 'list' || zones.open || zones.items.length === 0 || isParameter(resource, zones)) return undefined;
  return { known: true, value: zones.items.length, place: zones.place };
};

function group(resource: Resource, stack: Stack, type: string, size: Setting<number> | undefined): readonly AnyFact[] {
  const scaledBy = findScaler(resource, stack);
  const zones = zonesOf(resource);
  const value: Omit<Group, 'purpose' | 'namePlace'> = {
    type,
    name: nameOf(resource, get(resource.body, 'name')),
    role: 'group',
    ...(size ? { size } : {}),
    ...(scaledBy ? { scaledBy } : {}),
    ...(zones ? { zones } : {}),
  };
  return scalingGroup(resource, value);
}

const readScaleSet: Reader = (set, stack) =>
  group(set, stack, 'virtual machine scale set', sizeOf(set, get(set.body, 'instances') ?? get(set.body, 'sku', 'capacity')));

/** Plans of web apps; those of functions scale by themselves, the small ones for trying out cannot. */
const readPlan: Reader = (plan, stack) => {
  const sku = textOf(get(plan.body, 'sku_name') ?? get(plan.body, 'sku', 'size')) ?? '';
  if (!/^[SPI]\d|^P\dv|^S\d/i.test(sku)) return [];
  const count = get(plan.body, 'worker_count') ?? get(plan.body, 'sku', 'capacity');
  const hasApp = stack
    .ofType('azurerm_linux_web_app', 'azurerm_windows_web_app', 'azurerm_app_service')
    .some(({ body }) => stack.targets(get(body, 'service_plan_id') ?? get(body, 'app_service_plan_id')).includes(plan));
  if (!hasApp || flag(get(plan.body, 'premium_plan_auto_scale_enabled'))) return [];
  return group(plan, stack, 'App Service plan', count ? sizeOf(plan, count) : { known: true, value: 1, place: plan.place });
};

function readWebApp(app: Resource): readonly AnyFact[] {
  const affinity = get(app.body, 'client_affinity_enabled');
  if (app.isOff || !flag(affinity)) return [];
  return [stickyRouting(app, affinity!.place, `ARR affinity of web app \`${nameOf(app, get(app.body, 'name'))}\``, [app.address])];
}

function readGateway(gateway: Resource): readonly AnyFact[] {
  if (gateway.isOff) return [];
  return itemsOf(get(gateway.body, 'backend_http_settings')).flatMap((settings) => {
    const affinity = get(settings, 'cookie_based_affinity');
    if (textOf(affinity)?.toLowerCase() !== 'enabled') return [];
    return [
      stickyRouting(gateway, affinity!.place, `cookie affinity of gateway \`${nameOf(gateway, get(gateway.body, 'name'))}\``, [
        gateway.address,
      ]),
    ];
  });
}

function readBalancerRule(rule: Resource): readonly AnyFact[] {
  const distribution = get(rule.body, 'load_distribution');
  const value = textOf(distribution);
  if (rule.isOff || value === undefined || !/^SourceIP/i.test(value)) return [];
  return [
    stickyRouting(rule, distribution!.place, `load distribution \`${value}\` of rule \`${nameOf(rule, get(rule.body, 'name'))}\``, [
      rule.address,
    ]),
  ];
}

function readFrontDoor(resource: Resource): readonly AnyFact[] {
  const holders = [resource.body, ...itemsOf(get(resource.body, 'frontend_endpoint'))];
  if (resource.isOff) return [];
  return holders.flatMap((holder) => {
    const affinity = get(holder, 'session_affinity_enabled');
    return flag(affinity)
      ? [stickyRouting(resource, affinity!.place, `session affinity of Front Door \`${resource.label}\``, [resource.address])]
      : [];
  });
}

/** The only machine in the pool of a balancer. */
function readMachine(machine: Resource, stack: Stack): readonly AnyFact[] {
  if (machine.count !== 1) return [];
  const cards = stack.targets(get(machine.body, 'network_interface_ids'));
  const joins = stack.ofType(
    'azurerm_network_interface_backend_address_pool_association',
    'azurerm_network_interface_application_gateway_backend_address_pool_association',
  );
  const own = joins.find(({ body }) => stack.targets(get(body, 'network_interface_id')).some((card) => cards.includes(card)));
  const pool = own && get(own.body, 'backend_address_pool_id');
  const pools = stack.targets(pool);
  const shared = joins.some(
    (join) => join !== own && stack.targets(get(join.body, 'backend_address_pool_id')).some((other) => pools.includes(other)),
  );
  if (!own || shared || own.count !== 1) return [];
  const size: Setting<number> = { known: true, value: 1, place: machine.place };
  const name = nameOf(machine, get(machine.body, 'name'));
  return scalingGroup(machine, { type: 'virtual machine', name, role: 'machine', size, balancer: own.place });
}

export const azureReaders: Readonly<Record<string, Reader>> = {
  azurerm_linux_virtual_machine_scale_set: readScaleSet,
  azurerm_windows_virtual_machine_scale_set: readScaleSet,
  azurerm_virtual_machine_scale_set: readScaleSet,
  azurerm_orchestrated_virtual_machine_scale_set: readScaleSet,
  azurerm_service_plan: readPlan,
  azurerm_app_service_plan: readPlan,
  azurerm_linux_web_app: readWebApp,
  azurerm_windows_web_app: readWebApp,
  azurerm_app_service: readWebApp,
  azurerm_application_gateway: readGateway,
  azurerm_lb_rule: readBalancerRule,
  azurerm_frontdoor: readFrontDoor,
  azurerm_cdn_frontdoor_origin_group: readFrontDoor,
  azurerm_linux_virtual_machine: readMachine,
  azurerm_windows_virtual_machine: readMachine,
  azurerm_virtual_machine: readMachine,
  azurerm_container_app: readContainerApp,
};
export const azureSurroundings: readonly string[] = [
  'azurerm_monitor_autoscale_setting',
  'azurerm_network_interface',
  'azurerm_network_interface_backend_address_pool_association',
  'azurerm_network_interface_application_gateway_backend_address_pool_association',
  'azurerm_lb_backend_address_pool',
];
