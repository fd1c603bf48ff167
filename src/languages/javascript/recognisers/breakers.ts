import type { Recogniser } from '../recogniser.ts';
import { anchored } from './databases-options.ts';

/** Circuit breakers, by the calls that make them. */
const libraries: Readonly<Record<string, RegExp>> = {
  opossum: /^(?:default|CircuitBreaker)?$/,
  cockatiel: /^(?:circuitBreaker|Policy\.handleAll\(\)\.circuitBreaker|.*\.circuitBreaker)$/,
  brakes: /^(?:default)?$/,
  hystrixjs: /(?:^|\.)(?:commandFactory\.)?getOrCreate$/,
  levee: /^(?:default\.)?createBreaker$/,
  'circuit-breaker-js': /^(?:default)?$/,
  mollitia: /^Circuit$/,
  'nestjs-resilience': /^(?:CircuitBreakerStrategy|UseResilience)$/,
  'node-circuitbreaker': /^(?:default)?$/,
};

/** What stops calls to a service that fails. */
export const breakers: Recogniser = {
  id: 'breakers',
  packages: Object.keys(libraries),
  recognise(program, emit) {
    for (const [library, path] of Object.entries(libraries))
      for (const call of program.callsOf(library)) if (path.test(call.path)) emit('breaker', anchored(call), { library });
  },
};
