import type { ProgramView, Recogniser } from '../recogniser.ts';
import { actuatorLibraries } from './actuator.ts';

const registries =
  /^(?:io\.micrometer:micrometer-(?:registry-|core)|io\.prometheus:|com\.netflix\.(?:spectator|servo):|io\.dropwizard(?:\.metrics:|:dropwizard-core$)|org\.eclipse\.microprofile\.metrics:|org\.eclipse\.microprofile:microprofile$|io\.smallrye:smallrye-metrics|io\.quarkus:quarkus-(?:micrometer|smallrye-metrics)|io\.opentelemetry:|io\.pivotal\.spring\.cloud:spring-cloud-services|io\.opentelemetry\.instrumentation:)|micrometer-registry|prometheus/;

/** Boot 1 exposes all endpoints over HTTP; later versions those that are named. */
const exposesMetrics = ({ boot, settings, hasOtherSettings }: ProgramView): boolean =>
  hasOtherSettings ||
  (boot !== undefined && boot !== 'unknown' && boot.major < 2) ||
  settings.matching(/^management\.endpoints\.web\.exposure\.include(?:\[\d+\])?$/).some(({ text }) => /\*|metrics|prometheus/.test(text));

/** Libraries that report metrics, and Actuator where it exposes them. */
export const metrics: Recogniser = {
  text: [],
  recognise(view, emit) {
    const registry = view.dependency(registries);
    const actuator = view.dependency(actuatorLibraries);
    if (registry) emit('metrics', registry.place, { library: registry.artifact });
    else if (actuator && exposesMetrics(view)) emit('metrics', actuator.place, { library: 'Spring Boot Actuator' });
  },
};
