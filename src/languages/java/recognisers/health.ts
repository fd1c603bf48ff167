import type { FactValues } from '../../../facts.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import { actuatorHealth } from './actuator.ts';

const microprofile =
  /^(?:org\.eclipse\.microprofile(?:\.health)?:microprofile(?:-health)?(?:-api)?|io\.quarkus:quarkus-smallrye-health|io\.smallrye:smallrye-health|io\.thorntail:microprofile-health)$/;

function microprofileHealth(artifact: string, { settings }: ProgramView): FactValues['health-helper'] {
  const base = settings.text('quarkus.smallrye-health.root-path') ?? (artifact.startsWith('quarkus') ? '/q/health' : '/health');
  return { library: 'MicroProfile Health', paths: [base, `${base}/live`, `${base}/ready`, `${base}/started`] };
}

/** Actuator and MicroProfile Health: paths that tell whether a copy works. */
export const health: Recogniser = {
  text: ['HealthIndicator', 'HealthCheck', '@Liveness', '@Readiness'],
  recognise(view, emit) {
    const actuator = actuatorHealth(view);
    for (const value of actuator?.helpers ?? [])
      emit('health-helper', actuator!.place, value, { confidence: actuator!.isSure ? 'certain' : 'likely' });
    const standard = view.dependency(microprofile);
    if (standard) emit('health-helper', standard.place, microprofileHealth(standard.artifact, view));
  },
};
