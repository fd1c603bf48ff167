/** Controllers whose mappings stand at an interface: one of the program, or one that the build makes of an OpenAPI document. */
import type { MethodView, Names, TypeView } from './names.ts';
import { annotationOf } from './recogniser.ts';
import { type FileViews, idOf, inFiles } from './views.ts';

interface Program {
  readonly files: readonly FileViews[];
  readonly names: Names;
}

const implementations = inFiles(({ types }) => types.filter(({ type }) => type.kind === 'class' && type.interfaces.length > 0));
/** What the generators of OpenAPI call their interfaces. */
const generated = /(?:Api|ApiDelegate|ApiService)$/;
const notGenerated = /^(?:Serializable|Comparable|ErrorController)$/;
const mostParents = 4;

/** Names of the methods that an interface, or one that it extends, maps to requests. */
function mappedBy(
  view: TypeView,
  names: Names,
  isMapped: (view: TypeView['type']['methods'][number]) => boolean,
  depth = 0,
): readonly string[] {
  // What calls others is implemented where they cannot be reached.
  if (view.type.kind !== 'interface' || annotationOf(view.type, 'FeignClient', 'HttpExchange', 'RegisterRestClient', 'Client')) return [];
  const own = view.type.methods.filter(isMapped).map(({ name }) => name);
  const parents = depth < mostParents ? view.type.interfaces.flatMap((name) => names.find(view.file, name) ?? []) : [];
  return [...own, ...parents.flatMap((parent) => mappedBy(parent, names, isMapped, depth + 1))];
}

/** An interface that is not in sight says what requests call: `@RestController class PetsController implements PetsApi`. */
const isGenerated = ({ type }: TypeView, name: string): boolean => {
  const simple = name.slice(name.lastIndexOf('.') + 1);
  if (notGenerated.test(simple)) return false;
  return annotationOf(type, 'RestController', 'Controller') !== undefined ? generated.test(simple) : /ApiDelegate$/.test(simple);
};

export function contractHandlers(
  program: Program,
  isMapped: (method: TypeView['type']['methods'][number]) => boolean,
): readonly MethodView[] {
  return implementations(program).flatMap((view) => {
    const called = new Set<string>();
    let isOpen = false;
    for (const name of view.type.interfaces) {
      const found = program.names.find(view.file, name);
      if (found) for (const method of mappedBy(found, program.names, isMapped)) called.add(method);
      else isOpen ||= isGenerated(view, name);
    }
    return view.type.methods
      .filter((method) => called.has(method.name) || (isOpen && annotationOf(method, 'Override') !== undefined))
      .map((method): MethodView => ({ ...view, method, id: idOf(view.path, view.type, method) }));
  });
}
