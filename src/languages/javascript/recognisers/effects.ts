import type { CallSite, ProgramView } from '../recogniser.ts';

/** Methods by which database clients and mappers change data; distinct enough to be known without their library. */
export const writingMethods = [
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'deleteOne',
  'deleteMany',
  'replaceOne',
  'bulkWrite',
  'findOneAndUpdate',
  'findByIdAndUpdate',
  'findByIdAndDelete',
  'findOneAndDelete',
  'createMany',
  'upsert',
  'bulkCreate',
  'sendMail',
  'sendEmail',
  'sendMessage',
  'executeRawUnsafe',
];
const named = new Set(writingMethods);

/** Clients of databases and mappers, whose methods of these names write. */
const databases =
  /^(?:@prisma\/client|prisma|mongoose|mongodb|typeorm|@nestjs\/typeorm|@nestjs\/mongoose|sequelize|sequelize-typescript|knex|objection|drizzle-orm|@mikro-orm\/.*|kysely|@supabase\/supabase-js|firebase-admin|@google-cloud\/firestore|bookshelf|waterline)$/;
const databaseWrites =
  /^(?:create\w*|insert\w*|update\w*|upsert\w*|delete\w*|destroy|remove\w*|save|increment|decrement|persistAndFlush|\$executeRaw(?:Unsafe)?)$/;
/** Clients that send something to people or other systems. */
const senders =
  /^(?:nodemailer|@sendgrid\/mail|mailgun\.js|mailgun-js|resend|postmark|@aws-sdk\/client-(?:ses|sesv2|sns|sqs)|twilio|firebase-admin|web-push|stripe|@slack\/web-api|kafkajs|amqplib|bull|bullmq|node-telegram-bot-api|telegraf)$/;
const sends = /^(?:send\w*|create\w*|add|addBulk|publish\w*|postMessage|charge|sendToQueue|emit)$/;
const httpClients = /^(?:axios|got|node-fetch|undici|superagent|ky|request|request-promise|request-promise-native|needle|@nestjs\/axios|)$/;

/** A query as text that changes data. */
const isWritingText = (call: CallSite): boolean =>
  /^(?:query|execute|exec|run|raw|none)$/.test(call.name) &&
  call.args.some((argument) => {
    const head = argument.is === 'text' ? argument.parts[0] : argument;
    return (
      head?.is === 'literal' && typeof head.value === 'string' && /^\s*(?:insert|update|delete|merge|call|truncate)\b/i.test(head.value)
    );
  });

/** Sends something over HTTP to another service. */
export function posts(call: CallSite): boolean {
  if (!httpClients.test(call.package ?? 'unknown')) return false;
  if (/(?:^|\.)(?:post|put|patch|delete)$/.test(call.path) && call.package !== '') return true;
  if (call.package === '' && call.path !== 'fetch') return false;
  const method = call.args.flatMap((argument) => (argument.is === 'object' ? (argument.properties['method'] ?? []) : []))[0];
  return method?.is === 'literal' && typeof method.value === 'string' && /^(?:post|put|patch|delete)$/i.test(method.value);
}

/** The call changes data that all replicas share, or reaches people or other systems. */
export function changesSharedData(call: CallSite): boolean {
  const library = call.package ?? '';
  if (databases.test(library) && call.on !== undefined && databaseWrites.test(call.name)) return true;
  if (senders.test(library) && sends.test(call.name)) return true;
  return named.has(call.name) || isWritingText(call) || posts(call);
}

const harmless =
  /^(?:console|winston|pino|bunyan|loglevel|log4js|prom-client|@opentelemetry\/.*|fs|fs-extra|fs\/promises|rimraf|os|path|process|dayjs|moment|date-fns|v8|@nestjs\/config|config|nconf|convict)$/;
/** `pool.query('SELECT 1')`: asks whether the own connection works. */
const isPing = ({ name, args: [first] }: CallSite): boolean =>
  /^(?:query|execute|raw|\$queryRaw\w*)$/.test(name) &&
  first?.is === 'literal' &&
  typeof first.value === 'string' &&
  /^\s*select\s+1\s*(?:from dual\s*)?;?\s*$/i.test(first.value);

