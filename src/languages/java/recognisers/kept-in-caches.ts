/** State that code keeps in a cache of a library and nowhere else: codes sent to users, attempts to sign in, tokens. */
import { type CallView, type MethodView, refersTo, type TypeView } from '../names.ts';
import type { ProgramView, Recogniser } from '../recogniser.ts';
import type { Expression, Field } from '../summary.ts';
import { inFiles } from '../views.ts';
import { callsFromOutside } from './handed-out.ts';
import { handsIn } from './memos.ts';
import { atStart, emitState, hidesField, isInjected, isShared } from './process-state.ts';

const cacheTypes: readonly string[] = [
  'com.google.common.cache.Cache',
  'com.google.common.cache.LoadingCache',
  'com.github.benmanes.caffeine.cache.Cache',
  'com.github.benmanes.caffeine.cache.LoadingCache',
  'net.jodah.expiringmap.ExpiringMap',
  'cn.hutool.cache.Cache',
  ...['TimedCache', 'LRUCache', 'LFUCache', 'FIFOCache', 'WeakCache', 'AbstractCache'].map((name) => `cn.hutool.cache.impl.${name}`),
];
/** What is kept so cannot be looked up elsewhere. */
const madeHere =
  /otp|captcha|verif|(?:^|[a-z_])codes?(?![a-z])|tokens?(?![a-z])|attempt|session|ticket|nonce|login|black_?list|revoked|fail(?:ed|ure)|retr(?:y|ies)|online|challenge|magic_?link|invit/i;
/** Limiters are told by themselves; what is asked of others may be asked again. */
const notState = /limit|throttl|bucket|access_?token|remote|jwk|metadata|definition|permission|role|config|dict|country|postal|zip_?code/i;
const puts = /^(?:put|putIfAbsent)$/;
const gets = /^(?:get|getIfPresent|getUnchecked|containsKey|asMap)$/;
const counter = /^(?:int|long|Integer|Long)$/;

const candidates = inFiles(({ file, types, calls }) =>
  types.flatMap((type) =>
    type.type.fields.flatMap((field) => {
      const words = `${type.type.name} ${field.name} ${field.of ?? ''}`;
      if (isInjected(field) || !refersTo(file, field.type, ...cacheTypes) || !madeHere.test(words) || notState.test(words)) return [];
      const own = calls.filter(
        (call) =>
          call.type === type.type &&
          call.call.on?.is === 'name' &&
          call.call.on.path.at(-1) === field.name &&
          !hidesField(call, field.name),
      );
      return [{ type, field, own }];
    }),
  ),
);

const makesRandom = (expression: Expression | undefined, depth = 0): boolean => {
  if (expression === undefined || depth > 6) return false;
  if (expression.is === 'sum') return expression.parts.some((part) => makesRandom(part, depth + 1));
  if (expression.is !== 'call') return false;
  return /random|nextInt|nextLong|nextBytes|generate/i.test(expression.name) || makesRandom(expression.on, depth + 1);
};
/** The caller brings it, chance makes it, or it is counted on: nobody else has it. */
function isOwnValue(call: CallView): boolean {
  if (handsIn(call, call.call)) return true;
  const value = call.call.args[1];
  const path = value?.is === 'name' ? value.path : undefined;
  const local = path && call.method.locals.findLast(({ name }) => name === path[0]);
  if (local) return counter.test(local.type) || makesRandom(local.value) || local.value?.is === 'sum';
  return makesRandom(value) || value?.is === 'sum' || value?.is === 'flag';
}

interface Kept {
  readonly type: TypeView;
  readonly field: Field;
  readonly writes: readonly CallView[];
  readonly reads: readonly CallView[];
}
export function keptIn(view: ProgramView): readonly Kept[] {
  return candidates(view).flatMap(({ type, field, own }) => {
    if (!isShared(type, field, view)) return [];
    const uses = [...own, ...callsFromOutside(type, field, view)].filter((call) => !atStart(call));
    const writes = uses.filter((call) => puts.test(call.call.name) && isOwnValue(call) && view.handlesWork(call));
    const reads = uses.filter((call) => gets.test(call.call.name));
    return writes.length > 0 && reads.length > 0 ? [{ type, field, writes, reads }] : [];
  });
}

export const keptInCaches: Recogniser = {
  text: ['google.common.cache', 'benmanes.caffeine', 'cn.hutool.cache', 'jodah.expiringmap'],
  recognise(view, emit) {
    const use = (call: CallView) => ({ view: call as MethodView, at: call.call.at, call: call.call });
    for (const { type, field, writes, reads } of keptIn(view)) emitState(emit, type, field, 'map', writes.map(use), reads.map(use));
  },
};
