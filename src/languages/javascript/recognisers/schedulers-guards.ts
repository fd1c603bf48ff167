import type { Node } from '@babel/types';
import type { Condition } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { SyntaxPass } from '../context.ts';
import { keyName } from '../expressions.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { atOf } from '../scopes.ts';
import type { At } from '../summary.ts';

/** Packages that let one replica at a time do the work. */
const lockPackages: ReadonlySet<string> = new Set([
  'redlock',
  'async-redis-lock',
  'redis-lock',
  'redis-semaphore',
  'ioredis-lock',
  'live-mutex',
  'mongodb-lock',
  'mongo-lock',
  'pg-advisory-lock',
  'advisory-lock',
  'k8s-leader-election',
  'kubernetes-leader-election',
  'etcd3',
  'consul',
  'node-redis-warlock',
  '@sesamecare-oss/redlock',
  '@anchan828/nest-redlock',
  'nestjs-redlock',
  'bullmq',
  'bull',
  'bee-queue',
  'agenda',
  '@hokify/agenda',
  'pg-boss',
  'graphile-worker',
  'pulse',
]);
export const guardPackages: readonly string[] = [...lockPackages];
const lockNames =
  /^(?:(?:try|with|acquire|obtain|get|take|claim|using|refresh|renew|extend)[A-Za-z]*(?:Lock|Mutex|Lease|Leader\w*)|lock|isLeader|isMaster|isPrimary|setnx|setNX|runExclusive\w*|runWithLock)$/;
