/** Settings of frameworks: constants of settings modules, fields of configuration classes, entries of `app.config`. */
import type { Condition, Value } from '../../facts.ts';
import { settingsField } from './class-bases.ts';
import { isDevelopmentFile, isDevelopmentOnly } from './development.ts';
import type { Evaluator } from './evaluate.ts';
import type { AssignmentView, CallSite, SettingView } from './recogniser.ts';
import { dottedOf, placeAt } from './value-shapes.ts';

/** Classes that are for development and tests, by their names. */
const otherClass = /dev|test|local|debug|staging|ci(?:config)?$/i;

const opposite = { set: 'unset', unset: 'set', equals: 'differs', differs: 'equals' } as const;

export class SettingsReader {
  readonly #byName = new Map<string, SettingView[]>();
  readonly #undecided = new Map<string, SettingView[]>();
  /** Modules that take everything of another one. */
  readonly #overridden = new Map<string, readonly string[]>();

  constructor(
    calls: readonly CallSite[],
    assignments: readonly AssignmentView[],
    readonly evaluator: Evaluator,
    readonly root: string,
  ) {
    for (const one of assignments) this.#addAssignment(one);
    const files = new Set(assignments.map(({ path }) => path));
    for (const path of files) this.#noteOverridden(path);
    for (const call of calls) if (/^(?:from_mapping|update|setdefault)$/.test(call.name) && isConfig(call.on)) this.#addOptions(call);
  }

  named(name: string): readonly SettingView[] {
    const all = this.#byName.get(name) ?? [];
    const inProduction = all.filter(({ className }) => className !== undefined && /prod/i.test(className));
    const chosen = inProduction.length > 0 ? all.filter((one) => one.how !== 'class' || inProduction.includes(one)) : all;
    return chosen.filter(
      ({ path }) => !(this.#overridden.get(path) ?? []).some((above) => chosen.some((one) => one.path === above && !one.when?.length)),
    );
  }

  /** Constants of settings modules that stand under tests which nobody can read: one of them may hold. */
  undecided(name: string): readonly SettingView[] {
    return this.#undecided.get(name) ?? [];
  }

  /** `from .base import *`: what the module then sets itself counts. */
  #noteOverridden(path: string): void {
    const { modules } = this.evaluator.graph;
    for (const one of modules.summary(path)?.imports ?? []) {
      if (one.within !== undefined || !one.names?.some(({ name }) => name === '*')) continue;
      const found = modules.resolve(one.module, path);
      if (found && 'path' in found) this.#overridden.set(found.path, [...(this.#overridden.get(found.path) ?? []), path]);
    }
  }

  /** What a later line replaces under a condition holds only without it. */
  #restrict({ name, path, when }: SettingView): void {
    const [condition] = when ?? [];
    if (!condition || when!.length > 1) return;
    const earlier = this.#byName.get(name) ?? [];
    const negated: Condition = { ...condition, test: opposite[condition.test] };
    for (const [index, one] of earlier.entries())
      if (one.path === path && one.how === 'module' && !one.when?.some(({ test }) => test === 'equals' || test === 'set'))
        earlier[index] = { ...one, when: [...(one.when ?? []), negated] };
  }

  #add(setting: SettingView): void {
    if (setting.how === 'module') this.#restrict(setting);
    const known = this.#byName.get(setting.name);
    if (known) known.push(setting);
    else this.#byName.set(setting.name, [setting]);
  }

  #addAssignment(one: AssignmentView): void {
    const { own, path, place, when, within } = one;
    // A test that nobody can read decides whether it holds.
    const isOpen = (own.when ?? []).length > 0 && !when?.length;
    if (own.how !== 'set' || isDevelopmentFile(path, this.root) || isDevelopmentOnly(when)) return;
    if (isOpen) return this.#addUndecided(one);
    const base = { path, place, ...(when?.length ? { when } : {}), ...(within === undefined ? {} : { within }) };
    if (own.key) {
      const isOfConfig = own.target.at(-1) === 'config' && own.key.is === 'literal' && typeof own.key.value === 'string';
      if (isOfConfig) this.#add({ ...base, name: String((own.key as { value: unknown }).value), value: one.value(), how: 'config' });
      return;
    }
    const [name] = own.target;
    if (name === undefined || !/^[A-Z][A-Z0-9_]*$/.test(own.target.at(-1)!)) return;
    if (own.class !== undefined) {
      const type = this.evaluator.classOf(`${path}#${own.class}`);
      if (!type || otherClass.test(type.name) || own.target.length > 1) return;
      const id = `${path}#${own.class}`;
      const value = this.evaluator.isSettings(id) ? settingsField(id, name, one.value(), this.evaluator) : one.value();
      this.#add({ ...base, name, value, how: 'class', className: type.name });
    } else if (own.target.length === 1 && own.within === undefined) this.#add({ ...base, name, value: one.value(), how: 'module' });
    else if (own.target.length === 3 && own.target[1] === 'config')
      this.#add({ ...base, name: own.target[2]!, value: one.value(), how: 'config' });
  }

  #addUndecided({ own, path, place, value }: AssignmentView): void {
    const [name] = own.target;
    if (own.key || own.class !== undefined || own.within !== undefined || own.target.length !== 1 || name === undefined) return;
    const known = this.#undecided.get(name) ?? [];
    this.#undecided.set(name, [...known, { name, path, place, value: value(), how: 'module' }]);
  }

  #addOptions(call: CallSite): void {
    const { named, args } = call.written.call;
    const base = { path: call.path, when: call.when, ...(call.within === undefined ? {} : { within: call.within }) };
    for (const [name, written] of Object.entries(named)) {
      const value = call.named(name);
      if (value) this.#add({ ...base, name, value, place: placeAt(call.path, written.at), how: 'option' });
    }
    const [first, second] = [args[0], call.args[1]];
    if (first?.is === 'dict')
      for (const { key, keyAt, value } of first.entries)
        this.#add({
          ...base,
          name: key,
          value: this.evaluator.value(value, call.path, call.written.within),
          place: placeAt(call.path, keyAt),
          how: 'option',
        });
    if (call.name === 'setdefault' && first?.is === 'literal' && second)
      this.#add({ ...base, name: String(first.value), value: second, place: call.place, how: 'option' });
  }
}

const isConfig = (value: Value | undefined): boolean => value !== undefined && /(?:^|\.)config$/.test(dottedOf(value) ?? lastOf(value));
const lastOf = (value: Value): string => (value.is === 'member' ? value.name : '');
