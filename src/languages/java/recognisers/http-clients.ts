/** Clients that wait for an answer without a limit unless told otherwise. Names and defaults are from the documentation of each. Data only. */
export interface HttpClient {
  readonly library: string;
  /** Types that calls are made on, and what they call there. */
  readonly types: readonly string[];
  readonly uses: readonly string[];
  /** `made`: told where a client is made that something uses; `called`: where it is called, because calls have limits of their own. */
  readonly told: 'made' | 'called';
  /** Types whose constructor gives a client without limits. */
  readonly news?: readonly string[];
  /** Static methods that do, or that start a builder: `Type.method`. */
  readonly factories?: readonly string[];
  /** Types of builders that the container injects; `build` gives a client. */
  readonly builders?: readonly string[];
  /** Calls and properties that set a limit, on the client, on what it is made of or on the call. */
  readonly limits: readonly string[];
  /** Settings of the container that limit what its builders make. */
  readonly settings?: RegExp;
  /** Interfaces by which a program changes what the builders make. */
  readonly customizers?: readonly string[];
  /** Calls anywhere in the program that change the one client that others get; `Type.method` for those of one type. */
  readonly everywhere?: readonly string[];
}

const spring = 'org.springframework.';
const factoryLimits = ['setConnectTimeout', 'setReadTimeout', 'setConnectionRequestTimeout', 'setRequestFactory', 'requestFactory'];
const builderLimits = [
  'connectTimeout',
  'readTimeout',
  'requestFactoryBuilder',
  'requestFactorySettings',
  'customizers',
  'withReadTimeout',
];
const apacheLimits = [
  'setSocketTimeout',
  'setSoTimeout',
  'setResponseTimeout',
  'setConnectTimeout',
  'setConnectionTimeout',
  'setDefaultRequestConfig',
  'setDefaultSocketConfig',
  'setDefaultConnectionConfig',
  'setConnectionManager',
  'setRequestConfig',
  'setConfig',
  'setIntParameter',
  'setParameter',
];
/** `spring.http.client.read-timeout` (Boot 3.4), `spring.http.clients.read-timeout` (4.0). */
const bootLimits = /^spring\.http\.clients?\.(?:settings\.)?(?:connect|read)-?timeout$/i;

