/** What the environment of a deployment tells Hibernate or TypeORM to do to the schema when a copy starts. */
import type { EnvEntry } from '../facts.ts';
import type { Deployment, Repository, Service } from '../types.ts';
import { isComposeForProduction } from './compose-questions.ts';

/** Relaxed names of Spring Boot ("Binding From Environment Variables"; `DDL_AUTO` is an older form) and those of Quarkus. */
const names =
  /^(?:SPRING_JPA_HIBERNATE_DDL_?AUTO|SPRING_JPA_PROPERTIES_HIBERNATE_HBM2DDL_AUTO|QUARKUS_HIBERNATE_ORM_(?:DATABASE_GENERATION|SCHEMA_MANAGEMENT_STRATEGY))$/;
const changing = /^(?:create|create-drop|create-only|update|drop-and-create)$/i;
const leaving = /^(?:none|validate)$/i;

/** TypeORM reads them by itself up to 0.2; programs keep the names. */
const isSwitchOn = ({ name, value }: EnvEntry): boolean =>
  /^TYPEORM_(?:SYNCHRONIZE|MIGRATIONS_RUN)$/.test(name) && value?.known === true && /^(?:true|1|yes|on)$/i.test(value.value.trim());

const decides = ({ name, value }: EnvEntry, action: RegExp): boolean =>
  names.test(name) && value?.known === true && action.test(value.value.trim());

/** Deployments of production, where there are any. */
const inProduction = ({ deployments }: Service, repository: Repository): readonly Deployment[] =>
  deployments.filter(
    ({ platform, purpose, workload }) =>
      purpose !== 'development' &&
      purpose !== 'test' &&
      workload.value.longRunning &&
      (platform !== 'compose' || isComposeForProduction(workload, repository)),
  );

/** The variables that change it, each with a value. */
export const schemaVariables = (service: Service, repository: Repository): readonly { readonly how: string; readonly entry: EnvEntry }[] =>
  inProduction(service, repository).flatMap(({ environment }) =>
    environment.given.flatMap((entry) =>
      (decides(entry, changing) || isSwitchOn(entry)) && entry.value?.known
        ? [{ how: `${entry.name}=${entry.value.value.trim()}`, entry }]
        : [],
    ),
  );

/** Every deployment tells it to change nothing, whatever the settings of the program say. */
export function leavesSchema(service: Service, repository: Repository): boolean {
  const deployments = inProduction(service, repository);
  return deployments.length > 0 && deployments.every(({ environment }) => environment.given.some((entry) => decides(entry, leaving)));
}
