/** Clients of backing services: where they take addresses. From the documentation of each library. Data only. */
import type { FactValues } from '../../../facts.ts';

export interface AddressClient {
  readonly packages: readonly string[];
  readonly role: FactValues['endpoint']['role'];
  /** Port that the client uses when none is given. */
  readonly port?: number;
  /** The way from the package to the call; absent: constructors and functions of the module. */
  readonly path?: RegExp;
}

export const addressClients: readonly AddressClient[] = [
  { packages: ['pg', 'pg-promise', 'postgres', 'connect-pg-simple', 'pg-boss'], role: 'database', port: 5432 },
  { packages: ['mysql', 'mysql2', 'mariadb', 'express-mysql-session'], role: 'database', port: 3306 },
  { packages: ['mongodb', 'mongoose', 'connect-mongo', '@nestjs/mongoose', 'monk', 'agenda', 'mongoist'], role: 'database', port: 27017 },
  { packages: ['mssql', 'tedious'], role: 'database', port: 1433 },
  {
    packages: [
      'knex',
      'sequelize',
      'sequelize-typescript',
      '@nestjs/sequelize',
      'typeorm',
      '@nestjs/typeorm',
      '@mikro-orm/core',
      '@mikro-orm/nestjs',
      'neo4j-driver',
      'cassandra-driver',
      'nano',
      'arangojs',
      'influx',
      '@influxdata/influxdb-client',
    ],
    role: 'database',
  },
  { packages: ['@elastic/elasticsearch', 'elasticsearch', '@opensearch-project/opensearch', 'meilisearch'], role: 'database', port: 9200 },
  {
    packages: [
      'redis',
      'ioredis',
      'connect-redis',
      'bull',
      'bullmq',
      '@nestjs/bull',
      '@nestjs/bullmq',
      'bee-queue',
      'kue',
      'socket.io-redis',
      'rate-limit-redis',
      '@keyv/redis',
    ],
    role: 'cache',
    port: 6379,
  },
  { packages: ['memcached', 'memjs'], role: 'cache', port: 11211 },
  { packages: ['amqplib', 'amqp-connection-manager', 'amqp', 'rhea', 'rascal', '@golevelup/nestjs-rabbitmq'], role: 'broker', port: 5672 },
  { packages: ['kafkajs', 'node-rdkafka', 'kafka-node', '@confluentinc/kafka-javascript'], role: 'broker', port: 9092 },
  // Its transports are brokers and plain sockets alike.
  {
    packages: ['@nestjs/core', '@nestjs/microservices'],
    path: /(?:^|\.)(?:connectMicroservice|createMicroservice|ClientsModule\.register|ClientProxyFactory\.create)$/,
    role: 'unknown',
  },
  { packages: ['kurento-client'], path: /^(?:default|getSingleton)?$/, role: 'unknown', port: 8888 },
  { packages: ['nats', 'node-nats-streaming'], role: 'broker', port: 4222 },
  { packages: ['mqtt'], role: 'broker', port: 1883 },
  { packages: ['nodemailer', '@nestjs-modules/mailer', 'nodemailer-smtp-transport', 'emailjs'], role: 'unknown', port: 25 },
  { packages: ['ldapjs', 'ldapts', 'activedirectory2'], role: 'unknown', port: 389 },
  { packages: ['eureka-js-client', 'consul', 'node-zookeeper-client'], role: 'unknown' },
  {
    packages: [
      'axios',
      '@nestjs/axios',
      'got',
      'node-fetch',
      'undici',
      'request',
      'request-promise',
      'request-promise-native',
      'superagent',
      'needle',
      'ky',
      'http-proxy',
      'http-proxy-middleware',
      'express-http-proxy',
      '@fastify/http-proxy',
      '@fastify/reply-from',
      'h2o2',
      '@grpc/grpc-js',
      'grpc',
      'soap',
      'graphql-request',
      '@apollo/gateway',
      'socket.io-client',
      'zipkin-transport-http',
      'openai',
    ],
    role: 'http',
  },
  { packages: [''], path: /^fetch$/, role: 'http' },
  { packages: ['http', 'https'], path: /^(?:request|get)$/, role: 'http' },
];

export const clientPackages: readonly string[] = [...new Set(addressClients.flatMap(({ packages }) => packages))].filter(Boolean);
/** Options that hold an address or a host. */
export const addressOptions =
  /^(?:ur[il]s?|host|hosts|hostname|hostnames|server|servers|node|nodes|brokers|bootstrap\.servers|metadata\.broker\.list|kafkaHost|contactPoints|baseURL|baseUrl|prefixUrl|target|upstream|endpoint|connectionString|connection|mongoUrl|dbURI|redis|address|serviceUrl|wsdl|seeds)$/;
