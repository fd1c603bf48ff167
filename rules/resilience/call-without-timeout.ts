import type { Fact, Related, Repository, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

const maximumRelated = 30;

const keyOf = ({ value, place }: Fact<'outgoing-call'>): string => `${value.library}:${place.path}:${place.line}:${place.column}`;

const tellers = new WeakMap<Repository, ReadonlyMap<string, Service>>();

/** What programs share is told once, with the first of them that makes the call. */
function tellersOf(repository: Repository): ReadonlyMap<string, Service> {
  const known = tellers.get(repository);
  if (known) return known;
  const found = new Map<string, Service>();
  for (const service of repository.services) {
    if (service.kind === 'job') continue;
    for (const fact of service.code.all('outgoing-call')) if (!found.has(keyOf(fact))) found.set(keyOf(fact), service);
  }
  tellers.set(repository, found);
  return found;
}

export default defineRule({
  summary: 'calls to other services may wait for ever',
  factors: [9],
  level: 'warning',
  effort: 1,
  docs: {
    what: 'Code that serves requests calls another service with a client that has no timeout of its own (fetch, axios, got, http; RestTemplate, RestClient, WebClient, HttpClient, JAX-RS; `net/http` of Go; gRPC), and gives none: not on the call, not on the client, not around it.',
    why: 'When the other side hangs, requests wait here until memory and connections run out: one slow service takes down those in front of it.',
    how: 'Give every call a limit: `AbortSignal.timeout(ms)` for fetch, `timeout` for axios and got, a read timeout on the request factory or `spring.http.client.read-timeout` for Spring, `http.Client{Timeout: …}` for Go, a deadline for gRPC.',
    bad: "const response = await fetch('https://rates.example.com');",
    good: "const response = await fetch('https://rates.example.com', { signal: AbortSignal.timeout(2000) });",
    references: ['https://developer.mozilla.org/en-US/docs/Web/API/AbortSignal/timeout_static', 'https://grpc.io/docs/guides/deadlines/'],
  },
  messages: {
    one: {
      text: 'A call with `{library}` sets no timeout.',
      consequence: 'When the other side hangs, requests pile up here until this service hangs too.',
      next: 'Set a timeout on the call or on the client that it uses.',
    },
    several: {
      text: '{count} calls with `{library}` set no timeout; this is the first.',
      consequence: 'When the other side hangs, requests pile up here until this service hangs too.',
      next: 'Set a timeout once, on a client or helper that all of them use.',
    },
  },
  checkService(service, report, repository) {
    if (service.kind === 'job') return;
    const told = tellersOf(repository);
    const byLibrary = new Map<string, Fact<'outgoing-call'>[]>();
    for (const fact of service.code.all('outgoing-call')) {
      if (fact.value.timeout !== 'none' || told.get(keyOf(fact)) !== service) continue;
      byLibrary.set(fact.value.library, [...(byLibrary.get(fact.value.library) ?? []), fact]);
    }
    for (const [library, [first, ...others]] of byLibrary) {
      if (!first) continue;
      report({
        message: others.length > 0 ? 'several' : 'one',
        data: { library, count: others.length + 1 },
        place: first.place,
        related: others.slice(0, maximumRelated).map(({ place }): Related => ({ place, message: 'no timeout here either' })),
        subject: library,
      });
    }
  },
});
