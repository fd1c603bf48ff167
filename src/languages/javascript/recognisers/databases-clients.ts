/** Clients of backing services. Names, options and pool sizes are from the documentation of each library. Data only. */
export interface Client {
  readonly technology: string;
  /** Calls that make a client, by their way from the package. */
  readonly made: RegExp;
  /** Only these keep several connections; absent: every one of `made`. */
  readonly pooled?: RegExp;
  readonly pool?: { readonly options: readonly string[]; readonly size: number };
}
const plain = /^(?:default)?$/;

export const clients: Readonly<Record<string, Client>> = {
  pg: { technology: 'postgresql', made: /^(?:native\.)?(?:Pool|Client)$/, pooled: /Pool$/, pool: { options: ['max'], size: 10 } },
  'pg-promise': { technology: 'postgresql', made: /^\(\)$/, pool: { options: ['max'], size: 10 } },
  postgres: { technology: 'postgresql', made: plain, pool: { options: ['max'], size: 10 } },
  '@neondatabase/serverless': { technology: 'postgresql', made: /^(?:neon|Pool|Client)$/ },
  slonik: { technology: 'postgresql', made: /^createPool$/, pool: { options: ['maximumPoolSize'], size: 10 } },
  mysql: { technology: 'mysql', made: /^create(?:Pool|Connection)$/, pooled: /Pool$/, pool: { options: ['connectionLimit'], size: 10 } },
  mysql2: {
    technology: 'mysql',
    made: /^(?:promise\.)?create(?:Pool|Connection)$/,
    pooled: /Pool$/,
    pool: { options: ['connectionLimit'], size: 10 },
  },
  mariadb: {
    technology: 'mariadb',
    made: /^create(?:Pool|Connection)$/,
    pooled: /Pool$/,
    pool: { options: ['connectionLimit'], size: 10 },
  },
  mssql: { technology: 'mssql', made: /^(?:connect|ConnectionPool)$/, pool: { options: ['pool.max'], size: 10 } },
  oracledb: { technology: 'oracle', made: /^(?:createPool|getConnection)$/, pooled: /Pool$/, pool: { options: ['poolMax'], size: 4 } },
  mongodb: { technology: 'mongodb', made: /^MongoClient(?:\.connect)?$/, pool: { options: ['maxPoolSize', 'poolSize'], size: 100 } },
  mongoose: { technology: 'mongodb', made: /^(?:connect|createConnection)$/, pool: { options: ['maxPoolSize', 'poolSize'], size: 100 } },
  '@nestjs/mongoose': { technology: 'mongodb', made: /^MongooseModule\.forRoot(?:Async)?$/, pool: { options: ['maxPoolSize'], size: 100 } },
  monk: { technology: 'mongodb', made: plain },
  redis: { technology: 'redis', made: /^create(?:Client|Cluster)$/ },
  ioredis: { technology: 'redis', made: /^(?:default|Redis|Cluster|Redis\.Cluster)?$/ },
  bull: { technology: 'redis', made: plain },
  bullmq: { technology: 'redis', made: /^(?:Queue|Worker)$/ },
  memcached: { technology: 'memcached', made: plain },
  memjs: { technology: 'memcached', made: /^Client\.create$/ },
  amqplib: { technology: 'rabbitmq', made: /^(?:callback_api\.)?connect$/ },
  'amqp-connection-manager': { technology: 'rabbitmq', made: /^connect$/ },
  kafkajs: { technology: 'kafka', made: /^Kafka$/ },
  'kafka-node': { technology: 'kafka', made: /^KafkaClient$/ },
  nats: { technology: 'nats', made: /^connect$/ },
  mqtt: { technology: 'mqtt', made: /^connect(?:Async)?$/ },
  '@elastic/elasticsearch': { technology: 'elasticsearch', made: /^Client$/ },
  elasticsearch: { technology: 'elasticsearch', made: /^Client$/ },
  '@opensearch-project/opensearch': { technology: 'opensearch', made: /^Client$/ },
  'cassandra-driver': { technology: 'cassandra', made: /^Client$/ },
  'neo4j-driver': { technology: 'neo4j', made: /^driver$/ },
  influx: { technology: 'influxdb', made: /^InfluxDB$/ },
  '@influxdata/influxdb-client': { technology: 'influxdb', made: /^InfluxDB$/ },
  '@clickhouse/client': { technology: 'clickhouse', made: /^createClient$/ },
  nano: { technology: 'couchdb', made: plain },
  couchbase: { technology: 'couchbase', made: /^connect$/ },
  '@aws-sdk/client-dynamodb': { technology: 'dynamodb', made: /^DynamoDB(?:Client)?$/ },
  '@aws-sdk/client-s3': { technology: 's3', made: /^S3(?:Client)?$/ },
  '@aws-sdk/client-sqs': { technology: 'sqs', made: /^SQS(?:Client)?$/ },
  minio: { technology: 's3', made: /^Client$/ },
  '@google-cloud/storage': { technology: 'gcs', made: /^Storage$/ },
  '@azure/storage-blob': { technology: 'azure-blob', made: /^BlobServiceClient(?:\.fromConnectionString)?$/ },
  '@google-cloud/firestore': { technology: 'firestore', made: /^Firestore$/ },
  'firebase-admin': { technology: 'firestore', made: /^(?:app\.)?initializeApp$/ },
  nodemailer: { technology: 'smtp', made: /^createTransport$/ },
};

