/** What a broker tells: to every replica, or to one of those that share the work. */

import type { Value } from '../../../facts.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { moduleOf } from '../values.ts';
import { functionsIn } from './request-code.ts';

const brokers = /^(?:redis|ioredis|kafkajs|amqplib|nats|mqtt|@google-cloud\/pubsub|pg|pg-listen|mqemitter-redis)$/;

const perCopy = /HOST|POD|INSTANCE|REPLICA|MACHINE/;
/** A name that is the same in each copy. */
const isFixed = (value: Value | undefined): boolean =>
  (value?.is === 'literal' && typeof value.value === 'string' && value.value !== '') || (value?.is === 'env' && !perCopy.test(value.name));

/** `kafka.consumer({ groupId: 'notices' })`, `channel.consume('notices', …)`, `pubsub.subscription('notices')`: one copy of many gets each message. */
function isShared({ package: library, name, on, args }: CallSite): boolean {
  const made = on?.is === 'made' ? on.args[0] : undefined;
  if (library === 'kafkajs') return made?.is === 'object' && isFixed(made.properties['groupId']);
  if (library === 'amqplib') return name === 'consume' && isFixed(args[0]);
  if (library === '@google-cloud/pubsub') return isFixed(made);
  const [, options] = args;
  return library === 'nats' && options?.is === 'object' && isFixed(options.properties['queue']);
}

const maximumCallers = 8;
/** `{ eachMessage: async ({ message }) => … }`. */
const isGiven = (given: Value, id: string): boolean => given.is === 'object' && functionsIn(given).includes(id);

/** A message of a broker that every replica gets calls the function, also what it does for each of a list, and other functions on the way. */
export function isToldToAll(program: ProgramView, within: string | undefined, depth = 0): boolean {
  if (within === undefined || depth > 4) return false;
  const received = program.receiverOf(within)?.call;
  if (received?.package) return brokers.test(received.package) && !isShared(received);
  const path = moduleOf(within);
  const parent = received && program.functionOf(within)?.parent;
  if (received) return parent !== undefined && isToldToAll(program, `${path}#${parent}`, depth + 1);
  const reader = program.calls.find(
    ({ package: library, args }) => brokers.test(library ?? '') && args.some((given) => isGiven(given, within)),
  );
  if (reader) return !isShared(reader);
  const callers = program.calls.filter(({ callee, how }) => how === 'call' && callee.is === 'function' && callee.id === within);
  return callers.length > 0 && callers.length <= maximumCallers && callers.every((call) => isToldToAll(program, call.within, depth + 1));
}

/** The program tells a broker something itself. */
export const tellsBroker = (program: ProgramView): boolean =>
  program.callsNamed('publish', 'send').some((call) => call.within !== undefined && brokers.test(call.package ?? ''));
