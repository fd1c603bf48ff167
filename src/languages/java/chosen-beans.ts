/** Annotations that let a bean exist only under a profile or a setting: what it holds is there only then. */
import type { Condition } from '../../facts.ts';
import { refersTo } from './names.ts';
import { conditionsOfProperties } from './property-conditions.ts';
import type { ProgramView } from './recogniser.ts';
import type { Annotation, Expression, JavaFile } from './summary.ts';

interface Chosen {
  /** What the annotations of a class, or of a method, say of a fact. */
  of(path: string, within: string | undefined): readonly Condition[];
}

const textOf = (value: Expression | undefined): string | undefined => {
  const only = value?.is === 'list' && value.items.length === 1 ? value.items[0] : value;
  return only?.is === 'text' ? only.value : undefined;
};

const ifProfile = ['org.springframework.context.annotation.Profile', 'io.quarkus.arc.profile.IfBuildProfile'];
const unlessProfile = 'io.quarkus.arc.profile.UnlessBuildProfile';

/** Conditions name one profile; of several, any may be chosen, and of none (`default`) it is left out where one is. */
function underProfile({ name, args }: Annotation, file: JavaFile, { settings }: ProgramView): readonly Condition[] {
  const text = textOf(args.value);
  if (text === undefined || text === 'default') return [];
  if (refersTo(file, name, ...ifProfile)) return settings.under(text);
  return refersTo(file, name, unlessProfile) ? settings.under(`!${text}`) : [];
}

/** What must hold for the class or the bean method to be used at all. */
export const conditionsOf = (
  { annotations }: { readonly annotations: readonly Annotation[] },
  file: JavaFile,
  view: ProgramView,
): readonly Condition[] =>
  annotations.flatMap((annotation) => [
    ...underProfile(annotation, file, view),
    ...conditionsOfProperties(annotation, (...full) => refersTo(file, annotation.name, ...full), view),
  ]);

/** `@ComponentScan` without a word of where: the classes beside it are found with it. */
const scansItsPackage = (annotations: readonly Annotation[]): boolean =>
  annotations.some(({ name, args }) => /(?:^|\.)ComponentScan$/.test(name) && Object.keys(args).length === 0);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const conditionsAbove = (path: string, packages: readonly (readonly [string, readonly Condition[]])[]): readonly Condition[] =>
  packages.find(([folder]) => path.startsWith(folder))?.[1] ?? [];

/** Files hold one class as a rule; one with several is chosen only when all of them are. */
export function chosenBeans(view: ProgramView): Chosen {
  const files = new Map<string, readonly Condition[]>();
  const methods = new Map<string, readonly Condition[]>();
  const packages: (readonly [folder: string, conditions: readonly Condition[]])[] = [];
  for (const { path, file, types, methods: own } of view.files) {
    const outer = types.filter(({ type }) => !type.name.includes('.'));
    const [first, ...others] = outer.map(({ type }) => conditionsOf(type, file, view));
    if (first?.length && others.every((one) => JSON.stringify(one) === JSON.stringify(first))) files.set(path, first);
    if (first?.length && outer.some(({ type }) => scansItsPackage(type.annotations))) packages.push([folderOf(path), first]);
    for (const { method, id } of own) {
      const conditions = conditionsOf(method, file, view);
      if (conditions.length > 0) methods.set(id, conditions);
    }
  }
  return {
    of: (path, within) => [
      ...(files.get(path) ?? conditionsAbove(path, packages)),
      ...(within === undefined ? [] : (methods.get(within) ?? [])),
    ],
  };
}
