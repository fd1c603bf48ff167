/** What evidence says, as templates: `{name}` stands for data. */
export const evidenceMessages = {
  'code-read': 'Its code was read from its start: {modules}',
  'sessions-shared': 'Sessions are kept in {store}',
  'sessions-in-client': 'Sessions are kept in the client itself',
  'limits-shared': 'Rate limits are counted in {store}',
  'sockets-shared': 'Socket messages reach all replicas through {store}',
  'jobs-guarded': 'Scheduled work is guarded by {guard}',
  'queue-shared': 'Work waits in {technology}, outside of the process',
  'health-route': 'It answers health requests at {path}',
  'health-helper': '{library} answers health requests',
  'readiness-probe': 'A readiness probe is set',
  'liveness-probe': 'A liveness probe is set',
  'image-health-check': 'The image has a health check',
  'shuts-down': 'It handles {signals} and closes its server',
  'shuts-down-unnamed': 'It handles shutdown signals and closes its server',
  'autoscaler-range': 'An autoscaler scales it from {min} to {max} replicas',
  autoscaler: 'An autoscaler scales it',
  'many-copies': 'More than one copy is asked for',
  'disruption-budget': 'A disruption budget keeps copies running',
  'resources-requested': 'CPU and memory are requested',
  'replicas-spread': 'Replicas are spread over nodes or zones',
  'port-given': 'The port that it listens on comes from `{name}`',
  'port-bound': 'It listens on a port itself, by {library}',
  metrics: '{library} gives metrics',
  'logs-to-console': '{library} writes logs to the console',
  'circuit-breaker': '{library} breaks circuits to failing services',
  'not-root': 'The container may not run as root',
  'image-user': 'The image runs as user {user}',
  'settings-from-environment': 'Settings come from the environment: {names}',
  'store-from-environment': 'The address of {technology} comes from the environment',
  'image-built': 'One image is built for every environment',
  'dependencies-locked': 'A lock file fixes what is installed',
  'under-version-control': 'Its code is kept in one repository under version control',
  'migration-job': 'A job of its own runs the same image',
  'same-image-everywhere': 'Development and production run the same image',
} as const;
export type EvidenceId = keyof typeof evidenceMessages;

/** Data is never a template: a `{name}` inside of it stays as it is. */
export const renderEvidence = (id: EvidenceId, data: Readonly<Record<string, string | number>>): string =>
  evidenceMessages[id].replace(/\{([a-z]+)\}/gi, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole));
