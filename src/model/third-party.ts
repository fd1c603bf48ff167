import { lastSegment } from './path-tree.ts';

const databases = new Set(
  'postgres postgresql postgis timescaledb timescaledb-ha pgvector mysql mysql-server mariadb mariadb-galera percona percona-server percona-xtradb-cluster mongo mongodb mongodb-community-server redis redis-stack redis-stack-server redis-cluster valkey valkey-cluster valkey-sentinel redis-sentinel keydb dragonfly memcached rabbitmq kafka cp-kafka cp-server redpanda zookeeper cp-zookeeper nats nats-streaming activemq activemq-artemis artemis pulsar mosquitto emqx elasticsearch opensearch solr meilisearch typesense quickwit cassandra scylla cockroach clickhouse clickhouse-server influxdb neo4j arangodb couchdb couchbase eventstore eventstoredb kurrentdb ravendb dgraph etcd consul minio seaweedfs oracle database enterprise express oracle-free oracle-xe free server mssql-server mssql-server-linux mssql-server-windows mssql-server-windows-developer mssql-server-windows-express mssql azure-sql-edge sqlserver db2 questdb rethinkdb dynamodb-local orientdb hazelcast infinispan-server beanstalkd ferretdb documentdb-local azurite weaviate qdrant chroma milvus surrealdb singlestoredb tidb vitess yugabyte victoria-metrics firebird h2 hsqldb tibero tibero6 tibero7 cubrid altibase altibase7server informix-developer-database goldilocks'.split(
    ' ',
  ),
);
/** Names that are too common to stand for a product unless their registry or folder says so. */
const ambiguous: Readonly<Record<string, RegExp>> = {
  server: /mssql/,
  database: /oracle/,
  enterprise: /oracle/,
  express: /oracle/,
  free: /oracle/,
  mc: /minio/,
};
const products = new Set(
  'nginx nginx-unprivileged httpd apache traefik haproxy envoy caddy kong varnish squid oauth2-proxy keycloak vault adminer phpmyadmin pgadmin4 mongo-express redis-commander redisinsight prometheus grafana loki promtail tempo jaeger all-in-one alertmanager node-exporter cadvisor kube-state-metrics otel-collector opentelemetry-collector opentelemetry-collector-contrib fluentd fluent-bit logstash kibana filebeat metricbeat zipkin sentry statsd graphite datadog-agent agent newrelic mailhog mailpit maildev mailcatcher smtp4dev localstack wiremock mockserver selenium standalone-chrome standalone-firefox portainer watchtower dozzle busybox alpine ubuntu debian curl kubectl aws-cli cloud-sdk git socat wait-for-it dockerize cloudflared ngrok certbot nginx-proxy acme-companion letsencrypt-nginx-proxy-companion swagger-ui swagger-editor rabbitmq-exporter redis-exporter postgres-exporter redis_exporter mysqld-exporter kafka-ui akhq kafdrop schema-registry cp-schema-registry kafka-connect connect debezium gotenberg imgproxy unleash-server hasura graphql-engine temporal auto-setup ui airflow superset metabase sonarqube jenkins gitlab-ce vector telegraf chronograf ldap openldap clamav coturn livekit-server ollama inbucket spilo pgbouncer pgpool proxysql mongodb-exporter cloud-sql-proxy gce-proxy istio-proxy proxyv2 pilot supabase-studio portainer-ce dynamodb-admin elasticmq elasticmq-native local-kms temporalio-admin-tools n8n nats-box mc'.split(
    ' ',
  ),
);

/** `registry/org/name:tag@digest` without tag and digest. */
export function imageRepository(image: string): string {
  const plain = image.trim().split('@')[0]!;
  const slash = plain.lastIndexOf('/');
  const colon = plain.indexOf(':', slash + 1);
  return colon < 0 ? plain : plain.slice(0, colon);
}

/** The product that an image is known to hold, by its name; `undefined` for all other images. */
export function knownProduct(image: string): { readonly kind: 'database' | 'third-party'; readonly name: string } | undefined {
  const repository = imageRepository(image).toLowerCase();
  const name = lastSegment(repository);
  const needs = ambiguous[name];
  if (needs && Object.hasOwn(ambiguous, name) && !needs.test(repository)) return undefined;
  if (databases.has(name)) return { kind: 'database', name };
  const isProduct = products.has(name) || /^[a-z0-9]+(?:[-_][a-z0-9]+){0,4}[-_]exporter$/.test(name);
  return isProduct && !ownRegistry(repository, name) ? { kind: 'third-party', name } : undefined;
}

/** `acme/ui`, `ghcr.io/acme/agent`: a common word under somebody's own name is their own program. */
const commonWords = new Set(['ui', 'agent', 'connect', 'git', 'curl', 'apache', 'pilot', 'vector', 'kong', 'ldap']);
const ownRegistry = (repository: string, name: string): boolean =>
  commonWords.has(name) && repository.includes('/') && !/^(?:docker\.io\/)?library\//.test(repository);
