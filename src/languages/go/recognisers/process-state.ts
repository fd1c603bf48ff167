import type { Emit, ProgramView, Recogniser } from '../recogniser.ts';
import { pathOf } from '../summarise-reads.ts';
import type { Assignment, Expression, Guard } from '../summary.ts';
import { placeAt } from '../value-shapes.ts';
import { effectsBy } from './effects.ts';
import { GivenValues } from './process-state-given.ts';
import { functionAt, type Holder, Holders } from './process-state-holders.ts';
import { emitValues } from './process-state-values.ts';
import { hasSharedBeside } from './stores.ts';

/** Names that say what a container holds: nothing that a user would miss. */
const memo =
  /cache|memo(?!r)|lookup|index|compiled|loaded|known|seen|warned|regist|handler|plugin|listener|callback|route|instance|singleton|metric|stats?$|gauge|lock|mutex|conn|pool|engine|worker|limiter|visitor|bucket|socket|subscri|queue|error|(?<!b|cata|dia)log(?!in|ic)|context|translat|drivers?|providers?|factor|parser|flags?$|hooks?$|ready|health|running|enabled|debug|mock|fake|in_?flight|busy|cancel|header|buffer|batch|backends?|peers?|node_?list|upstream|endpoint|mapping|resolver|middleware|policies|certificate|average|duration|timing|latenc/i;
/** The same, unless requests hand in what it holds. */
const memoUnlessGiven =
  /model|task|job|template|types?$|schemas?$|labels?$|option|servers?$|nodes?$|alias|permission|rules?$|sample|keys?$|fields?$|columns?$|client|active|pending|channel|config|setting/i;

/** Words that say what a type is for the program: its fields say what it holds. */
const roles = /(?:http|api)?(?:handlers?|servers?|routers?|models?|contexts?|tasks?|jobs?|engine|permissions?|rules?)/gi;

/** Types that only hold: what for is not theirs to say. */
const plainContainer = /(?:map|set|list|queue|stack|ring|trie|tree|heap|graph|collection|container|lru|ttl)$/i;

const mentions = (expression: Expression, name: string, depth = 0): boolean => {
  if (depth > 6) return false;
  const again = (inner: Expression): boolean => mentions(inner, name, depth + 1);
  if (expression.is === 'name') return expression.name === name;
  if (expression.is === 'binary') return again(expression.left) || again(expression.right);
  if (expression.is === 'not') return again(expression.value);
  if (expression.is === 'selector') return expression.name === name || again(expression.of);
  if (expression.is === 'index') return again(expression.of);
  return expression.is === 'call' && [expression.callee, ...expression.args].some(again);
};
/** The test around a write asks whether it is there: it fills what is missing. */
const fills = (when: readonly Guard[] | undefined, name: string): boolean =>
  (when ?? []).some(
    ({ test, holds }) =>
      (mentions(test, name) && !isCounted(test)) ||
      test.is === 'not' ||
      (!holds && test.is === 'name' && /^(?:ok|found|exists?)$/.test(test.name)),
  );
/** `len(rooms) < most`. */
const isCounted = (test: Expression): boolean =>
  test.is === 'binary' && [test.left, test.right].some((one) => one.is === 'call' && one.callee.is === 'name' && one.callee.name === 'len');

/** When it was last asked for, and how often: what a cache notes. */
const aboutUse = /last|seen|access|hits?$|expir|updated|touch|age$|ttl/i;

const isContext = ({ of }: Extract<Expression, { is: 'selector' }>): boolean => of.is === 'name' && of.name === 'context';

class StateReader {
  readonly #filled = new Set<Holder>();
  readonly #changed = new Set<Holder>();
  /** Requests hand in what it holds. */
  readonly #handed = new Set<Holder>();
  readonly #given: GivenValues;
  readonly #writers = new Map<Holder, Set<string>>();
  constructor(
    readonly program: ProgramView,
    readonly holders: Holders,
  ) {
    this.#given = new GivenValues(program);
  }

