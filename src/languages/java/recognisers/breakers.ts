/** What stops calls to a service that fails, by the build's `group:artifact`. Data only. */
export interface BreakerLibrary {
  readonly artifact: RegExp;
  readonly library: string;
}

export const breakerLibraries: readonly BreakerLibrary[] = [
  { artifact: /hystrix(?!-(?:dashboard|turbine))/, library: 'Hystrix' },
  { artifact: /spring-cloud-(?:starter-)?circuitbreaker/, library: 'Spring Cloud CircuitBreaker' },
  { artifact: /resilience4j/, library: 'Resilience4j' },
  { artifact: /sentinel/, library: 'Sentinel' },
  { artifact: /microprofile-fault-tolerance|smallrye-fault-tolerance/, library: 'MicroProfile Fault Tolerance' },
  { artifact: /^(?:dev|net\.jodah)\.?[\w.]*:failsafe$/, library: 'Failsafe' },
];

/** Packages of breakers that end what takes too long, unless told otherwise: what code gives them, not all calls of a program that has them. */
export const timeLimitingPackages: readonly string[] = [
  'com.netflix.hystrix',
  'org.springframework.cloud.client.circuitbreaker',
  'org.springframework.cloud.circuitbreaker',
];
/** Annotations that end a call which takes too long. */
export const timeLimits: readonly string[] = ['TimeLimiter', 'Timeout', 'HystrixCommand'];
/** Calls by which code gives work to something that ends it. */
export const timeLimiters: readonly string[] = ['executeFutureSupplier', 'decorateFutureSupplier', 'executeCompletionStage'];
/** Annotations that put a breaker in front of what a method calls. */
export const breakerAnnotations: readonly string[] = ['CircuitBreaker', 'HystrixCommand', 'SentinelResource'];
