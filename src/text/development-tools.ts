/** Commands that serve a program while people work on it. */
import type { Deployment, ProcessStep, Service } from '../types.ts';
import { programOf, type RunProcess } from './process-questions.ts';

/** Programs that exist for development alone. */
const always = new Set([
  'nodemon',
  'ts-node-dev',
  'tsnd',
  'node-dev',
  'supervisor-dev',
  'webpack-dev-server',
  'parcel-serve',
  'live-server',
  'browser-sync',
  'lite-server',
  'babel-node',
  'ts-node',
  'ts-node-esm',
  'swc-node',
  // Go is built anew at each change.
  'air',
  'CompileDaemon',
  'reflex',
  'gow',
]);
/** Programs with a subcommand that serves for development. */
const subcommands: Readonly<Record<string, RegExp>> = {
  next: /^dev$/,
  nuxt: /^dev$/,
  nuxi: /^dev$/,
  astro: /^dev$/,
  remix: /^(?:dev|vite:dev)$/,
  'react-router': /^dev$/,
  gatsby: /^develop$/,
  ng: /^serve$/,
  'vue-cli-service': /^serve$/,
  'react-scripts': /^start$/,
  'react-app-rewired': /^start$/,
  craco: /^start$/,
  webpack: /^serve$/,
  strapi: /^develop$/,
  medusa: /^develop$/,
  wrangler: /^dev$/,
  vite: /^(?:dev|serve)$/,
};
/** Goals and tasks of Java builds that compile the program and serve it from its sources. */
const servesSources: Readonly<Record<'maven' | 'gradle', RegExp>> = {
  maven:
    /^(?:[\w.-]+:)?(?:spring-boot|jetty|tomcat\d?|quarkus|mn|micronaut|liberty|wildfly|payara-micro|tomee|cargo|grails|appengine)(?:-maven-plugin)?(?::[\d.]+)?:(?:run|run-app|run-war|run-forked|run-exploded|dev|start)$/,
  gradle: /^(?:[\w:-]*:)?(?:bootRun|quarkusDev|appRun|appRunWar|jettyRun|jettyRunWar|tomcatRun|libertyRun|libertyDev)$/,
};
const javaBuilds: Readonly<Record<string, RegExp>> = {
  mvn: servesSources.maven,
  mvnw: servesSources.maven,
  gradle: servesSources.gradle,
  gradlew: servesSources.gradle,
};

/** `mvn spring-boot:run`, `./gradlew bootRun`. */
function javaTool(name: string, rest: readonly string[]): string | undefined {
  const goal = Object.hasOwn(javaBuilds, name) ? rest.find((word) => javaBuilds[name]!.test(word)) : undefined;
  return goal === undefined ? undefined : `${name} ${goal}`;
}

const watches = (step: ProcessStep): boolean =>
  step.words.includes('--watch') || step.words.some((word) => word.startsWith('--watch-path'));

/** `node build/dev-server.js`: how templates of webpack call the program that compiles and serves. */
const servesBundle = /(?:^|\/)(?:webpack[-.])?dev[-.]?server\.[cm]?[jt]s$/i;

/** What makes a step a development server; `undefined` when it is none. */
export function developmentTool(step: ProcessStep): string | undefined {
  const name = programOf(step);
  const rest = step.words.slice(1).filter((word) => !word.startsWith('-'));
  if (always.has(name)) return name;
  if (name === 'vite') return rest[0] === undefined || !/^(?:build|preview|optimize)$/.test(rest[0]) ? 'vite' : undefined;
  if (name in subcommands && rest[0] !== undefined && subcommands[name]!.test(rest[0])) return `${name} ${rest[0]}`;
  // `next` alone is `next dev` (Next.js documentation, "next CLI").
  if (name === 'next' && (rest[0] === undefined || /^\d+$/.test(rest[0]))) return 'next dev';
  if (name === 'node' && servesBundle.test(rest[0] ?? '')) return `node ${rest[0]!.slice(rest[0]!.lastIndexOf('/') + 1)}`;
  if (name === 'tsx' && (rest[0] === 'watch' || watches(step))) return 'tsx watch';
  if ((name === 'node' || name === 'nest' || name === 'tsc') && watches(step)) return `${name} --watch`;
  if (name === 'nest' && rest[0] === 'start') return 'nest start';
  const java = javaTool(name, rest);
  if (java !== undefined) return java;
  if (name === 'dotnet' && rest[0] === 'watch') return 'dotnet watch';
  if (name === 'fastapi' && rest[0] === 'dev') return 'fastapi dev';
  if ((name === 'uvicorn' || name === 'gunicorn') && step.words.includes('--reload')) return `${name} --reload`;
  if (
    name === 'node' &&
    step.words.some(
      (word, index) => /^(?:-r|--require|--loader|--import)$/.test(word) && /ts-node|@babel\/register/.test(step.words[index + 1] ?? ''),
    )
  )
    return 'ts-node';
  return undefined;
}

/**
 * A Compose file that starts a watcher where something else runs the program is how people develop:
 * what else its command does concerns nobody but them.
 */
export const isDevelopment = ({ by, process }: RunProcess, service: Service): boolean =>
  by === 'compose' &&
  (service.images.length > 0 || service.deployments.some(mountsSources)) &&
  process.steps.some((step) => !step.ends && developmentTool(step) !== undefined);

/** Runs what lies in the repository, not what an image holds. */
export const mountsSources = ({ platform, workload }: Deployment): boolean =>
  platform === 'compose' &&
  workload.value.volumes.some(({ type, source }) => type === 'bind' && source?.known === true && /^\.{1,2}(?:\/|$)/.test(source.value));
