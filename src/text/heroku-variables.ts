/** What joins an app.json to the Procfile beside it: the name of its variables. */
export const herokuVariables = (path: string): string => `app.json of /${path.slice(0, Math.max(0, path.lastIndexOf('/')))}`;

/** The variable that an add-on sets (Elements Marketplace, the page of each); `as` gives it another name. */
const addons: Readonly<Record<string, string>> = {
  'heroku-postgresql': 'DATABASE_URL',
  'heroku-redis': 'REDIS_URL',
  'heroku-kafka': 'KAFKA_URL',
  rediscloud: 'REDISCLOUD_URL',
  redistogo: 'REDISTOGO_URL',
  openredis: 'OPENREDIS_URL',
  mongolab: 'MONGODB_URI',
  mongohq: 'MONGOHQ_URL',
  cloudamqp: 'CLOUDAMQP_URL',
  memcachier: 'MEMCACHIER_SERVERS',
  memcachedcloud: 'MEMCACHEDCLOUD_SERVERS',
  bonsai: 'BONSAI_URL',
  searchbox: 'SEARCHBOX_URL',
  cleardb: 'CLEARDB_DATABASE_URL',
  jawsdb: 'JAWSDB_URL',
  'jawsdb-maria': 'JAWSDB_MARIA_URL',
  cloudinary: 'CLOUDINARY_URL',
  sendgrid: 'SENDGRID_API_KEY',
};

export function addonVariable(plan: string, as: string | undefined): string | undefined {
  const name = plan.split(':')[0]!.trim().toLowerCase();
  if (!Object.hasOwn(addons, name)) return undefined;
  return as ? `${as}_${addons[name]!.split('_').at(-1)}` : addons[name];
}