/** Logging, metrics, clean-up of the own disk and arithmetic: fine on each replica. */
export const isHarmless = (call: CallSite): boolean =>
  isPing(call) ||
  (call.package === '@nestjs/common' && /^Logger\b/.test(call.path)) ||
  (call.package !== undefined && (call.package === '' ? !/^fetch$/.test(call.path) : harmless.test(call.package)));

/** Calls made by functions and by what they call. */
export function callsBy(program: ProgramView, functions: readonly string[]): CallSite[] {
  const seen = new Set<CallSite>();
  for (const id of program.reached(functions)) for (const call of program.callsWithin(id)) seen.add(call);
  return [...seen];
}

const removesFile = /^(?:unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync|remove|removeSync|emptyDir|emptyDirSync)$/;
const files = /^(?:fs|fs-extra|fs\/promises|graceful-fs|rimraf|del)$/;
/** Asks for a setting, or tells what it does. */
const isAside = ({ package: library, path, name, on }: CallSite): boolean =>
  library === '@nestjs/config' ||
  (library === '@nestjs/common' && /^Logger\b/.test(path)) ||
  (library === undefined &&
    on?.is === 'member' &&
    (name === 'get' ? /config/i.test(on.name) : /log(?:ger)?$/i.test(on.name) && /^(?:log|debug|info|warn|error|verbose)$/.test(name)));
/** `fs.removeSync(oldLog)`, and nothing else that reaches beyond this copy: each has its own disk to tidy up. */
const tidiesDisk = (calls: readonly CallSite[]): boolean =>
  calls.some(
    ({ package: library, name }) => library !== undefined && files.test(library) && (removesFile.test(name) || library === 'del'),
  ) && calls.every((call) => isHarmless(call) || isAside(call) || call.callee.is === 'function');

const deletes =
  /^(?:delete(?:One|Many|All|From|Where)?|destroy|remove|findOneAndDelete|findByIdAndDelete|findByIdAndRemove|findOneAndRemove|deleteRecords?)$/;
/** A query as text that only takes rows away. */
const isDeletingText = (call: CallSite): boolean =>
  isWritingText(call) &&
  call.args.some((argument) => {
    const head = argument.is === 'text' ? argument.parts[0] : argument;
    return head?.is === 'literal' && typeof head.value === 'string' && /^\s*delete\b/i.test(head.value);
  });
/** All that it changes are rows that it deletes. */
const onlyDeletes = (calls: readonly CallSite[]): boolean =>
  calls.filter(changesSharedData).every((call) => !posts(call) && (deletes.test(call.name) || isDeletingText(call)));
/** Parts of the query that deletes. */
const ofQuery = /^(?:exec|execute|where|andWhere|from|createQueryBuilder|getRepository|then|catch|lte?|and|eq)$/;
/** Whatever else it calls belongs to this copy, or has no effect. */
const isPlain = (call: CallSite): boolean =>
  changesSharedData(call) || isHarmless(call) || isAside(call) || call.callee.is === 'function' || ofQuery.test(call.name);

/** It deletes and does nothing else, so that a second run finds nothing to do; a name may say so of calls that are not known. */
export const isCleanUp = (calls: readonly CallSite[], isNamedSo: boolean): boolean =>
  calls.some(changesSharedData) && onlyDeletes(calls) && (isNamedSo || calls.every(isPlain));

/** What work of a timer comes to, as far as its calls tell. */
export function effectOf(calls: readonly CallSite[]): 'work' | 'harmless' | 'unknown' {
  if (calls.some(changesSharedData)) return 'work';
  if (tidiesDisk(calls)) return 'harmless';
  return calls.length > 0 && calls.every((call) => isHarmless(call) || call.callee.is === 'function') ? 'harmless' : 'unknown';
}

const remoteWork =
  /^(?:axios|got|node-fetch|undici|superagent|ky|playwright|playwright-core|puppeteer|puppeteer-core|child_process|fluent-ffmpeg|openai)$/;
const databaseReads = /^(?:find\w*|aggregate|query|select|count\w*)$/;
/** Takes its work list from a database and works on it outside: every replica would take the same list. */
export const worksOffList = (calls: readonly CallSite[]): boolean =>
  calls.some(({ package: library, name }) => library !== undefined && databases.test(library) && databaseReads.test(name)) &&
  calls.some((call) => remoteWork.test(call.package ?? '') || (call.package === '' && call.path === 'fetch'));
