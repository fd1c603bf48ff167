/** Schedules of libraries that start a method or a lambda by a pattern. */
import { concernsOwnCopy } from '../../../text/job-names.ts';
import { type CallView, refersTo } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { changesSharedThings, guardOf } from './schedulers.ts';

interface Library {
  readonly type: string;
  readonly library: string;
  /** Its methods are static, and classes of programs extend it to call them. */
  readonly isStatic?: true;
}
const libraries: readonly Library[] = [
  { type: 'cn.hutool.cron.CronUtil', library: 'Hutool CronUtil', isStatic: true },
  { type: 'cn.hutool.cron.Scheduler', library: 'Hutool CronUtil' },
  { type: 'it.sauronsoftware.cron4j.Scheduler', library: 'cron4j' },
];

/** The library that a call of `schedule` is made on. */
function libraryOf(call: CallView, { names }: ProgramView): Library | undefined {
  const { on } = call.call;
  const written = names.typeOf(on, call) ?? (on?.is === 'name' ? on.path.join('.') : undefined);
  if (written === undefined) return undefined;
  const own = names.find(call.file, written);
  const [file, type] = own ? [own.file, own.type.superclass ?? ''] : [call.file, written];
  return libraries.find((one) => refersTo(file, type, one.type) && (own === undefined || one.isStatic));
}

/** What nobody makes and no start leads to is not scheduled. */
function isStarted(call: CallView, view: ProgramView): boolean {
  if (view.isBean(call) || view.answersRequest(call)) return true;
  const starts = view.methods.filter(({ method }) => method.name === 'main');
  return view.calledFrom(starts).some(({ id }) => id === call.id);
}

/** Each copy has files and caches of its own to tidy up. */
const ownDisk = /te?mp(?![a-z])|temporary|scratch|cache/i;
/** The method that plans it, and what it calls in the same lines. */
const namesOf = ({ method, call: { at } }: CallView): readonly string[] => [
  method.name,
  ...method.calls.filter((other) => other.at[0] >= at[0] && other.at[2] <= at[2]).map(({ name }) => name),
];

export const cronLibraries: Recogniser = {
  text: ['cn.hutool.cron', 'it.sauronsoftware.cron4j'],
  recognise(view, emit) {
    for (const call of view.callsNamed('schedule')) {
      const { args } = call.call;
      const found = args.length > 1 ? libraryOf(call, view) : undefined;
      if (!found || concernsOwnCopy(call.method.name) || !isStarted(call, view)) continue;
      const works = changesSharedThings(call, view);
      if (!works && namesOf(call).some((name) => ownDisk.test(name))) continue;
      const schedule = view.names.text(args.at(-2), call);
      const guard = guardOf(call, view);
      emit(
        'scheduled-job',
        placeAt(call.path, [call.call.at[0], call.call.at[1], call.call.at[0], call.call.at[1] + 1]),
        {
          library: found.library,
          ...(schedule ? { schedule } : {}),
          ...(guard ? { guard } : {}),
          effect: works ? 'work' : 'unknown',
        },
        { within: call.id, confidence: 'likely' },
      );
    }
  },
};
