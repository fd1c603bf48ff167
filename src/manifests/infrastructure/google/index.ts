/** Google Cloud: instance groups, backend services, Cloud Run, Cloud SQL. */
import type { FactValues, Setting } from '../../../facts.ts';
import type { AnyFact, Place } from '../../../types.ts';
import { isParameter, scalingGroup, sizeOf, stickyRouting } from '../facts.ts';
import { get, numberSetting, textOf } from '../node.ts';
import { nameOf, type Reader, type Resource, type Stack } from '../resource.ts';
import { readCloudRun } from './cloud-run.ts';

type Group = FactValues['scaling-group'];

const autoscalers = ['google_compute_autoscaler', 'google_compute_region_autoscaler'];

/** The autoscaler that names the group; one that names something unknown may do. */
function findScaler(group: Resource, stack: Stack): Resource | 'unknown' | undefined {
  const all = stack.ofType(...autoscalers);
  const named = all.find(({ body }) => stack.targets(get(body, 'target')).includes(group));
  if (named) return named.isOff ? 'unknown' : named;
  const isOpen = all.some(({ body }) => stack.targets(get(body, 'target')).length === 0);
  return isOpen || group.isLibrary ? 'unknown' : undefined;
}

function zonesOf(group: Resource): Setting<number> | undefined {
  const policy = get(group.body, 'distribution_policy_zones');
  if (policy?.is === 'list' && !policy.open && !isParameter(group, policy))
    return { known: true, value: policy.items.length, place: policy.place };
  const zone = get(group.body, 'zone');
  return group.type === 'google_compute_instance_group_manager' && zone ? { known: true, value: 1, place: zone.place } : undefined;
}

function readInstanceGroup(group: Resource, stack: Stack): readonly AnyFact[] {
  const scaler = findScaler(group, stack);
  const size = sizeOf(group, get(group.body, 'target_size'));
  const range = scaler && scaler !== 'unknown' ? get(scaler.body, 'autoscaling_policy') : undefined;
  const min = range && scaler !== 'unknown' ? sizeOf(scaler!, get(range, 'min_replicas')) : undefined;
  const max = range && scaler !== 'unknown' ? sizeOf(scaler!, get(range, 'max_replicas')) : undefined;
  const zones = zonesOf(group);
  const scaledBy: Place | 'unknown' | undefined = scaler === 'unknown' ? 'unknown' : scaler?.place;
  const value: Omit<Group, 'purpose' | 'namePlace'> = {
    type: 'managed instance group',
    name: nameOf(group, get(group.body, 'name')),
    role: 'group',
    ...(size ? { size } : {}),
    ...(min ? { min } : {}),
    ...(max ? { max } : {}),
    ...(scaledBy ? { scaledBy } : {}),
    ...(zones ? { zones } : {}),
  };
  return scalingGroup(group, value);
}

/** A group that people fill by hand; one machine in it is one machine behind the balancer. */
function readUnmanagedGroup(group: Resource, stack: Stack): readonly AnyFact[] {
  const instances = get(group.body, 'instances');
  if (instances?.is !== 'list' || instances.open || instances.items.length !== 1) return [];
  const machines = stack.targets(instances);
  const isUsed = stack
    .ofType('google_compute_backend_service', 'google_compute_region_backend_service')
    .find(({ body }) => stack.targets(get(body, 'backend')).includes(group));
  if (machines.length !== 1 || machines[0]!.count !== 1 || !isUsed) return [];
  const size: Setting<number> = { known: true, value: 1, place: instances.place };
  return scalingGroup(group, {
    type: 'instance group',
    name: nameOf(group, get(group.body, 'name')),
    role: 'machine',
    size,
    balancer: isUsed.place,
  });
}

function readBackendService(service: Resource): readonly AnyFact[] {
  const affinity = get(service.body, 'session_affinity');
  const value = textOf(affinity);
  if (!affinity || value === undefined || value === '' || value === 'NONE' || service.isOff) return [];
  const name = nameOf(service, get(service.body, 'name'));
  return [stickyRouting(service, affinity.place, `session affinity \`${value}\` of backend service \`${name}\``, [service.address])];
}

function readSqlInstance(database: Resource, stack: Stack): readonly AnyFact[] {
  const { body } = database;
  const type = get(body, 'settings', 'availability_type');
  const settings = get(body, 'settings');
  if (get(body, 'master_instance_name') ?? (settings === undefined || (type && textOf(type) !== 'ZONAL') || isParameter(database, type)))
    return [];
  const hasReplica = stack
    .ofType('google_sql_database_instance')
    .some((other) => stack.targets(get(other.body, 'master_instance_name')).includes(database));
  if (hasReplica || database.isLibrary) return [];
  const one: Setting<number> = { known: true, value: 1, place: type?.place ?? database.place };
  return scalingGroup(database, { type: 'database', name: nameOf(database, get(body, 'name')), role: 'database', size: one, zones: one });
}

/** `manual_scaling { instances = 1 }` of App Engine. */
function readAppEngine(version: Resource): readonly AnyFact[] {
  const size = numberSetting(get(version.body, 'manual_scaling', 'instances'));
  if (!size || (version.isLibrary && size.known && size.place.decidedBy)) return [];
  return scalingGroup(version, { type: 'App Engine version', name: nameOf(version, get(version.body, 'service')), role: 'group', size });
}

export const googleReaders: Readonly<Record<string, Reader>> = {
  google_compute_instance_group_manager: readInstanceGroup,
  google_compute_region_instance_group_manager: readInstanceGroup,
  google_compute_instance_group: readUnmanagedGroup,
  google_compute_backend_service: readBackendService,
  google_compute_region_backend_service: readBackendService,
  google_compute_target_pool: readBackendService,
  google_cloud_run_service: readCloudRun,
  google_cloud_run_v2_service: readCloudRun,
  google_sql_database_instance: readSqlInstance,
  google_app_engine_standard_app_version: readAppEngine,
  google_app_engine_flexible_app_version: readAppEngine,
};
export const googleSurroundings: readonly string[] = [...autoscalers, 'google_compute_instance'];
