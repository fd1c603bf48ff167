/** Plain fields that one request sets and others use: `private User current` of a controller, `Shop.signedIn = user`. */
import type { MethodView, TypeView } from '../names.ts';
import { annotationOf, type ProgramView, type Recogniser } from '../recogniser.ts';
import type { Expression, Field } from '../summary.ts';
import { inFiles } from '../views.ts';
import { atStart, emitState, hidesField, isShared, type Use } from './process-state.ts';

const scalar =
  /^(?:String|boolean|Boolean|int|Integer|long|Long|double|Double|float|Float|BigDecimal|LocalDate|LocalDateTime|Date|Instant|UUID)$/;
const answers = ['Controller', 'RestController', 'WebServlet', 'Path'];
/** What each copy may work out or ask for again, settings, and marks of its own work. */
const notData =
  /token|ticket|expir|time|cache|last|url|uri|path|host|port|key|secret|config|version|init|start|run|stop|conn|retry|attempt|instance|context|logger|prefix|folder|dir|file|locale|lang|format|template|sql|query|regex|message|result|response|request|view|page|title|error|debug|enable|thread|lock|stat|metric|count|index|size|max|min|temp|tmp|buffer|default/i;
const ownKinds =
  /Service|Repository|Dao|DAO|Mapper|Client|Util|Helper|Factory|Manager|Config|Template|Logger|Handler|Form|Builder|Properties|Context|Thread|Exception/;

interface Candidate {
  readonly type: TypeView;
  readonly field: Field;
  /** The methods of its file. */
  readonly near: readonly MethodView[];
}
const isPlain = ({ name, type, modifiers, annotations }: Field): boolean =>
  (scalar.test(type) || (/^[A-Z]/.test(type) && !ownKinds.test(type))) &&
  !modifiers.includes('final') &&
  annotations.length === 0 &&
  !notData.test(name);
const ownFields = inFiles((file) =>
  file.types.flatMap((type) => {
    const isController = annotationOf(type.type, ...answers) !== undefined || /^HttpServlet$/.test(type.type.superclass ?? '');
    return type.type.fields.flatMap((field): readonly Candidate[] => {
      const isOpen = (isController || field.modifiers.includes('static')) && type.type.kind === 'class';
      return isOpen && isPlain(field) ? [{ type, field, near: file.methods }] : [];
    });
  }),
);
/** `Shop.signedIn = user`: the class may hold nothing else that matters. */
const setFromOutside = inFiles(({ methods }) =>
  methods.flatMap(({ file, method }) =>
    method.assignments.flatMap(({ target }) =>
      target.length === 2 && /^[A-Z]/.test(target[0]!) ? [{ file, owner: target[0]!, name: target[1]! }] : [],
    ),
  ),
);
function candidatesIn(view: ProgramView): readonly Candidate[] {
  const found = new Map<Field, Candidate>(ownFields(view).map((one) => [one.field, one]));
  for (const { file, owner, name } of setFromOutside(view)) {
    const type = view.names.find(file, owner);
    const field = type?.type.fields.find((one) => one.name === name && one.modifiers.includes('static'));
    if (type && field && isPlain(field) && !found.has(field)) found.set(field, { type, field, near: [] });
  }
  return [...found.values()];
}

/** Data of the program, nothing that works. */
function isData({ type, field }: Candidate, view: ProgramView): boolean {
  if (scalar.test(field.type)) return true;
  const own = view.names.find(type.file, field.type);
  return own !== undefined && own.type.kind !== 'interface' && own.type.fields.length > 0 && own.type !== type.type && !view.isBean(own);
}

const mentions = (expression: Expression | undefined, isField: (path: readonly string[]) => boolean, depth = 0): boolean => {
  if (!expression || depth > 8) return false;
  const again = (one: Expression | undefined): boolean => mentions(one, isField, depth + 1);
  if (expression.is === 'name') return isField(expression.path);
  if (expression.is === 'call') return again(expression.on) || expression.args.some(again);
  if (expression.is === 'new') return expression.args.some(again);
  return expression.is === 'sum' ? expression.parts.some(again) : expression.is === 'field' && again(expression.on);
};

