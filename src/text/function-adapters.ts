/** Libraries that let a platform for functions call the server of a program: then nothing listens where it is deployed. */
import type { PackageManifest } from '../facts.ts';
import type { Service } from '../types.ts';

const npm = new Set([
  'serverless-http',
  '@vendia/serverless-express',
  '@codegenie/serverless-express',
  'aws-serverless-express',
  '@fastify/aws-lambda',
  'aws-serverless-fastify',
  'aws-lambda-fastify',
  'aws-serverless-koa',
]);
const python = /^(?:mangum|apig_wsgi|awsgi|aws_lambda_wsgi|serverless_wsgi|chalice|zappa)(?:\.|$)/;
const nuget = /^Amazon\.Lambda\.AspNetCoreServer(?:\.|$)/i;
/** `group:artifact` of Maven. */
const maven =
  /^(?:com\.amazonaws\.serverless:aws-serverless-java-container|io\.micronaut\.aws:micronaut-function-aws|io\.quarkus:quarkus-amazon-lambda|org\.springframework\.cloud:spring-cloud-function-adapter|org\.http4k:http4k-serverless)/;

const namedBy = ({ dependencies, dotnet, build }: PackageManifest): boolean =>
  Object.keys(dependencies).some((name) => npm.has(name)) ||
  (dotnet?.packages ?? []).some(({ name }) => nuget.test(name)) ||
  (build?.dependencies ?? []).some(({ group, artifact }) => maven.test(`${group}:${artifact}`));

/** True when the program brings such a library: by its package, or by what its modules import. */
export const adaptsToFunctions = ({ package: manifest, code }: Service): boolean =>
  (manifest !== undefined && namedBy(manifest.value)) ||
  code.all('module').some(({ value }) => value.imports.some((name) => npm.has(name) || python.test(name)));
