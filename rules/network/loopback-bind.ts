import { hasProxyBeside } from '../../src/text/process-questions.ts';
import { type Deployment, defineRule, type Fact, type Related, type Service } from '../../src/types.ts';

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i;
const isProduction = (purpose: string): boolean => purpose === 'production' || purpose === 'unknown';

/** Containers that are put into the pod beside it, and hand requests on. */
const sidecars: readonly string[] = ['dapr.io/enabled'];

/** Other containers of the pod, a proxy in the same container, and the host's own network, do reach the loopback address. */
const reachesLoopback = ({ workload: { value }, process }: Deployment): boolean =>
  value.containers.length > 1 ||
  hasProxyBeside(process) ||
  sidecars.some((name) => value.annotations[name] === 'true') ||
  (value.hostNetwork !== undefined && !(value.hostNetwork.known && !value.hostNetwork.value));

/** Where the service runs in a container of its own: a deployment, else its image. */
function containersOf(service: Service): readonly Related[] {
  const deployments = service.deployments.filter(({ purpose }) => isProduction(purpose));
  if (deployments.length > 0) {
    const [found] = deployments;
    return deployments.some(reachesLoopback) ? [] : [{ place: found!.container.namePlace, message: 'it runs in this container' }];
  }
  const image = service.images.find(({ fact, process }) => isProduction(fact.value.purpose) && !hasProxyBeside(process));
  return image
    ? [
        {
          place: { ...image.stage.place, endLine: image.stage.place.line, endColumn: image.stage.place.column + 4 },
          message: 'it runs in this image',
        },
      ]
    : [];
}

/** Where else the service listens for others: then a server on the loopback address is one for itself (debugging, administration). */
const listensElsewhere = (service: Service, isLoopback: (fact: Fact<'listen'>) => boolean): boolean =>
  service.code.all('listen').some((fact) => fact.value.purpose !== 'metrics' && !isLoopback(fact));

export default defineRule({
  summary: 'a server in a container listens on the loopback address',
  factors: [7],
  level: 'error',
  effort: 1,
  docs: {
    what: 'A server that runs in a container listens on `localhost` or `127.0.0.1`: written in the code, or because the framework does so unless told otherwise (Fastify).',
    why: 'Each container has a loopback address of its own. Probes, Services and published ports come from outside and are refused.',
    how: 'Listen on all addresses (`0.0.0.0` or `::`), and let the host come from the environment.',
    bad: "app.listen(3000, 'localhost');",
    good: "app.listen(3000, process.env.HOST || '0.0.0.0');",
    references: ['https://fastify.dev/docs/latest/Reference/Server/#listen', 'https://pythonspeed.com/articles/docker-connection-refused/'],
  },
  messages: {
    loopback: {
      text: 'The {library} server listens on {host} only, inside of a container.',
      consequence: 'Probes, Services and published ports come from outside of the container: every connection is refused.',
      next: 'Listen on `0.0.0.0`, or read the host from the environment.',
    },
  },
  checkService(service, report) {
    const containers = containersOf(service);
    const isLoopback = ({ value }: Fact<'listen'>): boolean => {
      const { values, complete } = service.literals(value.host);
      return complete && values.length > 0 && values.every((host) => loopback.test(String(host.value)));
    };
    if (containers.length === 0 || listensElsewhere(service, isLoopback)) return;
    for (const fact of service.code.all('listen')) {
      const { host, purpose, library } = fact.value;
      // Raw sockets on the loopback address are doors for debugging; what others ask speaks HTTP.
      if (!isLoopback(fact) || purpose === 'metrics' || library === 'net') continue;
      report({
        message: 'loopback',
        data: { library, host: `\`${service.literals(host).values[0]!.value}\`` },
        place: fact.place,
        related: containers,
        subject: `${library}:loopback`,
      });
    }
  },
});