/** aws-sdk 2 holds all clients in one package. */
export const awsClients: Readonly<Record<string, string>> = {
  S3: 's3',
  DynamoDB: 'dynamodb',
  'DynamoDB.DocumentClient': 'dynamodb',
  SQS: 'sqs',
};

/** Stores that live in the process or in its files: the argument or option that names the file. */
export interface EmbeddedStore {
  readonly technology: string;
  readonly made: RegExp;
  /** Options that name the file; the first text argument otherwise. */
  readonly file?: readonly string[];
  /** Options that keep everything in memory when they are true. */
  readonly memory?: readonly string[];
  /** Without a file it lives in memory. */
  readonly memoryWithoutFile?: boolean;
  /** The file when none is named. */
  readonly fallback?: string;
}
export const embeddedStores: Readonly<Record<string, EmbeddedStore>> = {
  'better-sqlite3': { technology: 'sqlite', made: plain, memoryWithoutFile: true },
  sqlite3: { technology: 'sqlite', made: /^(?:verbose\(\)\.)?(?:cached\.)?Database$/ },
  sqlite: { technology: 'sqlite', made: /^(?:open|DatabaseSync)$/, file: ['filename'] },
  'bun:sqlite': { technology: 'sqlite', made: /^(?:default|Database)$/, memoryWithoutFile: true },
  nedb: { technology: 'nedb', made: plain, file: ['filename'], memory: ['inMemoryOnly'], memoryWithoutFile: true },
  '@seald-io/nedb': { technology: 'nedb', made: plain, file: ['filename'], memory: ['inMemoryOnly'], memoryWithoutFile: true },
  'nedb-promises': {
    technology: 'nedb',
    made: /^(?:default\.)?create$|^$/,
    file: ['filename'],
    memory: ['inMemoryOnly'],
    memoryWithoutFile: true,
  },
  lowdb: {
    technology: 'lowdb',
    made: /^(?:node\.)?(?:adapters\.FileSync|JSONFile(?:Sync)?(?:Preset)?)$|^adapters\.File(?:Sync|Async)(?:\.default)?$/,
  },
  lokijs: { technology: 'lokijs', made: plain },
  level: { technology: 'leveldb', made: /^(?:Level|default)?$/ },
  'classic-level': { technology: 'leveldb', made: /^ClassicLevel$/ },
  lmdb: { technology: 'lmdb', made: /^open$/, file: ['path'] },
  pouchdb: { technology: 'pouchdb', made: plain },
  'pouchdb-node': { technology: 'pouchdb', made: plain },
  'node-persist': { technology: 'node-persist', made: /^(?:init|initSync|create)$/, file: ['dir'], fallback: '.node-persist/storage' },
  'node-json-db': { technology: 'node-json-db', made: /^(?:JsonDB|Config)$/ },
  'simple-json-db': { technology: 'json-file', made: plain },
  'easy-json-database': { technology: 'json-file', made: plain },
  jsoning: { technology: 'json-file', made: plain },
  'node-localstorage': { technology: 'json-file', made: /^(?:JSONStorage|LocalStorage)$/ },
  enmap: { technology: 'sqlite', made: plain, file: ['name'], memory: ['inMemory'], memoryWithoutFile: true },
  '@keyv/sqlite': { technology: 'sqlite', made: plain },
  stormdb: { technology: 'stormdb', made: /^localFileEngine$/ },
  diskdb: { technology: 'diskdb', made: /^connect$/ },
  tingodb: { technology: 'tingodb', made: /^\(\)\.Db$/ },
  dirty: { technology: 'dirty', made: /^(?:Dirty|default)?$/, memoryWithoutFile: true },
  'quick.db': { technology: 'sqlite', made: /^QuickDB$/, fallback: 'json.sqlite' },
};
