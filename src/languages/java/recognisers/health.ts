import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';

const microprofile =
  /^(?:org\.eclipse\.microprofile(?:\.health)?:microprofile(?:-health)?(?:-api)?|io\.quarkus:quarkus-smallrye-health|io\.smallrye:smallrye-health|io\.thorntail:microprofile-health)$/;

/** Actuator itself, and starters that bring it with them. */
export const actuatorLibraries =
  /^org\.springframework\.boot:spring-boot-(?:starter-)?actuator|spring-cloud-starter-(?:netflix-(?:eureka-server|zuul|turbine|turbine-stream)|bus|stream|config-server)|spring-cloud-config-server|spring-boot-admin-starter/;

/** Settings of Actuator are written for an Actuator that some other library brings. */
const actuatorPlace = (view: ProgramView): Place | undefined =>
  view.dependency(actuatorLibraries)?.place ??
  (view.boot ? view.settings.matching(/^management\.(?:endpoints?|server|health)\./)[0]?.place : undefined);

/** Boot 1 serves actuators at the root, later versions below `/actuator`. */
function actuatorBase({ boot, settings }: ProgramView): string {
  const base = settings.text('management.endpoints.web.base-path') ?? settings.text('management.context-path');
  const usual = boot !== 'unknown' && boot !== undefined && boot.major < 2 ? '' : '/actuator';
  return (base ?? usual).replace(/\/$/, '');
}

/** With a port of its own, actuators don't lie below the context path of the program. */
function prefixOf({ settings }: ProgramView): string {
  if (settings.text('management.server.port') !== undefined || settings.text('management.port') !== undefined) return '';
  const path =
    settings.text('server.servlet.context-path') ?? settings.text('server.context-path') ?? settings.text('spring.webflux.base-path') ?? '';
  return path.includes('$') ? '' : path.replace(/\/$/, '');
}

function portOf({ settings }: ProgramView): Value | undefined {
  const setting = [...settings.of('management.server.port'), ...settings.of('management.port')].find(
    ({ profile }) => profile === undefined,
  );
  return setting && settings.value(setting);
}

const isOff = ({ settings }: ProgramView): boolean =>
  settings.is('management.endpoint.health.enabled', /^false$/i) ||
  settings.is('management.endpoint.health.access', /^none$/i) ||
  settings.is('endpoints.health.enabled', /^false$/i) ||
  settings.is('management.endpoints.web.exposure.exclude', /\*|health/);

/** Also answered where a setting or a variable of the deployment asks for it (`probes.add-additional-paths`). */
const onRoot: readonly string[] = ['/livez', '/readyz'];

/** Actuator and MicroProfile Health: paths that tell whether a copy works. */
export const health: Recogniser = {
  text: ['HealthIndicator', 'HealthCheck', '@Liveness', '@Readiness'],
  recognise(view, emit) {
    const actuator = actuatorPlace(view);
    if (actuator && !isOff(view)) {
      const base = `${prefixOf(view)}${actuatorBase(view)}/${view.settings.text('management.endpoints.web.path-mapping.health') ?? 'health'}`;
      const groups = view.settings
        .matching(/^management\.endpoint\.health\.group\.[\w-]+\./)
        .map(({ key }) => `${base}/${key.split('.')[4]}`);
      const port = portOf(view);
      const paths = [...new Set([base, `${base}/liveness`, `${base}/readiness`, ...groups, ...onRoot])];
      emit('health-helper', actuator, { library: 'Spring Boot Actuator', paths, ...(port ? { port } : {}) });
    }
    const standard = view.dependency(microprofile);
    if (standard) {
      const base =
        view.settings.text('quarkus.smallrye-health.root-path') ?? (standard.artifact.startsWith('quarkus') ? '/q/health' : '/health');
      emit('health-helper', standard.place, {
        library: 'MicroProfile Health',
        paths: [base, `${base}/live`, `${base}/ready`, `${base}/started`],
      });
    }
  },
};
