import { defineRule } from '../../src/types.ts';

const messageOf = {
  map: 'map',
  file: 'file',
  sample: 'sample',
  origins: 'origins',
  profile: 'profile',
  settings: 'settings',
  build: 'build',
  debug: 'debug',
  hosts: 'hosts',
  sender: 'sender',
} as const;
/** One value of one deployment, not a whole set of them. */
const minor = new Set<string>(['origins', 'hosts', 'sender']);

export default defineRule({
  summary: 'settings of a deployment are part of the code',
  factors: [3, 10],
  level: 'warning',
  effort: 3,
  docs: {
    what: 'Settings are chosen by the name of an environment from files or maps that ship with the code, and the production ones hold addresses that no variable can replace; the committed sample `.env` file is loaded when the program runs; profiles of the build (Maven) pack other resources each; or the debug mode, the host names, the origins that may call the service, or the address that its mail comes from are constants in the only settings. Toggles of logging or error pages by NODE_ENV are left out.',
    why: 'A new deployment (a region, a customer, a preview) needs a new entry in the code and a new build, and the number of named environments grows with each.',
    how: 'Read each value from its own variable, with one set of defaults, and let the deployment set it.',
    bad: "module.exports = { development: {…}, production: { api: 'https://api.acme.com' } }[process.env.NODE_ENV];",
    good: 'module.exports = { api: process.env.API_URL };',
    references: ['https://12factor.net/config'],
  },
  messages: {
    map: {
      text: 'Settings are chosen by the name of the environment from entries in code: {environments}.',
      consequence: 'A new deployment needs a new entry and a new build.',
      next: 'Read each value from its own variable and let the deployment set it.',
    },
    file: {
      text: 'The settings of {environments} ship with the code, addresses included.',
      consequence: 'A new deployment needs a new file and a new build.',
      next: 'Map the values to variables (`custom-environment-variables` of node-config) and let the deployment set them.',
    },
    profile: {
      text: 'The settings of profile {environments} are packed into the artefact, addresses included.',
      consequence: 'A new deployment needs a new file and a new build.',
      next: 'Keep one set of defaults and let variables of the deployment replace them (`SPRING_DATASOURCE_URL`).',
    },
    settings: {
      text: 'The settings of {environments} are packed into the artefact, addresses included.',
      consequence: 'A new deployment needs a new file and a new build.',
      next: 'Keep one set of defaults and let variables of the deployment replace them (`ConnectionStrings__Shop`).',
    },
    build: {
      text: 'The build packs other settings for each environment: {environments}.',
      consequence: 'What was tested is not what runs in production: each environment has an artefact of its own.',
      next: 'Build once, and let variables of the deployment replace the settings that differ.',
    },
    sample: {
      text: 'The committed sample environment file is loaded when the program runs.',
      consequence: 'In production every variable that is not set takes its sample value, secrets included.',
      next: 'Load `.env` in development only, and keep the sample as documentation.',
    },
    origins: {
      text: 'The origins that may call the service are fixed in code.',
      consequence: 'A deployment under another domain needs a new build.',
      next: 'Read the list from the environment.',
    },
    debug: {
      text: 'Debug mode is switched on in the only settings, and no variable switches it off.',
      consequence: 'Every deployment shows its settings in error pages and keeps each query in memory.',
      next: 'Read it from the environment, and let it be off where nothing is said.',
    },
    hosts: {
      text: 'The host names that the service answers to are fixed in code.',
      consequence: 'Under another name, also the one that a health check uses, every request is refused.',
      next: 'Read the list from the environment.',
    },
    sender: {
      text: 'The address that mail comes from is fixed in code.',
      consequence: 'A deployment for another domain needs a new build.',
      next: 'Read it from the environment.',
    },
  },
  checkService(service, report, repository) {
    for (const { value, place, confidence } of service.code.all('environment-config')) {
      const message = messageOf[value.how as keyof typeof messageOf];
      if (!message || repository.roleOf(place.path) !== 'production') continue;
      report({
        message,
        data: { environments: value.environments.map((name) => `\`${name}\``).join(', ') },
        place,
        related: value.example
          ? [{ place: value.example, message: message === 'build' ? 'another environment' : 'this value is fixed for production' }]
          : [],
        level: minor.has(message) ? 'note' : 'warning',
        confidence,
        subject: message,
      });
    }
  },
});
