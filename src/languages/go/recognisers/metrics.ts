import type { Recogniser } from '../recogniser.ts';

/** Libraries that report metrics, and agents that do so. */
const libraries = [
  'github.com/prometheus/client_golang',
  'go.opentelemetry.io/otel',
  'go.opentelemetry.io/contrib',
  'go.opencensus.io',
  'contrib.go.opencensus.io',
  'github.com/DataDog/datadog-go',
  'github.com/DataDog/dd-trace-go',
  'gopkg.in/DataDog/dd-trace-go',
  'github.com/VictoriaMetrics/metrics',
  'github.com/armon/go-metrics',
  'github.com/hashicorp/go-metrics',
  'github.com/newrelic/go-agent',
  'github.com/uber-go/tally',
  'github.com/cactus/go-statsd-client',
  'github.com/smira/go-statsd',
  'github.com/ansrivas/fiberprometheus',
  'github.com/zsais/go-gin-prometheus',
  'github.com/penglongli/gin-metrics',
  'github.com/labstack/echo-contrib',
  'github.com/slok/go-http-metrics',
  'github.com/rcrowley/go-metrics',
  'github.com/go-kit/kit/metrics',
  'go.elastic.co/apm',
  'go.elastic.co/ecszap',
  'cloud.google.com/go/profiler',
  'expvar',
];

/** Metrics that the program reports. */
export const metrics: Recogniser = {
  id: 'metrics',
  recognise(program, emit) {
    const place = program.imported(...libraries);
    if (place) emit('metrics', { place }, { library: 'prometheus' });
  },
};
