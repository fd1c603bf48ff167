import type { Value } from '../../../facts.ts';
import type { CallSite, Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { functionsIn } from './routes-mounts.ts';
import { normalisePath, pathsOf } from './routes-paths.ts';

/** Calls by which a program serves a contract: paths stand in the contract, which other packages and browsers share. */
const servers: Readonly<Record<string, RegExp>> = {
  '@orpc/nest': /^Implement$/,
  '@orpc/server': /(?:RPC|OpenAPI)Handler$/,
  '@orpc/openapi': /OpenAPIHandler$/,
  '@ts-rest/nest': /^(?:TsRestHandler|TsRest|Api|nestControllerContract)$/,
  '@ts-rest/express': /^createExpressEndpoints$/,
  '@ts-rest/fastify': /(?:^|\.)(?:plugin|registerRouter)$/,
  '@ts-rest/next': /^create(?:Single)?(?:NextRoute|NextRouter|PagesRouter)$/,
  '@ts-rest/serverless': /^(?:fetchRequestHandler|tsr\.route|createServerlessRouter)/,
};

function emitContract(call: CallSite, library: string, emit: Emit): void {
  const handlers =
    call.how === 'decorator'
      ? call.decorates?.function === undefined
        ? []
        : [call.decorates.function]
      : call.args.flatMap((argument) => functionsIn(argument));
  emit(
    'route',
    { ...call, place: call.namePlace },
    { methods: [], path: '/*', complete: false, handlers, fallback: true, library },
    'likely',
  );
}

const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;
const itemsOf = (value: Value | undefined): readonly Value[] => (value?.is === 'list' ? value.items : []);

/** `endpoints: [{ path: '/health', method: 'get', handler }]` of Payload's config answers below its API (payloadcms.com, "Custom Endpoints"). */
function emitPayload(program: ProgramView, emit: Emit): void {
  for (const call of program.callsOf('payload', 'payload/config')) {
    if (!/(?:^|\.)buildConfig$/.test(call.path)) continue;
    const [config] = call.args;
    const [base] = pathsOf(property(property(config, 'routes'), 'api'));
    const prefix = property(config, 'routes') && property(property(config, 'routes'), 'api') ? (base?.text ?? '') : '/api';
    for (const endpoint of itemsOf(property(config, 'endpoints'))) {
      const path = property(endpoint, 'path');
      const method = property(endpoint, 'method');
      for (const { text, complete } of path ? pathsOf(path) : [])
        emit(
          'route',
          { ...call, place: endpoint.place },
          {
            methods: method?.is === 'literal' ? [String(method.value).toUpperCase()] : [],
            path: normalisePath(`${prefix}${text}`),
            complete,
            handlers: functionsIn(property(endpoint, 'handler') ?? endpoint),
            fallback: false,
            library: 'payload',
          },
        );
    }
  }
}

/** Routes whose paths stand elsewhere than where they are served: contracts, settings of a content management system. */
export const contractRoutes: Recogniser = {
  id: 'contract-routes',
  packages: [...Object.keys(servers), 'payload'],
  recognise(program, emit) {
    for (const [library, server] of Object.entries(servers))
      for (const call of program.callsOf(library)) if (server.test(call.path)) emitContract(call, library, emit);
    emitPayload(program, emit);
  },
};
