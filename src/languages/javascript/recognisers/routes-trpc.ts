import type { Recogniser } from '../recogniser.ts';

const healthNames = /^(?:health\w*|ping|alive|isAlive|live(?:ness|z)|read(?:iness|yz))$/i;

/** Procedures of tRPC are no routes, but one that is called `healthcheck` answers below whatever path the router is mounted at. */
export const trpcRoutes: Recogniser = {
  id: 'trpc-routes',
  packages: ['@trpc/server'],
  recognise(program, emit) {
    for (const call of program.callsOf('@trpc/server')) {
      const [procedures] = call.args;
      if (call.how !== 'call' || !/(?:^|\.)router$/.test(call.path) || procedures?.is !== 'object') continue;
      for (const [name, value] of Object.entries(procedures.properties)) {
        if (!healthNames.test(name)) continue;
        const place = { ...call.namePlace, line: value.place.line, endLine: value.place.line };
        emit(
          'route',
          { ...call, place },
          { methods: ['GET'], path: `/${name}`, complete: false, handlers: [], fallback: false, library: '@trpc/server' },
          'likely',
        );
      }
    }
  },
};