export const httpClients: readonly HttpClient[] = [
  {
    library: 'RestTemplate',
    told: 'made',
    types: [`${spring}web.client.RestTemplate`, `${spring}web.client.RestOperations`],
    uses: [
      'getForObject',
      'getForEntity',
      'postForObject',
      'postForEntity',
      'postForLocation',
      'exchange',
      'put',
      'delete',
      'patchForObject',
      'headForHeaders',
      'execute',
    ],
    news: [`${spring}web.client.RestTemplate`],
    builders: [`${spring}boot.web.client.RestTemplateBuilder`, `${spring}boot.restclient.RestTemplateBuilder`],
    limits: [...factoryLimits, ...builderLimits, ...apacheLimits],
    settings: bootLimits,
    customizers: ['RestTemplateCustomizer', 'RestTemplateRequestCustomizer'],
    everywhere: ['setRequestFactory'],
  },
  {
    library: 'RestClient',
    told: 'made',
    types: [`${spring}web.client.RestClient`],
    uses: ['get', 'post', 'put', 'patch', 'delete', 'head', 'method'],
    factories: [`${spring}web.client.RestClient.create`, `${spring}web.client.RestClient.builder`],
    builders: [`${spring}web.client.RestClient.Builder`],
    limits: [...factoryLimits, ...builderLimits, ...apacheLimits],
    settings: bootLimits,
    customizers: ['RestClientCustomizer'],
  },
  {
    library: 'WebClient',
    told: 'called',
    types: [`${spring}web.reactive.function.client.WebClient`, `${spring}web.reactive.function.client.WebClient.Builder`],
    uses: ['retrieve', 'exchange', 'exchangeToMono', 'exchangeToFlux'],
    limits: ['timeout', 'responseTimeout', 'clientConnector'],
    settings: /^spring\.http\.(?:reactiveclient|clients?(?:\.reactive)?)\.(?:settings\.)?(?:connect|read)-?timeout$/i,
    customizers: ['WebClientCustomizer', 'ExchangeFilterFunction'],
    // What one class calls, another may limit: `prices.load(id).timeout(…)`.
    everywhere: ['responseTimeout', 'clientConnector', 'timeout', 'doOnConnected'],
  },
  {
    library: 'java.net.http.HttpClient',
    told: 'called',
    types: ['java.net.http.HttpClient'],
    uses: ['send', 'sendAsync'],
    limits: ['timeout', 'connectTimeout'],
  },
  {
    library: 'HttpURLConnection',
    told: 'called',
    types: ['java.net.URL', 'java.net.URI'],
    uses: ['openConnection'],
    limits: ['setReadTimeout', 'setConnectTimeout', 'readTimeout', 'connectTimeout'],
  },
  // It opens a connection of which nobody can set limits ("Opens a connection … and returns an InputStream", URL of the JDK).
  {
    library: 'URL.openStream',
    told: 'called',
    types: ['java.net.URL'],
    uses: ['openStream'],
    limits: [],
  },
  {
    library: 'Apache HttpClient',
    told: 'made',
    types: [
      'org.apache.hc.client5.http.classic.HttpClient',
      'org.apache.hc.client5.http.impl.classic.CloseableHttpClient',
      'org.apache.http.client.HttpClient',
      'org.apache.http.impl.client.CloseableHttpClient',
      'org.apache.http.impl.client.DefaultHttpClient',
      'org.apache.commons.httpclient.HttpClient',
    ],
    uses: ['execute', 'executeMethod', 'executeOpen'],
    news: ['org.apache.http.impl.client.DefaultHttpClient', 'org.apache.commons.httpclient.HttpClient'],
    factories: [
      'org.apache.hc.client5.http.impl.classic.HttpClients.createDefault',
      'org.apache.hc.client5.http.impl.classic.HttpClients.createSystem',
      'org.apache.hc.client5.http.impl.classic.HttpClients.custom',
      'org.apache.hc.client5.http.impl.classic.HttpClientBuilder.create',
      'org.apache.http.impl.client.HttpClients.createDefault',
      'org.apache.http.impl.client.HttpClients.createSystem',
      'org.apache.http.impl.client.HttpClients.custom',
      'org.apache.http.impl.client.HttpClientBuilder.create',
    ],
    limits: apacheLimits,
  },
  {
    library: 'Apache HttpClient',
    told: 'called',
    types: ['org.apache.http.client.fluent.Request', 'org.apache.hc.client5.http.fluent.Request'],
    uses: ['execute'],
    limits: ['connectTimeout', 'socketTimeout', 'responseTimeout'],
  },
  {
    library: 'the JAX-RS client',
    told: 'made',
    types: [
      'jakarta.ws.rs.client.Client',
      'jakarta.ws.rs.client.WebTarget',
      'org.jboss.resteasy.client.jaxrs.ResteasyClient',
      'org.jboss.resteasy.client.jaxrs.ResteasyWebTarget',
    ],
    uses: ['target', 'request', 'proxy'],
    news: ['org.jboss.resteasy.client.jaxrs.ResteasyClientBuilder'],
    factories: ['jakarta.ws.rs.client.ClientBuilder.newClient', 'jakarta.ws.rs.client.ClientBuilder.newBuilder'],
    limits: ['connectTimeout', 'readTimeout', 'property', 'withConfig', 'socketTimeout', 'establishConnectionTimeout'],
  },
  {
    library: 'the Jersey client',
    told: 'made',
    types: ['com.sun.jersey.api.client.Client', 'com.sun.jersey.api.client.WebResource'],
    uses: ['resource', 'path'],
    factories: ['com.sun.jersey.api.client.Client.create'],
    limits: ['setReadTimeout', 'setConnectTimeout', 'setProperty'],
  },
  {
    library: 'Hutool HttpUtil',
    told: 'called',
    types: ['cn.hutool.http.HttpUtil'],
    uses: ['get', 'post'],
    limits: ['timeout', 'setTimeout'],
    everywhere: ['HttpGlobalConfig.setTimeout'],
  },
  {
    // `HttpUtil.createPost(url).body(text).execute()`; HttpRequest documentation: without `timeout` it waits as long as the connection.
    library: 'Hutool HttpRequest',
    told: 'called',
    types: ['cn.hutool.http.HttpUtil', 'cn.hutool.http.HttpRequest'],
    uses: ['execute', 'executeAsync'],
    limits: ['timeout', 'setConnectionTimeout', 'setReadTimeout', 'setConfig'],
    everywhere: ['HttpGlobalConfig.setTimeout'],
  },
  {
    library: 'gRPC',
    told: 'called',
    types: [],
    uses: ['newBlockingStub'],
    limits: ['withDeadlineAfter', 'withDeadline', 'withInterceptors', 'intercept', 'defaultServiceConfig'],
    everywhere: ['withDeadlineAfter', 'withDeadline', 'intercept', 'withInterceptors', 'defaultServiceConfig'],
  },
];

/** Request factories of Spring that have no limits before somebody sets them. */
export const openFactories: readonly string[] = [
  'SimpleClientHttpRequestFactory',
  'HttpComponentsClientHttpRequestFactory',
  'JdkClientHttpRequestFactory',
  'BufferingClientHttpRequestFactory',
].map((name) => `${spring}http.client.${name}`);

/** Beans from which the container makes its builders: what they set is not followed. */
export const builderParts: readonly string[] = [
  'ClientHttpRequestFactory',
  'ClientHttpRequestFactoryBuilder',
  'ClientHttpRequestFactorySettings',
  'HttpClientSettings',
  'ClientHttpConnector',
  'ClientHttpConnectorBuilder',
  'RestTemplateBuilder',
  'RestClient.Builder',
  'WebClient.Builder',
  'BeanPostProcessor',
];

/** Waiting for something with a limit, by the least number of arguments that such a call has. */
export const limitedWaits: Readonly<Record<string, number>> = {
  get: 2,
  block: 1,
  blockOptional: 1,
  blockFirst: 1,
  blockLast: 1,
  orTimeout: 2,
  completeOnTimeout: 3,
  invokeAll: 3,
  invokeAny: 3,
};
