/** Where each rule counts: by its category, unless it is named here. */
import type { GateId, Level } from '../types.ts';
import { type WaveId, waveIds } from './types.ts';

export const gateIds: readonly GateId[] = [
  'second-copy-safe',
  'any-copy-serves',
  'copy-replaceable',
  'platform-scales',
  'same-build-observable',
];

interface Standing {
  readonly gate: GateId;
  readonly wave: WaveId;
}

/** What a rule of a category is about, where the rule itself says nothing else. */
const byCategory: Readonly<Record<string, Standing>> = {
  state: { gate: 'second-copy-safe', wave: 'before-second-replica' },
  config: { gate: 'same-build-observable', wave: 'hardening' },
  network: { gate: 'platform-scales', wave: 'before-second-replica' },
  health: { gate: 'copy-replaceable', wave: 'before-autoscaling' },
  lifecycle: { gate: 'copy-replaceable', wave: 'before-zero-downtime' },
  scaling: { gate: 'platform-scales', wave: 'before-autoscaling' },
  telemetry: { gate: 'same-build-observable', wave: 'hardening' },
  build: { gate: 'same-build-observable', wave: 'hardening' },
  resilience: { gate: 'copy-replaceable', wave: 'before-zero-downtime' },
  pipelines: { gate: 'platform-scales', wave: 'before-zero-downtime' },
};
export const categories: readonly string[] = Object.keys(byCategory);
const fallback: Standing = { gate: 'same-build-observable', wave: 'hardening' };

const gateOfRule: Readonly<Record<string, GateId>> = {
  'session-in-memory': 'any-copy-serves',
  'session-replicated-by-server': 'any-copy-serves',
  'session-sticky': 'any-copy-serves',
  'local-file-state': 'any-copy-serves',
  'in-memory-state': 'any-copy-serves',
  'rate-limit-in-memory': 'any-copy-serves',
  'local-cache': 'any-copy-serves',
  'websocket-without-adapter': 'any-copy-serves',
  'secret-generated-at-start': 'any-copy-serves',
  'remote-object-protocol': 'any-copy-serves',
  'in-process-queue': 'copy-replaceable',
  'migration-at-start': 'second-copy-safe',
  'connections-exceed-database': 'second-copy-safe',
  'dev-server-in-production': 'same-build-observable',
  'build-at-start': 'same-build-observable',
  'disruption-budget-missing': 'copy-replaceable',
  'disruption-budget-blocks': 'copy-replaceable',
};

const waveOfRule: Readonly<Record<string, WaveId>> = {
  'session-sticky': 'before-autoscaling',
  'local-cache': 'hardening',
  'circuit-breaker-missing': 'hardening',
  'shared-database': 'hardening',
  'distributed-transaction': 'hardening',
  'migration-at-start': 'before-second-replica',
  'connections-exceed-database': 'before-autoscaling',
  'server-dependency': 'before-autoscaling',
  'remote-object-protocol': 'before-autoscaling',
  'autoscaler-broken': 'before-autoscaling',
  'heap-exceeds-limit': 'before-autoscaling',
  'in-process-queue': 'before-zero-downtime',
  'recreate-strategy': 'before-zero-downtime',
  'disruption-budget-missing': 'before-zero-downtime',
  'disruption-budget-blocks': 'before-zero-downtime',
  'spread-missing': 'before-zero-downtime',
};

export const gateOf = (rule: string, category: string): GateId => gateOfRule[rule] ?? (byCategory[category] ?? fallback).gate;

/** An error is wrong today or with the second copy, so it comes first, unless the rule is about a later step. */
export const waveOf = (rule: string, category: string, level: Level): WaveId =>
  waveOfRule[rule] ?? (level === 'error' ? waveIds[0] : (byCategory[category] ?? fallback).wave);

/** What has to be done first, for the same service: rule by rule. */
export const prerequisites: Readonly<Record<string, readonly string[]>> = {
  'session-sticky': [
    'session-in-memory',
    'session-replicated-by-server',
    'websocket-without-adapter',
    'in-memory-state',
    'local-file-state',
  ],
  'probe-missing': ['health-endpoint-missing'],
  'probe-route-missing': ['health-endpoint-missing', 'hardcoded-port', 'port-mismatch'],
  'liveness-checks-dependency': ['health-endpoint-missing'],
  'single-replica': [
    'session-in-memory',
    'session-replicated-by-server',
    'local-file-state',
    'embedded-database',
    'in-memory-state',
    'in-process-scheduler',
    'secret-generated-at-start',
    'websocket-without-adapter',
    'volume-single-writer',
    'migration-at-start',
    'probe-missing',
  ],
  'autoscaler-missing': ['single-replica', 'resources-missing', 'probe-missing', 'session-sticky', 'connections-exceed-database'],
  'autoscaler-broken': ['resources-missing'],
  'fixed-size-group': ['session-in-memory', 'local-file-state', 'in-process-scheduler'],
  'volume-single-writer': ['local-file-state', 'embedded-database'],
  'host-path-volume': ['local-file-state', 'embedded-database'],
  'grace-period-short': ['shutdown-not-graceful'],
  'shutdown-not-graceful': ['signal-lost', 'process-manager-in-image'],
  'recreate-strategy': ['volume-single-writer', 'migration-at-start', 'shutdown-not-graceful', 'probe-missing'],
  'disruption-budget-missing': ['single-replica', 'probe-missing'],
  'spread-missing': ['single-replica'],
  'circuit-breaker-missing': ['call-without-timeout'],
  'env-file-committed': ['hardcoded-credential'],
  'session-in-memory': ['secret-generated-at-start'],
};
