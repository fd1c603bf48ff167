/** YAML that Java programs read under names of their own: what a config server of Spring serves, and configurations of Dropwizard. */

const yaml = /\.ya?ml$/i;
const inResources = /(?:^|\/)src\/main\/resources\/(?:[^/]+\/){0,3}[^/]*(?:conf|repo|shared|propert)[^/]*\/(?:[^/]+\/)?[^/]+$/i;
const inConfigFolder = /(?:^|\/)[^/]*config[^/]*\/(?:[^/]+\/)?[^/]+$/i;
const ofSpring = /^(?:spring|eureka)\s*[:.]/m;
const ofSpringToo = /^(?:spring|server|management|eureka)\s*[:.]/m;
const ofKubernetes = /^(?:apiVersion|kind):/m;

export const mayBeServed = (path: string): boolean => yaml.test(path) && (inResources.test(path) || inConfigFolder.test(path));
/** The name of the file is that of a program: `config-repository/orders.yml`. */
export const isServed = (path: string, text: string): boolean =>
  (inResources.test(path) ? ofSpringToo : inConfigFolder.test(path) ? ofSpring : undefined)?.test(text) === true &&
  !ofKubernetes.test(text);

const profileSuffix =
  /^(.+)-(dev|develop|development|local|localhost|test|qa|uat|sit|stage|staging|prod|production|live|docker|compose|kubernetes|k8s|native|cloud|aws|azure|gcp|default)$/i;
/** `orders-docker` → the program and the profile. */
export function servedName(name: string): readonly [string, string | undefined] {
  const match = profileSuffix.exec(name);
  return match ? [match[1]!, match[2]!] : [name, undefined];
}

const usualName = /(?:conf|setting|server|service|dropwizard|app)[^/]*$|(?:^|\/)(?:conf|configs?|configuration|resources)\/[^/]+$/i;
export const mayBeDropwizard = (path: string): boolean => yaml.test(path) && usualName.test(path);
/** Keys that nothing else has: of its connectors, and of its pool. */
export const isDropwizard = (text: string): boolean =>
  /^(?:server|database|logging)\s*:/m.test(text) &&
  /^\s{1,8}(?:driverClass|applicationConnectors|adminConnectors)\s*:/m.test(text) &&
  !ofKubernetes.test(text);