  #wrote(holder: Holder, path: string, within: number | undefined, at: Parameters<typeof placeAt>[1]): void {
    holder.writes.push(placeAt(path, at));
    this.#writers.set(holder, (this.#writers.get(holder) ?? new Set()).add(this.holders.nameAround(path, within)));
  }

  #fill(holder: Holder, path: string, within: number | undefined): void {
    this.#filled.add(holder);
    if (holder.limiter !== undefined)
      this.#writers.set(holder, (this.#writers.get(holder) ?? new Set()).add(this.holders.nameAround(path, within)));
  }

  readWrites(): void {
    for (const { own, path } of this.program.assignments) {
      if (own.within === undefined || !this.program.servesRequest(`${path}#${own.within}`)) continue;
      this.#readChange(own, path);
      const appends = own.how === 'set' && own.value.is === 'call' && own.value.callee.is === 'name' && own.value.callee.name === 'append';
      if (!(own.key && (own.how === 'set' || own.how === 'change')) && !appends) continue;
      const holder = this.holders.find(own.target, path, own.within);
      if (!holder || (own.field !== undefined && aboutUse.test(own.field))) continue;
      this.#readWrite(holder, own, path, own.within);
    }
    this.#readMaps();
  }

  #readWrite(holder: Holder, own: Assignment, path: string, within: number): void {
    const isHanded = this.#given.isGiven(own.value, own.key, path, within) && !this.#isFilling(path, within);
    if (isHanded) this.#handed.add(holder);
    // `rooms[id].Open = false`, `seats[row][number] = name`: an entry that is there is changed.
    if (own.key && own.how === 'change') this.#changed.add(holder);
    const isFill =
      own.key &&
      (this.#isFilling(path, within) ||
        (!isHanded && (fills(own.when, holder.name) || this.#looksFirst(holder, path, within) || this.#asksOthers(`${path}#${within}`))));
    if (isFill) this.#fill(holder, path, within);
    else this.#wrote(holder, path, within, own.at);
  }

  /** `user := s.users[id]; user.Online = true`: what it holds is changed where it lies. */
  #readChange({ target, how, key, within, at }: Assignment, path: string): void {
    const [head = '', ...fields] = target;
    if (fields.length === 0 || key || (how !== 'set' && how !== 'change') || aboutUse.test(fields.at(-1)!)) return;
    const found = this.program.evaluator.index
      .locals(path, within!, head)
      .flatMap(({ own }) => (own.value.is === 'index' ? (pathOf(own.value.of) ?? []) : []));
    const holder = found.length > 0 ? this.holders.find(found, path, within) : undefined;
    if (!holder) return;
    this.#changed.add(holder);
    this.#wrote(holder, path, within, at);
  }

  /** `users.Store(id, user)` of a `sync.Map`; what is asked for and then stored in one function is filled. */
  #readMaps(): void {
    for (const call of this.program.calls) {
      if (!/^(?:Store|LoadOrStore)$/.test(call.name) || !this.program.servesRequest(call.within)) continue;
      const { callee } = call.written.call;
      const target = callee.is === 'selector' ? pathOf(callee.of) : undefined;
      const holder = target && this.holders.find(target, call.path, functionAt(call.within));
      if (!target || holder?.type !== 'map') continue;
      if (call.name === 'LoadOrStore') {
        this.#fill(holder, call.path, functionAt(call.within));
        continue;
      }
      const asks = this.program
        .callsWithin(call.within!)
        .some(
          (one) =>
            one.name === 'Load' &&
            one.written.call.callee.is === 'selector' &&
            pathOf(one.written.call.callee.of)?.join('.') === target.join('.'),
        );
      if (asks || this.#asksOthers(call.within!)) this.#filled.add(holder);
      else this.#wrote(holder, call.path, functionAt(call.within), call.written.call.at);
    }
  }

  /** Its name says that it fills what is read from elsewhere; what answers `/register` takes a user in. */
  #isFilling(path: string, within: number): boolean {
    const name = this.holders.nameAround(path, within);
    const { parameters = [] } = this.program.summary(path)?.functions[within] ?? {};
    const answers = parameters.some(
      ({ type }) => type.is === 'selector' && /^(?:ResponseWriter|Ctx|Context)$/.test(type.name) && !isContext(type),
    );
    return /cache|load|refresh|warm|sync|init/i.test(name) || (!answers && /register/i.test(name));
  }

  /** A function that looks there first and gives what it found or made fills what is missing. */
  #looksFirst(holder: Holder, path: string, within: number): boolean {
    const summary = this.program.summary(path);
    const gives = summary?.functions[within]?.results.some((type) => !(type.is === 'name' && /^(?:error|bool)$/.test(type.name)));
    return gives === true && summary!.reads.some((read) => read.within === within && this.holders.find(read.path, path, within) === holder);
  }

  /** What a database or service answered is kept so that it need not be asked again. */
  #asksOthers(id: string): boolean {
    return this.program.callsWithin(id).some((call) => effectsBy(this.program, call).has('reads'));
  }

  readReads(): void {
    const written = new Set([...this.holders.all.values()].filter(({ writes }) => writes.length > 0));
    if (written.size === 0) return;
    for (const path of this.program.files) {
      for (const { path: read, within, at } of this.program.summary(path)?.reads ?? []) {
        if (within === undefined || !this.program.servesRequest(`${path}#${within}`)) continue;
        const holder = this.holders.find(read, path, within);
        const place = placeAt(path, at);
        if (holder && written.has(holder) && !holder.writes.some((write) => write.path === path && write.line === place.line))
          holder.reads.push(place);
      }
    }
  }

  emit(emit: Emit): void {
    for (const holder of this.holders.all.values()) {
      const { name, type, place, limiter, writes, reads } = holder;
      if (limiter !== undefined) {
        const isCounted = writes.length > 0 || this.#filled.has(holder);
        if (isCounted && !this.#isShared(holder))
          emit('rate-limit', { place }, { library: `\`${limiter}\``, stores: [{ kind: 'memory', place }] }, 'likely');
        continue;
      }
      if (writes.length === 0 || reads.length === 0 || this.holders.isReplaceable(holder, this.#writers.get(holder)!)) continue;
      const isHanded = this.#handed.has(holder);
      const isFilled = this.#filled.has(holder) && !this.#changed.has(holder) && !isHanded;
      const isMemo = isFilled || memo.test(name) || (!isHanded && memoUnlessGiven.test(name)) || this.#isMemoType(holder, isHanded);
      const holds = isMemo ? 'memo' : 'state';
      emit('process-state', { place }, { name, type, holds, writes, reads }, 'likely');
    }
  }
  /** Another limiter may stand in its place, or one that all copies share stands beside it. */
  #isShared(holder: Holder): boolean {
    const writers = this.#writers.get(holder) ?? new Set();
    return (writers.size > 0 && this.holders.isReplaceable(holder, writers)) || hasSharedBeside(this.program, holder.place.path);
  }
  #isMemoType({ of }: Holder, isHanded: boolean): boolean {
    const name = of === undefined ? '' : (this.program.evaluator.types.typeOf(of)?.name ?? '').replace(roles, '');
    return memo.test(name) || (!isHanded && memoUnlessGiven.test(name)) || plainContainer.test(name);
  }
}

/** Data that requests leave in the memory of the process, and later ones read. */
export const processState: Recogniser = {
  id: 'process-state',
  recognise(program, emit) {
    const holders = new Holders(program);
    emitValues(program, new GivenValues(program), (name, key) => memo.test(name) || holders.all.has(key), emit);
    const reader = new StateReader(program, holders);
    if (reader.holders.all.size === 0) return;
    reader.readWrites();
    reader.readReads();
    reader.emit(emit);
  },
};
