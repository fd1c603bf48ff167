import type { Recogniser } from '../recogniser.ts';

/** Libraries by which a process reports its metrics, with the path that they answer by default. */
const libraries: Readonly<Record<string, string | undefined>> = {
  'prom-client': undefined,
  'express-prom-bundle': '/metrics',
  'express-prometheus-middleware': '/metrics',
  'express-prometheus': '/metrics',
  'prometheus-api-metrics': '/metrics',
  'fastify-metrics': '/metrics',
  'koa-prometheus-exporter': '/metrics',
  '@echo-health/koa-prometheus-exporter': '/metrics',
  'swagger-stats': '/swagger-stats/metrics',
  '@willsoto/nestjs-prometheus': '/metrics',
  'nestjs-otel': undefined,
  'appmetrics-prometheus': '/metrics',
  'next-metrics': undefined,
  'hot-shots': undefined,
  'node-statsd': undefined,
  statsd: undefined,
  'datadog-metrics': undefined,
  'dd-trace': undefined,
  newrelic: undefined,
  '@newrelic/next': undefined,
  applicationinsights: undefined,
  'elastic-apm-node': undefined,
  '@instana/collector': undefined,
  '@azure/monitor-opentelemetry': undefined,
  '@splunk/otel': undefined,
  '@google-cloud/opentelemetry-cloud-monitoring-exporter': undefined,
  '@aws/aws-distro-opentelemetry-node-autoinstrumentation': undefined,
  '@vercel/otel': undefined,
  '@appsignal/nodejs': undefined,
  'express-actuator': '/metrics',
};
/** Of OpenTelemetry only what sends: the API alone reports nothing. */
const openTelemetry =
  /^@opentelemetry\/(?:sdk-(?!trace-web)|auto-instrumentations-node|exporter-(?:metrics|prometheus|trace)|host-metrics|metrics|node)/;

/** Metrics libraries that a program loads. */
export const metrics: Recogniser = {
  id: 'metrics',
  packages: [...Object.keys(libraries), '@opentelemetry/'],
  recognise(program, emit) {
    for (const [library, place] of program.imports) {
      const known = Object.hasOwn(libraries, library);
      if (!known && !openTelemetry.test(library)) continue;
      const path = libraries[library];
      emit('metrics', { place }, { library, ...(path ? { path } : {}) });
    }
  },
};
