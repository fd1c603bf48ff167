import { type Recogniser, textOf } from '../recogniser.ts';

/** Libraries that report metrics, and agents that do so for whatever runs beside them. */
const libraries = [
  'prometheus_client',
  'prometheus_fastapi_instrumentator',
  'prometheus_flask_exporter',
  'django_prometheus',
  'starlette_exporter',
  'starlette_prometheus',
  'aioprometheus',
  'opentelemetry',
  'ddtrace',
  'datadog',
  'newrelic',
  'statsd',
  'elasticapm',
  'aws_embedded_metrics',
  'opencensus',
  'azure.monitor',
  'google.cloud.monitoring',
  'instana',
  'scout_apm',
  'logfire',
  'pyinstrument_metrics',
  'rest_framework_prometheus',
  'sanic_prometheus',
  'aiohttp_prometheus',
  'celery_prometheus',
];

/** Metrics that the program reports. */
export const metrics: Recogniser = {
  id: 'metrics',
  recognise(program, emit) {
    const place = program.imported(...libraries);
    if (place) emit('metrics', { place }, { library: 'prometheus' });
    for (const setting of program.settings('INSTALLED_APPS')) {
      const items = setting.value.is === 'list' ? setting.value.items : [];
      const found = items.find((item) => libraries.includes((textOf(item) ?? '').split('.')[0]!));
      if (found) emit('metrics', { ...setting, place: found.place }, { library: textOf(found)! });
    }
  },
};
