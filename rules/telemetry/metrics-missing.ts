import { runsAsFunctions } from '../../src/text/function-questions.ts';
import { defineRule, type Service } from '../../src/types.ts';

/** Agents that a command line, a variable or an operator loads into the process. */
const agent =
  /newrelic|dd-trace|elastic-apm|opentelemetry|otel|applicationinsights|instana|appdynamics|dynatrace|prom-client|prometheus|metrics|statsd/i;
const metricsPath = /(?:^|\/)(?:metrics|prometheus|varz)$/i;

/** Metrics that nothing in the code shows: dependencies, start commands, variables, annotations, sidecars. */
function hasAgent(service: Service): boolean {
  const dependencies = Object.keys(service.package?.value.dependencies ?? {});
  if (dependencies.some((name) => agent.test(name))) return true;
  const scripts = Object.values(service.package?.value.scripts ?? {});
  if (scripts.some(({ command }) => /(?:-r|--require|--import)[\s=]/.test(command) && agent.test(command))) return true;
  const images = service.images.flatMap(({ process }) => process.steps);
  if (
    [...images, ...service.deployments.flatMap(({ process }) => process.steps)].some(({ words }) => words.some((word) => agent.test(word)))
  )
    return true;
  return service.deployments.some(
    ({ workload: { value }, environment }) =>
      environment.given.some((entry) => /^(?:OTEL_|DD_|NEW_RELIC_|ELASTIC_APM_|STATSD_|NODE_OPTIONS$)/.test(entry.name)) ||
      Object.keys(value.annotations).some((key) => /prometheus\.io|opentelemetry|datadoghq|instana|dynatrace/.test(key)) ||
      value.containers.some(({ name }) => agent.test(name)),
  );
}

export default defineRule({
  summary: 'a service reports no metrics',
  factors: [14],
  level: 'note',
  effort: 1,
  docs: {
    what: 'The program loads no metrics library or agent and has no metrics route.',
    why: 'An autoscaler that should follow requests, latency or queue length has nothing to follow; nobody sees a copy that is slow but alive.',
    how: 'Expose `/metrics` with prom-client, or start the process with an OpenTelemetry SDK or the agent of your platform.',
    bad: 'app.listen(port);',
    good: "app.get('/metrics', async (req, res) => res.type(register.contentType).send(await register.metrics()));",
    references: ['https://prometheus.io/docs/instrumenting/clientlibs/', 'https://opentelemetry.io/docs/languages/js/'],
  },
  messages: {
    missing: {
      text: 'The program loads no metrics library or agent and has no metrics route.',
      consequence: 'Autoscaling can follow CPU and memory only, and slow copies go unnoticed.',
      next: 'Expose `/metrics` with prom-client, or load an OpenTelemetry SDK at start.',
    },
  },
  checkService(service, report, repository) {
    if (runsAsFunctions(service, repository)) return;
    const runs = service.kind === 'http' || service.kind === 'worker';
    if (!runs || !service.codeRead || service.code.has('metrics') || hasAgent(service)) return;
    if (!service.code.has('http-server') && !service.code.has('listen')) return;
    const routes = service.code.all('route');
    if (routes.some(({ value }) => metricsPath.test(value.path))) return;
    report({ message: 'missing', place: service.place, subject: 'metrics' });
  },
});
