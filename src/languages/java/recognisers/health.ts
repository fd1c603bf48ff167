import type { BuildReference, FactValues } from '../../../facts.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import { actuatorHealth } from './actuator.ts';

const microprofile =
  /^(?:org\.eclipse\.microprofile(?:\.health)?:microprofile(?:-health)?(?:-api)?|io\.quarkus:quarkus-smallrye-health|io\.smallrye:smallrye-health|io\.thorntail:microprofile-health)$/;

function microprofileHealth(artifact: string, { settings }: ProgramView): FactValues['health-helper'] {
  const base = settings.text('quarkus.smallrye-health.root-path') ?? (artifact.startsWith('quarkus') ? '/q/health' : '/health');
  return { library: 'MicroProfile Health', paths: [base, `${base}/live`, `${base}/ready`, `${base}/started`] };
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
    if (standard) emit('health-helper', standard.place, microprofileHealth(standard.artifact, view));
  },
};
