/** What of KubeLinter's checks this product judges too, and why the others are not its business. */
export interface Covered {
  /** Ids of rules. */
  readonly by: readonly string[];
  /** Messages of these rules that say what the check says; absent: all. */
  readonly messages?: readonly string[];
  /** One finding stands for one object, or, where a cause is told once, each of its places does. */
  readonly counts?: 'places';
}
export interface OutOfScope {
  readonly because: string;
}

const security = 'Security of the pod or the cluster: it decides neither whether a second copy is safe nor whether the platform can scale.';
const access = 'Access rights in the cluster: security, not scaling.';
const policy = 'A convention of one organisation.';
const schema = 'Whether the API accepts the object: a schema validator tells that.';
const isolation = 'Network policies and monitors of other tools select pods; services scale without them.';
const three = 'Two copies survive the loss of one; `single-replica` asks for two, not three.';

export const checks: Readonly<Record<string, Covered | OutOfScope>> = {
  'access-to-create-pods': { because: access },
  'access-to-secrets': { because: access },
  'cluster-admin-role-binding': { because: access },
  'dangling-horizontalpodautoscaler': { by: ['autoscaler-broken'], messages: ['target'] },
  'dangling-ingress': { by: ['dangling-service'], messages: ['backend', 'backend-port'] },
  'dangling-networkpolicy': { because: isolation },
  'dangling-networkpolicypeer-podselector': { because: isolation },
  'dangling-service': { by: ['dangling-service'], messages: ['selector'] },
  'dangling-servicemonitor': { because: isolation },
  'default-service-account': { because: access },
  'deprecated-service-account-field': { because: schema },
  'dnsconfig-options': { because: policy },
  'docker-sock': { by: ['host-path-volume'], messages: ['socket'] },
  'drop-net-raw-capability': { because: security },
  'duplicate-env-var': { because: schema },
  'env-value-from': { by: ['config-reference-missing'] },
  'env-var-secret': { by: ['hardcoded-credential'], messages: ['manifest'], counts: 'places' },
  'exposed-services': { because: 'A NodePort is a way to be reached; any number of copies can stand behind it.' },
  'host-ipc': { because: security },
  'host-network': { by: ['host-network'], messages: ['network'] },
  'host-pid': { because: security },
  'hpa-minimum-three-replicas': { because: three },
  'invalid-target-ports': { because: schema },
  'job-ttl-seconds-after-finished': { because: 'Cleaning up after Jobs: no running service is concerned.' },
  'latest-tag': { by: ['image-tag-mutable'], messages: ['workload-moving', 'workload-untagged'], counts: 'places' },
  'liveness-port': { by: ['port-mismatch'], messages: ['probe-name', 'probe-undeclared'] },
  'minimum-three-replicas': { because: three },
  'mismatching-selector': { because: schema },
  'no-anti-affinity': { by: ['spread-missing'] },
  'no-extensions-v1beta': { because: schema },
  'no-liveness-probe': { by: ['probe-missing'] },
  'no-node-affinity': { because: 'Which nodes may run a pod; spreading copies over them is judged by `spread-missing`.' },
  'no-read-only-root-fs': {
    because: 'A writable file system is no state by itself; what is written there is judged by `local-file-state`.',
  },
  'no-readiness-probe': { by: ['probe-missing'] },
  'no-rolling-update-strategy': { by: ['recreate-strategy'] },
  'non-existent-service-account': { because: access },
  'non-isolated-pod': { because: isolation },
  'pdb-max-unavailable': { by: ['disruption-budget-blocks'] },
  'pdb-min-available': { by: ['disruption-budget-blocks'] },
  'pdb-unhealthy-pod-eviction-policy': { because: policy },
  'priority-class-name': { because: policy },
  'privilege-escalation-container': { because: security },
  'privileged-container': { because: security },
  'privileged-ports': { because: security },
  'read-secret-from-env-var': { because: 'Factor III asks for exactly this: configuration in the environment, secrets by reference.' },
  'readiness-port': { by: ['port-mismatch'], messages: ['probe-name', 'probe-undeclared'] },
  'required-annotation-email': { because: policy },
  'required-label-owner': { because: policy },
  'restart-policy': { because: schema },
  'run-as-non-root': {
    because:
      'It asks for `runAsNonRoot` in every manifest. `image-runs-as-root` asks which user really runs: the image tells, and these tests have none.',
  },
  'scc-deny-privileged-container': { because: security },
  'sensitive-host-mounts': { by: ['host-path-volume'] },
  'sorted-keys': { because: policy },
  'ssh-port': { because: security },
  'startup-port': { by: ['port-mismatch'], messages: ['probe-name', 'probe-undeclared'] },
  'unsafe-proc-mount': { because: security },
  'unsafe-sysctls': { because: security },
  'unset-cpu-requirements': { by: ['resources-missing'] },
  'unset-memory-requirements': { by: ['resources-missing'] },
  'use-namespace': { because: policy },
  'wildcard-in-rules': { because: access },
  'writable-host-mount': { by: ['host-path-volume'] },
};
