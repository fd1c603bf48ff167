import type { BuildReference, FactValues } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import { actuatorHealth } from './actuator.ts';

const microprofile =
  /^(?:org\.eclipse\.microprofile(?:\.health)?:microprofile(?:-health)?(?:-api)?|io\.quarkus:quarkus-smallrye-health|io\.smallrye:smallrye-health|io\.thorntail:microprofile-health)$/;

function microprofileHealth(artifact: string, { settings }: ProgramView): FactValues['health-helper'] {
  const base = settings.text('quarkus.smallrye-health.root-path') ?? (artifact.startsWith('quarkus') ? '/q/health' : '/health');
  return { library: 'MicroProfile Health', paths: [base, `${base}/live`, `${base}/ready`, `${base}/started`] };
}

/** `/health` and its groups (Micronaut, "Management & Monitoring"); its settings are written for a library that some other one brings. */
function micronautHealth(view: ProgramView): Place | undefined {
  const { settings } = view;
  if (!view.dependency(/^io\.micronaut[.\w]*:micronaut-http-server/)) return undefined;
  if (settings.is('endpoints.health.enabled', /^false$/i) || settings.is('endpoints.all.enabled', /^false$/i)) return undefined;
  return view.dependency(/^io\.micronaut:micronaut-management$/)?.place ?? settings.matching(/^endpoints\.health\./)[0]?.place;
}
function micronautPaths({ settings }: ProgramView): readonly string[] {
  const base = `${(settings.text('endpoints.all.path') ?? '').replace(/\/$/, '')}/${settings.text('endpoints.health.id') ?? 'health'}`;
  return [base, `${base}/liveness`, `${base}/readiness`];
}

/** Organisations that publish for everybody: what they share a group with is nobody's own. */
const publishers =
  /^(?:org\.(?:apache|springframework|eclipse|jboss|wildfly|glassfish|codehaus|hibernate)|com\.(?:google|github|alibaba|netflix|amazonaws|microsoft|azure|oracle|ibm|fasterxml|squareup)|io\.(?:github|quarkus|micronaut|micrometer))\b/;
const framework = /(?:starter|skeleton|framework|platform|(?:^|-)(?:all|core|commons?|base|boot|web|server))(?:-|$)/;
const organisation = (group: string): string => group.split('.').slice(0, 2).join('.');

/** A library of the same organisation that is not in the repository may bring routes, health among them. */
function ownFramework({ module, modules, dependencies }: ProgramView): BuildReference | undefined {
  const group = module.build.group ?? module.build.parent?.group ?? '';
  if (!group.includes('.') || publishers.test(group)) return undefined;
  const known = new Set(modules.map(({ manifest }) => manifest.name));
  return dependencies.find(
    (one) => organisation(one.group) === organisation(group) && framework.test(one.artifact) && !known.has(one.artifact),
  );
}

/** Actuator and MicroProfile Health: paths that tell whether a copy works. */
export const health: Recogniser = {
  text: ['HealthIndicator', 'HealthCheck', '@Liveness', '@Readiness'],
  recognise(view, emit) {
    const actuator = actuatorHealth(view);
    for (const value of actuator?.helpers ?? [])
      emit('health-helper', actuator!.place, value, { confidence: actuator!.isSure ? 'certain' : 'likely' });
    const own = ownFramework(view);
    if (own && !actuator)
      emit('route', own.place, { methods: [], path: '/', complete: false, handlers: [], fallback: true, library: own.artifact });
    const standard = view.dependency(microprofile);
    const micronaut = micronautHealth(view);
    if (micronaut)
      emit('health-helper', micronaut, { library: 'Micronaut Management', paths: micronautPaths(view) }, { confidence: 'likely' });
    // Dropwizard answers on its admin port (Dropwizard manual, "Health Checks").
    const dropwizard = view.dependency(/^io\.dropwizard:dropwizard-core$/);
    if (dropwizard) emit('health-helper', dropwizard.place, { library: 'Dropwizard', paths: ['/healthcheck', '/ping', '/health-check'] });
    if (standard) emit('health-helper', standard.place, microprofileHealth(standard.artifact, view));
  },
};
