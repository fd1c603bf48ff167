import type { Recogniser } from '../recogniser.ts';
import { breakerLibraries } from './breakers.ts';
import { emitCallLimits } from './call-limits.ts';

/** Calls to other services that may wait for ever, and the breakers in front of calls. */
export const outgoingCalls: Recogniser = {
  text: [
    'RestTemplate',
    'WebClient',
    'RestClient',
    'HttpClient',
    'client.fluent.',
    'http.fluent.',
    'RequestFactory',
    'HttpURLConnection',
    '.openStream(',
    '.openConnection(',
    'HttpsURLConnection',
    'ws.rs.client',
    'ResteasyClientBuilder',
    'jersey.api.client',
    'cn.hutool.http',
    'newBlockingStub',
    'netflix.hystrix',
    'cloud.client.circuitbreaker',
    'cloud.circuitbreaker',
  ],
  recognise(view, emit) {
    emitCallLimits(view, emit);
    for (const { artifact, library } of breakerLibraries) {
      const dependency = view.dependency(artifact);
      if (dependency) emit('breaker', dependency.place, { library });
    }
  },
};