/** Reads of a broker or shared queue: each message goes to one consumer. */
const claims = /^(?:brpop|blpop|bzpopmin|brpoplpush|blmove|xreadgroup|xReadGroup|receiveMessage|brPop|blPop|dequeue)$/;
export const claimMethods = [
  'brpop',
  'blpop',
  'bzpopmin',
  'xreadgroup',
  'xReadGroup',
  'receiveMessage',
  'setnx',
  'acquireLock',
  'withLock',
  'tryLock',
  'isLeader',
];
const lockText = /pg_(?:try_)?advisory_|skip\s+locked|get_lock\s*\(|for\s+update/i;
const instanceVariables = /^(?:NODE_APP_INSTANCE|INSTANCE_ID|pm_id|CF_INSTANCE_INDEX|POD_INDEX|APP_INSTANCE)$/;

interface InstanceTest {
  readonly at: At;
  readonly name: string;
}
/** Branches that a copy takes by its number, whatever else is asked: `if (process.env.CF_INSTANCE_INDEX === '0' || forced)`. */
export const instanceTests: SyntaxPass = {
  id: 'instance-tests',
  text: [/\b(?:NODE_APP_INSTANCE|INSTANCE_ID|CF_INSTANCE_INDEX|POD_INDEX|APP_INSTANCE)\b/],
  run: (view) =>
    view.nodes('IfStatement').flatMap(({ test, consequent }): InstanceTest[] => {
      const name = comparedInstance(test as Node);
      return name === undefined ? [] : [{ at: atOf(consequent as Node), name }];
    }),
};
function comparedInstance(test: Node): string | undefined {
  if (test.type === 'LogicalExpression') return comparedInstance(test.left as Node) ?? comparedInstance(test.right as Node);
  if (test.type !== 'BinaryExpression' || !/^={2,3}$/.test(test.operator)) return undefined;
  const names = [test.left, test.right].flatMap((side) =>
    side.type === 'MemberExpression' ? [keyName(side.property as Node, side.computed)] : [],
  );
  return names.find((name) => name !== undefined && instanceVariables.test(name));
}
function instanceOf(program: ProgramView, { path, line, column }: Place): string | undefined {
  const isInside = ([from, first, to, last]: At): boolean =>
    (line > from || (line === from && column >= first)) && (line < to || (line === to && column <= last));
  return program.pass<InstanceTest>(instanceTests.id).find((found) => found.path === path && isInside(found.item.at))?.item.name;
}

const textsOf = (call: CallSite): string[] =>
  call.args.flatMap((argument) => {
    const parts = argument.is === 'text' ? argument.parts : [argument];
    return parts.flatMap((part) => (part.is === 'literal' && typeof part.value === 'string' ? [part.value] : []));
  });

/** `redis.set(key, owner, 'NX', 'PX', …)` or `{ NX: true }`: the first caller gets the lock. */
const isSetIfAbsent = (call: CallSite): boolean =>
  call.name === 'set' &&
  (textsOf(call).some((text) => /^nx$/i.test(text)) ||
    call.args.some((argument) => argument.is === 'object' && ('NX' in argument.properties || 'nx' in argument.properties)));

/** An update that claims a record by a field for locks: only one replica gets it. */
function isClaim(call: CallSite): boolean {
  if (!/^(?:findOneAndUpdate|updateMany|updateOne|update)$/.test(call.name)) return false;
  const [first] = call.args;
  const where = first?.is === 'object' ? (first.properties['where']?.is === 'object' ? first.properties['where'] : first) : undefined;
  return where?.is === 'object' && Object.keys(where.properties).some((key) => /lock|lease|claimed|owner|leader/i.test(key));
}

/** How databases and ORMs name a second row with a unique value (PostgreSQL, MySQL, MongoDB, Prisma, Sequelize, Objection). */
const duplicateCodes: ReadonlySet<string | number> = new Set(['23505', 'ER_DUP_ENTRY', 11000, 'P2002', 'SQLITE_CONSTRAINT_UNIQUE']);
const duplicateErrors = /^(?:Unique(?:Constraint|Violation)Error|SequelizeUniqueConstraintError)$/;
const duplicateText = /\b(?:23505|ER_DUP_ENTRY|11000|P2002|SQLITE_CONSTRAINT_UNIQUE|Unique(?:Constraint|Violation)Error)\b/;

/** Functions that compare an error with "this row exists": they leave work to the copy whose row came first. */
export const duplicateChecks: SyntaxPass = {
  id: 'duplicate-checks',
  text: [duplicateText],
  run(view) {
    const inside = view.nodes('StringLiteral', 'NumericLiteral', 'Identifier').flatMap((node) => {
      const isNamed = node.type === 'Identifier' ? duplicateErrors.test(node.name) : duplicateCodes.has(node.value);
      const within = isNamed ? view.contextOf(node).within : undefined;
      return within === undefined ? [] : [within];
    });
    return [...new Set(inside)];
  },
};

/** One of the functions writes a row that only one copy can write, and copes where another was first. */
export function givesWayToDuplicates(program: ProgramView, functions: readonly string[]): boolean {
  const checks = program.pass<number>(duplicateChecks.id);
  if (checks.length === 0) return false;
  const reached = program.reached(functions);
  return checks.some(({ path, item }) => reached.has(`${path}#${item}`));
}

const handed = /[(,]\s{0,40}(\w{4,60})\s{0,40}(?=[,)])/g;
/** `runOnce(name, work, acquireTaskLock)`: what is called takes the lock that it is given. */
function isHandedLock({ args, place: { path, line, endLine } }: CallSite, program: ProgramView): boolean {
  if (args.length === 0) return false;
  const text = program
    .lines(path)
    .slice(line - 1, Math.min(endLine, line + 10))
    .join(' ');
  return [...text.matchAll(handed)].some(([, name]) => lockNames.test(name!));
}

/** What keeps the other replicas from doing the same work. */
export function guardOf(
  program: ProgramView,
  calls: readonly CallSite[],
  { place, when }: { readonly place: Place; readonly when: readonly Condition[] },
): string | undefined {
  const instance = when.find(({ env }) => instanceVariables.test(env))?.env ?? instanceOf(program, place);
  if (instance) return `only where ${instance} allows it`;
  for (const call of calls) {
    if (call.package !== undefined && lockPackages.has(call.package)) return call.package;
    const own = call.callee.is === 'function' ? program.functionOf(call.callee.id)?.name : undefined;
    if (lockNames.test(own ?? call.name) || isSetIfAbsent(call) || isClaim(call) || isHandedLock(call, program)) return 'a lock';
    if (claims.test(call.name) || call.path.endsWith('ReceiveMessageCommand')) return 'a shared queue';
    if (textsOf(call).some((text) => lockText.test(text))) return 'a database lock';
  }
  return undefined;
}

/** What work needs, and no replica can do without: `if (process.env.MONGO_URL)` chooses none of them. */
const needed = /(?:^|_)(?:URL|URI|DSN|HOST(?:NAME)?|ADDRESS|ENDPOINT|DATABASE|CONNECTION|TOKEN|KEY|SECRET|PASSWORD|PASS)$/i;
/** A variable that must be given for the work to run: `if (process.env.ENABLE_JOBS)`. */
export const switchOf = (when: readonly Condition[]): string | undefined =>
  when.find(
    ({ env, test, value }) => env !== 'NODE_ENV' && ((test === 'set' && !needed.test(env)) || (test === 'equals' && value !== 'false')),
  )?.env;
