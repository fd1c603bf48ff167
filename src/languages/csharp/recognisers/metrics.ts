import { placeOf, type Recogniser } from '../recogniser.ts';

const routes = [
  'MapMetrics',
  'UseMetricServer',
  'MapPrometheusScrapingEndpoint',
  'UseOpenTelemetryPrometheusScrapingEndpoint',
  'UseMetricsAllEndpoints',
  'UseMetricsEndpoint',
];
const calls = [
  'WithMetrics',
  'AddOpenTelemetryMetrics',
  'AddApplicationInsightsTelemetry',
  'AddApplicationInsightsTelemetryWorkerService',
  'UseAzureMonitor',
  'AddElasticApm',
  'UseAllElasticApm',
  'AddDatadogTracing',
  'UseHttpMetrics',
  'UseMetrics',
  'AddAppMetrics',
  'ConfigureOpenTelemetryMeterProvider',
];
const packages =
  /^(?:prometheus-net|OpenTelemetry|App\.Metrics|Elastic\.Apm|Datadog|NewRelic|Microsoft\.ApplicationInsights|Steeltoe\.Management)/i;

/** Metrics that a program reports, and agents that do. */
export const metrics: Recogniser = {
  text: [...routes, ...calls],
  recognise(view, emit) {
    for (const call of view.callsNamed(...routes)) {
      const text = call.call.args[0] && view.evaluator.text(call.call.args[0], call);
      const path = text?.startsWith('/') ? text : '/metrics';
      emit(
        'metrics',
        placeOf(call),
        { library: /Metric/.test(call.call.name) && /^(?:Map|Use)Metric/.test(call.call.name) ? 'prometheus-net' : 'OpenTelemetry', path },
        { when: view.conditions(call) },
      );
    }
    const [first] = view.callsNamed(...calls);
    const place = first ? placeOf(first) : view.package(packages);
    if (place) emit('metrics', place, { library: 'OpenTelemetry' });
  },
};
