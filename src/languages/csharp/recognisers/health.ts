import type { CallView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import { mappedPath } from './routes.ts';

const library = 'AspNetCore.HealthChecks';

function emitMapped(view: ProgramView, emit: Emit): void {
  for (const call of view.callsNamed('MapHealthChecks', 'UseHealthChecks')) {
    const mapped = mappedPath(view, call, call.call.args[0]);
    const port = call.call.name === 'UseHealthChecks' && call.call.args[1] ? view.evaluator.value(call.call.args[1], call) : undefined;
    const isNumber = port?.is === 'literal' && typeof port.value === 'number';
    const paths = mapped?.complete ? [mapped.path] : [];
    const below = mapped?.complete && call.call.name === 'UseHealthChecks' ? { below: mapped.path } : {};
    emit('health-helper', placeOf(call), { library, paths, ...below, ...(isNumber ? { port } : {}) }, { when: view.conditions(call) });
  }
}

/** Helpers of others that answer at paths of their own. */
function emitOthers(view: ProgramView, emit: Emit): void {
  const add = (call: CallView, name: string) =>
    emit('health-helper', placeOf(call), { library: name, paths: [] }, { when: view.conditions(call) });
  for (const call of view.callsNamed('MapGrpcHealthChecksService')) add(call, 'Grpc.AspNetCore.HealthChecks');
  for (const call of view.callsNamed(
    'MapHealthChecksUI',
    'MapAllHealthChecks',
    'UseHealthEndpoint',
    'UseHealthAllEndpoints',
    'MapAllActuators',
    'UseHealth',
    'MapHealth',
    'AddAllActuators',
    'AddHealthActuator',
  ))
    if (!view.graph.targetsOf(call.call, call).length) add(call, 'ASP.NET Core');
  for (const call of view.callsNamed('UseMiddleware'))
    if (call.call.types.some((type) => /health|ping|alive/i.test(type))) add(call, 'ASP.NET Core');
}

/** A service of gRPC that answers for the others. */
function emitGrpc(view: ProgramView, emit: Emit): void {
  for (const { path, type } of view.types)
    if (type.bases.some(({ name }) => /(?:^|\.)HealthBase$/.test(name) || /(?:^|\.)HealthServiceImpl$/.test(name)))
      emit('health-helper', placeAt(path, type.at), { library: 'Grpc.HealthCheck', paths: [] });
  for (const call of view.callsNamed('MapGrpcService'))
    if (call.call.types.some((type) => /(?:^|\.)HealthServiceImpl$/.test(type)))
      emit('health-helper', placeOf(call), { library: 'Grpc.HealthCheck', paths: [] });
}

/** Health checks of ASP.NET Core, gRPC and others. */
export const health: Recogniser = {
  text: ['HealthChecks', 'HealthBase', 'HealthServiceImpl', 'Actuator', 'UseHealth', 'MapHealth', 'UseMiddleware'],
  recognise(view, emit) {
    emitMapped(view, emit);
    emitOthers(view, emit);
    emitGrpc(view, emit);
  },
};
