/** What helpers (Actuator, MicroProfile Health, terminus…) answer where a service is deployed. */
import type { Value } from '../facts.ts';
import type { Deployment, Fact, Service } from '../types.ts';
import { isHealthPath } from './health-path.ts';
import { routeAnswers, tailAnswers } from './route-match.ts';

export type Helper = Fact<'health-helper'>;
/** What a probe asks for, and of whom. */
export interface AskedHealth {
  readonly path: string;
  readonly port?: number;
  /** The port is the one where the program itself listens. */
  readonly isMain: boolean;
  readonly deployment?: Deployment;
}

const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Names of the variables that a value reads. */
function variablesOf(value: Value | undefined): readonly string[] {
  if (value?.is === 'env') return [value.name, ...variablesOf(value.fallback)];
  return value?.is === 'text' ? value.parts.flatMap(variablesOf) : [];
}

/** Settings that reach the program as files: nobody says what they hold. */
const mountsSettings = ({ container, workload }: Deployment): boolean =>
  container.mounts.some(({ volume, path }) => {
    const type = workload.value.volumes.find(({ name }) => name === volume)?.type;
    return (type === 'config' || type === 'secret') && (!path.known || /config|application/i.test(path.value));
  });

/** A variable, a word of the command or a mounted file may put it elsewhere. */
export function mayBeMoved({ value }: Helper, deployment: Deployment | undefined): boolean {
  if (!deployment || !value.movedBy) return false;
  const { movedBy } = value;
  const { environment, process, container } = deployment;
  const hasUnreadSource = environment.missing.length > 0 || (!environment.complete && container.envFrom.length > 0);
  const own = new Set(variablesOf(value.port));
  const others = environment.given.filter(({ name }) => !own.has(name));
  const words = process.steps.flatMap((step) => step.words);
  const texts = [...words, ...others.flatMap(({ value: setting }) => (setting?.known ? [setting.value] : []))].map(plain);
  return (
    hasUnreadSource ||
    mountsSettings(deployment) ||
    others.some(({ name }) => movedBy.some((start) => plain(name).startsWith(start))) ||
    texts.some((text) => movedBy.some((start) => text.includes(start)))
  );
}

/** Ports of its own, as far as they are known; `undefined` for a helper of the main port. */
export const portsOf = (
  helper: Helper,
  service: Service,
): { readonly ports: readonly number[]; readonly complete: boolean } | undefined => {
  if (!helper.value.port) return undefined;
  const { values, complete } = service.literals(helper.value.port);
  return { ports: values.map(({ value }) => Number(value)), complete };
};

/** False only where it certainly answers on other ports. */
export function mayListenThere(helper: Helper, { port, isMain }: AskedHealth, service: Service): boolean {
  const own = portsOf(helper, service);
  if (!own) return isMain || port === undefined;
  return !own.complete || (port !== undefined && own.ports.includes(port));
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** True where the helper answers the path, or may. */
function mayServe(helper: Helper, asked: AskedHealth): boolean {
  const { paths, below, absent } = helper.value;
  const { path } = asked;
  if (mayBeMoved(helper, asked.deployment)) return true;
  const isSure = helper.confidence === 'certain';
  if (isSure && absent?.some((one) => isBelow(path, one))) return false;
  if (paths.length === 0 || (below !== undefined && isBelow(path, below))) return true;
  if (!isSure && isHealthPath(path)) return true;
  return paths.some((one) => (below === undefined || !isSure ? tailAnswers(one, path) : routeAnswers(one, path)));
}

export function mayAnswer(helper: Helper, asked: AskedHealth, service: Service): boolean {
  const { platform } = helper.value;
  const runsThere = platform === undefined || asked.deployment === undefined || asked.deployment.platform === platform;
  return runsThere && mayListenThere(helper, asked, service) && mayServe(helper, asked);
}

/** What it answers there, and where, is known. */
export const isSettled = (helper: Helper, { deployment }: AskedHealth): boolean => {
  const { below, platform } = helper.value;
  const runsThere = platform === undefined || deployment?.platform === platform;
  return below !== undefined && runsThere && helper.confidence === 'certain' && !mayBeMoved(helper, deployment);
};

/** It is what the probe was written for, and what it answers is known. */
export const isMeant = (helper: Helper, asked: AskedHealth): boolean => {
  const { below = '', absent = [], paths } = helper.value;
  return isSettled(helper, asked) && (isBelow(asked.path, below) || [...paths, ...absent].includes(asked.path));
};
