/** What calls come to: what the one method that is meant returns, the field of a getter, the setting that a class of properties holds. */
import type { MethodView, TypeView } from '../names.ts';
import { annotationOf, type ProgramView } from '../recogniser.ts';
import type { Expression, Method } from '../summary.ts';
import { idOf, inFiles } from '../views.ts';

type Call = Extract<Expression, { is: 'call' }>;
/** An expression, and the method where its names mean something. */
export interface Given {
  readonly expression: Expression;
  readonly view: MethodView;
}

const mostParents = 6;
const methodOf = (owner: TypeView, method: Method): MethodView => ({ ...owner, method, id: idOf(owner.path, owner.type, method) });
const noMethod = (at: Method['at']): Method => ({
  name: '',
  modifiers: [],
  annotations: [],
  parameters: [],
  locals: [],
  calls: [],
  creations: [],
  assignments: [],
  at,
});
/** A place in a class outside of its methods. */
export const outsideOf = (owner: TypeView): MethodView => methodOf(owner, noMethod(owner.type.at));

/** The method of this name and number of parameters, in the type or in what it extends; `undefined` when more are meant. */
function methodNamed(owner: TypeView, { name, args }: Call, { names }: ProgramView): MethodView | undefined {
  for (let type: TypeView | undefined = owner, depth = 0; type && depth < mostParents; depth++) {
    const found = type.type.methods.filter((one) => one.name === name && one.parameters.length === args.length);
    if (found.length > 0) return found.length === 1 ? methodOf(type, found[0]!) : undefined;
    type = type.type.superclass ? names.find(type.file, type.type.superclass) : undefined;
  }
  return undefined;
}

const implementations = inFiles(({ types }) =>
  types.flatMap((view) => (view.type.kind === 'class' ? view.type.interfaces.map((name) => ({ name: lastOf(name), view })) : [])),
);
const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
/** The only class that does what an interface says. */
function implementationOf(owner: TypeView, program: ProgramView): TypeView | undefined {
  if (owner.type.kind !== 'interface') return owner;
  const [first, ...more] = implementations(program).filter(
    ({ name, view }) => name === lastOf(owner.type.name) && program.names.find(view.file, name)?.type === owner.type,
  );
  return more.length === 0 ? first?.view : undefined;
}

/** The type of the program that a call is made on. */
export function ownerOf({ on }: Call, view: MethodView, program: ProgramView, depth = 0): TypeView | undefined {
  const { names } = program;
  if (!on) return view;
  if (depth > mostParents) return undefined;
  if (on.is === 'call' && on.on) {
    const owner = ownerOf(on, view, program, depth + 1);
    const method = owner && methodNamed(owner, on, program);
    if (owner && method?.method.returns) return names.find(method.file, method.method.returns);
    const field = owner && names.field(owner, fieldOf(on.name));
    return owner && field && names.find(owner.file, field.type);
  }
  const written = names.typeOf(on, view) ?? (on.is === 'name' ? on.path.join('.') : undefined);
  if (written !== undefined) return names.find(view.file, written);
  return undefined;
}

/** `getRootFolder` → `rootFolder`; a record and Kotlin name it as it is. */
const fieldOf = (getter: string): string => {
  const bare = getter.replace(/^(?:get|is)(?=[A-Z])/, '');
  return bare.slice(0, 1).toLowerCase() + bare.slice(1);
};

/** What the call returns, in the method that says so: all that may be, in order. */
export function returned(call: Call, view: MethodView, program: ProgramView): readonly Given[] {
  const declared = ownerOf(call, view, program);
  const owner = declared && implementationOf(declared, program);
  if (!owner) return [];
  const method = methodNamed(owner, call, program);
  if (method) return method.id === view.id ? [] : (method.method.gives ?? []).map((expression) => ({ expression, view: method }));
  const field = call.args.length === 0 && call.on ? program.names.field(owner, fieldOf(call.name)) : undefined;
  return field ? [{ expression: { is: 'name', path: [field.name], at: call.at }, view: outsideOf(owner) }] : [];
}

const ofProperties = ['ConfigurationProperties', 'ConfigMapping', 'ConfigProperties', 'EachProperty'];
/** What the keys of a class of properties begin with. */
function prefixOf({ type }: TypeView): string | undefined {
  const args = annotationOf(type, ...ofProperties)?.args;
  const prefix = args?.prefix ?? args?.value;
  return prefix?.is === 'text' ? prefix.value : undefined;
}
const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

interface Property {
  readonly key: string;
  /** What the field begins with, and the file where that stands. */
  readonly fallback?: Expression;
  readonly path?: string;
}
/** `properties.getUpload().getFolder()` is the setting `shop.upload.folder`. */
export function propertyOf(call: Call, view: MethodView, program: ProgramView): Property | undefined {
  const parts: string[] = [];
  let field: Pick<Property, 'fallback' | 'path'> = {};
  for (let current: Expression | undefined = call; current?.is === 'call' && current.args.length === 0; current = current.on) {
    parts.unshift(kebab(fieldOf(current.name)));
    const owner = current.on && ownerOf(current, view, program);
    const value = owner && current === call ? program.names.field(owner, fieldOf(call.name))?.value : undefined;
    if (owner && value) field = { fallback: value, path: owner.path };
    const prefix = owner && prefixOf(owner);
    if (prefix !== undefined) return { key: [prefix, ...parts].join('.'), ...field };
  }
  return undefined;
}

/** A field of a class of properties, asked for in the class itself or by its getter. */
export const keyOfField = (name: string, owner: TypeView): string | undefined => {
  const prefix = prefixOf(owner);
  return prefix === undefined ? undefined : `${prefix}.${kebab(name)}`;
};
