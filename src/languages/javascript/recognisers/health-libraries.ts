/** What libraries of one purpose answer: at which paths, which option names another, and which one asks for the route at all. */
export const healthLibraries: Readonly<
  Record<string, { readonly paths: readonly string[]; readonly option?: string; readonly requires?: string }>
> = {
  'express-actuator': { paths: ['/health', '/info', '/metrics'] },
  'fastify-healthcheck': { paths: ['/health'], option: 'healthcheckUrl' },
  'fastify-custom-healthcheck': { paths: ['/health'], option: 'path' },
  '@fastify/under-pressure': { paths: ['/status'], requires: 'exposeStatusRoute' },
  'under-pressure': { paths: ['/status'], requires: 'exposeStatusRoute' },
  'koa-simple-healthcheck': { paths: ['/healthcheck'], option: 'path' },
  'koa-ping': { paths: ['/ping'] },
  'express-ping': { paths: ['/ping'] },
  'hapi-alive': { paths: ['/health'], option: 'path' },
  'hapi-and-healthy': { paths: ['/health'] },
  'kube-probe': { paths: ['/healthz', '/readyz'] },
  'nestjs-health': { paths: ['/health'] },
};

/** Frameworks with a health route of their own, where they put it by default. */
export const builtInHealth: Readonly<Record<string, readonly string[]>> = {
  '@strapi/strapi': ['/_health'],
  'parse-server': ['/health'],
  '@medusajs/medusa': ['/health'],
  'graphql-yoga': ['/health'],
  'apollo-server': ['/.well-known/apollo/server-health'],
  'apollo-server-express': ['/.well-known/apollo/server-health'],
  'apollo-server-koa': ['/.well-known/apollo/server-health'],
  'apollo-server-fastify': ['/.well-known/apollo/server-health'],
};
