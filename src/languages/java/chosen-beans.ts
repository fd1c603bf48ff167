/** `@Profile` on classes and bean methods: what they hold is there only under the profile. */
import type { Condition } from '../../facts.ts';
import { refersTo } from './names.ts';
import type { ProgramView } from './recogniser.ts';
import type { Annotation, Expression, JavaFile } from './summary.ts';

interface Chosen {
  /** What the profiles of a class, or of a method, say of a fact. */
  of(path: string, within: string | undefined): readonly Condition[];
}

const textOf = (value: Expression | undefined): string | undefined => {
  const only = value?.is === 'list' && value.items.length === 1 ? value.items[0] : value;
  return only?.is === 'text' ? only.value : undefined;
};

const profileOf = (holder: { readonly annotations: readonly Annotation[] }, file: JavaFile): Annotation | undefined =>
  holder.annotations.find(({ name }) => refersTo(file, name, 'org.springframework.context.annotation.Profile'));

/** Conditions name one profile; of several, any may be chosen, and of none (`default`) it is left out where one is. */
function conditionsOf(annotation: Annotation | undefined, { settings }: ProgramView): readonly Condition[] {
  const text = textOf(annotation?.args.value);
  return text === undefined || text === 'default' ? [] : settings.under(text);
}

/** Files hold one class as a rule; one with several is of a profile only when all of them are. */
export function chosenBeans(view: ProgramView): Chosen {
  const files = new Map<string, readonly Condition[]>();
  const methods = new Map<string, readonly Condition[]>();
  for (const { path, file, types, methods: own } of view.files) {
    const outer = types.filter(({ type }) => !type.name.includes('.'));
    const [first] = outer;
    if (first && outer.every(({ type }) => profileOf(type, file))) {
      const all = outer.map(({ type }) => conditionsOf(profileOf(type, file), view));
      if (all.every((one) => JSON.stringify(one) === JSON.stringify(all[0])) && all[0]!.length > 0) files.set(path, all[0]!);
    }
    for (const { method, id } of own) {
      const conditions = conditionsOf(profileOf(method, file), view);
      if (conditions.length > 0) methods.set(id, conditions);
    }
  }
  return {
    of: (path, within) => [...(files.get(path) ?? []), ...(within === undefined ? [] : (methods.get(within) ?? []))],
  };
}
