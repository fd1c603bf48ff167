/** Where libraries take secrets: options and arguments, from the documentation of each. Data only. */
import type { SecretUse } from '../../../text/secret-literals.ts';

export interface SecretSink {
  readonly packages: readonly string[];
  /** The way from the package to the call; absent: any. */
  readonly path?: RegExp;
  /** Arguments that are the secret themselves. */
  readonly arguments?: readonly number[];
  /** Options that are; any argument may hold them. */
  readonly options?: RegExp;
  /** Options whose every value is one: passwords by user. */
  readonly tables?: RegExp;
  readonly use: SecretUse;
}

export const secretSinks: readonly SecretSink[] = [
  {
    packages: [
      'express-session',
      'cookie-session',
      'client-sessions',
      'next-session',
      'koa-session',
      'koa-generic-session',
      'iron-session',
      '@fastify/session',
      'fastify-session',
      '@fastify/secure-session',
      'fastify-secure-session',
      '@mgcrea/fastify-session',
      '@hapi/yar',
      'yar',
      '@hapi/cookie',
      '@fastify/cookie',
      'fastify-cookie',
    ],
    options: /^(?:secret|secrets|keys|password)$/,
    use: 'signing',
  },
  // What a visitor types is handed to `signIn` of next-auth as `password`.
  { packages: ['@remix-run/node', 'react-router', 'next-auth'], options: /^secrets?$/, use: 'signing' },
  { packages: ['cookie-parser'], path: /^(?:default)?$/, arguments: [0], use: 'signing' },
  { packages: ['jsonwebtoken', 'jwt-simple', 'jws'], path: /(?:^|\.)(?:sign|verify|encode|decode)$/, arguments: [1], use: 'signing' },
  {
    packages: ['passport-jwt', '@nestjs/jwt', '@nestjs/passport', '@fastify/jwt', 'fastify-jwt', 'hapi-auth-jwt2', '@hapi/jwt'],
    options: /^(?:secret|secretOrKey|privateKey|key)$/,
    use: 'signing',
  },
  // Their `key` is where the token is put.
  { packages: ['express-jwt', 'koa-jwt'], options: /^secret$/, use: 'signing' },
  { packages: ['hono'], path: /(?:^|\.)(?:jwt|sign|verify|bearerAuth)$/, options: /^(?:secret|token)$/, arguments: [1], use: 'signing' },
  {
    packages: ['crypto'],
    path: /(?:^|\.)(?:createCipheriv|createDecipheriv|createCipher|createDecipher)$/,
    arguments: [1],
    use: 'signing',
  },
  { packages: ['crypto'], path: /(?:^|\.)createHmac$/, arguments: [1], use: 'hash' },
  { packages: ['crypto-js'], path: /\.(?:encrypt|decrypt)$/, arguments: [1], use: 'signing' },
  { packages: ['crypto-js'], path: /^Hmac\w+$/, arguments: [1], use: 'hash' },
  {
    packages: [
      'pg',
      'mysql',
      'mysql2',
      'mariadb',
      'mssql',
      'tedious',
      'oracledb',
      'redis',
      'ioredis',
      'knex',
      'typeorm',
      '@nestjs/typeorm',
      'sequelize-typescript',
      '@nestjs/sequelize',
      '@mikro-orm/core',
      '@mikro-orm/nestjs',
      'mongodb',
      'mongoose',
      'ldapjs',
      'ssh2',
      'ssh2-sftp-client',
      'ftp',
      'basic-ftp',
      '@elastic/elasticsearch',
      '@opensearch-project/opensearch',
      'kafkajs',
      'amqplib',
      'amqp-connection-manager',
      'mqtt',
      'bull',
      'bullmq',
      '@nestjs/bull',
      '@nestjs/bullmq',
      'nodemailer',
      '@nestjs-modules/mailer',
      'nodemailer-smtp-transport',
      'emailjs',
      'neo4j-driver',
      'cassandra-driver',
      'connect-redis',
      'connect-mongo',
      'connect-pg-simple',
      'express-mysql-session',
      'express-basic-auth',
    ],
    options: /^(?:password|pass|passwd|pwd)$/,
    use: 'password',
  },
  { packages: ['express-basic-auth', '@fastify/basic-auth'], tables: /^users$/, use: 'password' },
  { packages: ['sequelize'], path: /^(?:Sequelize|default)?$/, arguments: [2], options: /^password$/, use: 'password' },
  { packages: ['stripe', '@sendgrid/client'], path: /^(?:default|Stripe)?$/, arguments: [0], use: 'key' },
  { packages: ['twilio'], path: /^(?:default|Twilio)?$/, arguments: [1], use: 'key' },
  { packages: ['@sendgrid/mail', '@sendgrid/client'], path: /setApiKey$/, arguments: [0], use: 'key' },
  {
    packages: [
      'aws-sdk',
      '@aws-sdk/',
      'minio',
      'cloudinary',
      'openai',
      '@anthropic-ai/sdk',
      'mailgun.js',
      'mailgun-js',
      'pusher',
      'razorpay',
      'algoliasearch',
      '@octokit/rest',
      '@slack/web-api',
      '@slack/bolt',
    ],
    options: /^(?:secretAccessKey|secretKey|api_?secret|apiKey|key_secret|auth|token|signingSecret|secret|sessionToken)$/,
    use: 'key',
  },
  {
    packages: [
      'passport-google-oauth20',
      'passport-google-oauth',
      'passport-github',
      'passport-github2',
      'passport-facebook',
      'passport-twitter',
      'passport-linkedin-oauth2',
      'passport-oauth2',
      'passport-openidconnect',
      'passport-azure-ad',
      'passport-discord',
      'passport-microsoft',
      'passport-auth0',
      'express-openid-connect',
      'openid-client',
      '@azure/identity',
      '@azure/msal-node',
    ],
    options: /^(?:clientSecret|consumerSecret|client_secret|secret)$/,
    use: 'key',
  },
];

export const sinkPackages: readonly string[] = [...new Set(secretSinks.flatMap(({ packages }) => packages))];

const sinksByPackage = new Map<string, readonly SecretSink[]>();

/** The sinks of a package, also those of its whole scope. A program has many more calls than packages. */
export function sinksOf(name: string): readonly SecretSink[] {
  let found = sinksByPackage.get(name);
  if (!found) {
    found = secretSinks.filter(({ packages }) => packages.some((own) => (own.endsWith('/') ? name.startsWith(own) : own === name)));
    sinksByPackage.set(name, found);
  }
  return found;
}