/** How a method names the field: by itself in its own class, by its class elsewhere. */
function namesField({ type, field }: Candidate, view: MethodView): ((path: readonly string[]) => boolean) | undefined {
  if (view.type === type.type) return hidesField(view, field.name) ? undefined : (path) => path[0] === field.name;
  if (!field.modifiers.includes('static') || field.modifiers.includes('private')) return undefined;
  const owner = type.type.name.slice(type.type.name.lastIndexOf('.') + 1);
  return (path) => path.length > 1 && path[0] === owner && path[1] === field.name;
}

/** Names that methods set: most fields of a large program are never set, and their uses are dear to find. */
const namesSet = inFiles(({ methods }) =>
  methods.flatMap(({ method }) => method.assignments.flatMap(({ target, how }) => (how === 'set' ? target.slice(0, 2) : []))),
);

type Names = (path: readonly string[]) => boolean;
const settingIn = ({ method }: MethodView, isField: Names) =>
  method.assignments.find(({ target, value, how }) => how === 'set' && isField(target) && value?.is !== 'null');
const readingIn = ({ method: { calls, creations, locals, assignments } }: MethodView, isField: Names) =>
  calls.find((one) => mentions(one, isField)) ??
  creations.find((one) => mentions(one, isField)) ??
  locals.find(({ value }) => mentions(value, isField)) ??
  assignments.find(({ value }) => mentions(value, isField));

function usesOf(candidate: Candidate, view: ProgramView): { readonly writes: readonly Use[]; readonly reads: readonly Use[] } {
  const { field, near } = candidate;
  const isWide = field.modifiers.includes('static') && !field.modifiers.includes('private');
  const methods = isWide ? view.methods : near;
  const setting = new Set<MethodView>();
  const writes = methods.flatMap((method): readonly Use[] => {
    const isField = method.method.assignments.length > 0 ? namesField(candidate, method) : undefined;
    const set = isField && settingIn(method, isField);
    if (!set || atStart(method)) return [];
    setting.add(method);
    return view.handlesWork(method) ? [{ view: method, at: set.at, ...(set.value ? { value: set.value } : {}) }] : [];
  });
  if (writes.length === 0) return { writes, reads: [] };
  const reads = methods.flatMap((method): readonly Use[] => {
    const isField = setting.has(method) || atStart(method) ? undefined : namesField(candidate, method);
    const read = isField && readingIn(method, isField);
    return read && view.handlesWork(method) ? [{ view: method, at: read.at }] : [];
  });
  return { writes, reads };
}

const mapping = /(?:^|\.)(?:(?:Get|Post|Put|Delete|Patch|Request)Mapping|GET|POST|PUT|DELETE|PATCH)$/;
/** What a request or a page starts. */
const entries = inFiles(({ methods }) =>
  methods.filter(
    ({ method, type }) =>
      method.annotations.some(({ name }) => mapping.test(name)) ||
      (/^do(?:Get|Post|Put|Delete)$/.test(method.name) && /HttpServlet$/.test(type.superclass ?? '')) ||
      (annotationOf(type, 'ManagedBean', 'Named') !== undefined && method.modifiers.includes('public') && method.name !== '<init>'),
  ),
);
/** One request uses what it did not set itself: else the field is a variable of one request, wherever it stands. */
function outlivesRequest({ writes, reads }: ReturnType<typeof usesOf>, view: ProgramView): boolean {
  const [written, read] = [new Set(writes.map((use) => use.view.id)), new Set(reads.map((use) => use.view.id))];
  const types = new Set(reads.map((use) => use.view.type));
  // What a page or a servlet starts lies in its own class mostly.
  const near = entries(view).filter(({ type }) => types.has(type));
  return near.some((entry) => {
    const reached = view.calledFrom([entry]);
    return reached.some(({ id }) => read.has(id)) && !reached.some(({ id }) => written.has(id));
  });
}

export const fieldsOfRequests: Recogniser = {
  text: ['@Controller', '@RestController', 'HttpServlet', '@Path'],
  recognise(view, emit) {
    const told = new Set<TypeView['type']>();
    const set = new Set(namesSet(view));
    for (const candidate of candidatesIn(view)) {
      const { type, field } = candidate;
      // The first of a class stands for all.
      if (told.has(type.type) || !set.has(field.name) || !isShared(type, field, view) || !isData(candidate, view)) continue;
      const uses = usesOf(candidate, view);
      if (uses.writes.length === 0 || uses.reads.length === 0 || !outlivesRequest(uses, view)) continue;
      told.add(type.type);
      emitState(emit, type, field, 'value', uses.writes, uses.reads);
    }
  },
};
