import { copiesText, levelByCopies } from '../../src/text/copies-questions.ts';
import { type Deployment, defineRule, type Service } from '../../src/types.ts';

/** Its name says that something else is taken where it is given. */
const isFallback = (name: string): boolean => /fallback|default/i.test(name);

/** Platforms that start a copy with an empty home folder. App Service keeps the one of its apps, for all their instances. */
const fresh: readonly Deployment['platform'][] = ['kubernetes', 'compose', 'ecs', 'cloud-run', 'cloud-foundry', 'heroku'];

/** The folder, one above it, or the whole home is on a volume. */
const isOnVolume = ({ container }: Deployment, folder: string): boolean =>
  container.mounts.some(({ path }) => {
    const mounted = path.known ? path.value.replace(/\/+$/, '') : '';
    const parts = folder.split('/');
    return (
      !path.known ||
      /^\/(?:root|home\/[\w-]+)$/.test(mounted) ||
      parts.some((_, at) => mounted.endsWith(`/${parts.slice(0, at + 1).join('/')}`))
    );
  });

/** True where each copy starts without what the one before it has kept at home. */
const isLost = (service: Service, folder: string): boolean => {
  const { deployments, images } = service;
  if (deployments.length === 0) return images.length > 0;
  return deployments.every((one) => fresh.includes(one.platform) && !isOnVolume(one, folder));
};

/** Every copy whose variables are all known is given it, and one of them is, so that none makes a secret of its own. */
const isGiven = ({ deployments }: Service, env: string | undefined): boolean => {
  const released = deployments.filter(({ purpose }) => purpose !== 'development' && purpose !== 'test');
  const served = released.length > 0 ? released : deployments;
  const gives = ({ environment }: Deployment): boolean =>
    environment.given.some(({ name, value }) => name === env && !(value?.known === true && value.value === ''));
  return env !== undefined && served.some(gives) && served.every((one) => gives(one) || !one.environment.complete);
};

export default defineRule({
  summary: 'a signing secret is made anew by every process',
  factors: [3, 6],
  level: 'error',
  effort: 1,
  docs: {
    what: 'The secret that signs sessions, tokens or cookies is random and made when the process starts, or is the fallback when a variable is not set. Keys of Data Protection (ASP.NET Core) count as well, which encrypt cookies and lie in the home folder of a container, where no volume keeps it.',
    why: 'Each replica signs with its own secret and rejects what the others have signed; every restart makes all sessions and tokens invalid.',
    how: 'Give all replicas the same secret from the environment or a secret manager, and stop the start when it is missing.',
    bad: "app.use(session({ secret: crypto.randomBytes(32).toString('hex') }));",
    good: 'app.use(session({ secret: process.env.SESSION_SECRET }));',
    references: ['https://12factor.net/config', 'https://kubernetes.io/docs/concepts/configuration/secret/'],
  },
  messages: {
    scaled: {
      text: '`{name}` is made at random when the process starts, and {scaled}.',
      consequence: 'Tokens and sessions that one replica signs are rejected by the others.',
      next: 'Give all replicas the same secret from the environment.',
    },
    one: {
      text: '`{name}` is made at random when the process starts.',
      consequence: 'Every restart makes all tokens and sessions invalid, and a second replica would reject those of the first.',
      next: 'Give all replicas the same secret from the environment.',
    },
    fallback: {
      text: '`{name}` is made at random when `{env}` is not set.',
      consequence: 'Without the variable each replica signs with its own secret and rejects what the others signed.',
      next: 'Set `{env}` for all replicas, and stop the start when it is missing.',
    },
    keysScaled: {
      text: '{name} are made by each copy for itself, and {scaled}.',
      consequence: 'Cookies and form tokens that one replica issues are rejected by the others.',
      next: 'Keep the keys where all replicas read them, such as a database or Redis (`AddDataProtection().PersistKeysTo…`).',
    },
    keys: {
      text: '{name} are made by each copy for itself.',
      consequence: 'Every deploy makes all cookies and form tokens invalid, and a second replica would reject those of the first.',
      next: 'Keep the keys where all replicas read them, such as a database or Redis (`AddDataProtection().PersistKeysTo…`).',
    },
  },
  checkService(service, report) {
    for (const fact of service.code.all('secret')) {
      const { origin, what, env, home } = fact.value;
      if (origin !== 'generated' || isGiven(service, env) || (home !== undefined && !isLost(service, home))) continue;
      const many = service.copies.count === 'many';
      const isKeptAtHome = home !== undefined;
      report({
        message: isKeptAtHome ? (many ? 'keysScaled' : 'keys') : env ? 'fallback' : many ? 'scaled' : 'one',
        data: { name: what, env: env ?? '', scaled: copiesText(service) },
        place: fact.place,
        related: service.copies.evidence,
        level: levelByCopies(service, env || isKeptAtHome || isFallback(what) ? 'warning' : 'error'),
        subject: what,
      });
    }
  },
});
