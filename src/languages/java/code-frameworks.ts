/** Web frameworks whose routes are calls: which methods answer requests there. */
import { importsFrom } from './names.ts';
import type { Expression } from './summary.ts';
import { type FileViews, inFiles } from './views.ts';

interface Framework {
  readonly library: string;
  /** What a file that declares routes imports. */
  readonly packages: readonly string[];
  /** Types by which a request is handed to a method. */
  readonly requests: RegExp;
  /** Routes are called on nothing: `get("/carts") { … }`. */
  readonly isBare: boolean;
}
const frameworks: readonly Framework[] = [
  {
    library: 'ktor',
    packages: ['io.ktor.server.routing', 'io.ktor.routing', 'io.ktor.server.websocket', 'io.ktor.websocket'],
    requests: /^(?:ApplicationCall|RoutingCall|RoutingContext|PipelineContext)$/,
    isBare: true,
  },
  { library: 'vertx', packages: ['io.vertx.ext.web'], requests: /^RoutingContext$/, isBare: false },
  { library: 'javalin', packages: ['io.javalin'], requests: /^(?:Context|WsContext|WsMessageContext)$/, isBare: false },
  { library: 'spark', packages: ['spark'], requests: /^Request$/, isBare: true },
];
const verbs: Readonly<Record<string, readonly string[]>> = {
  get: ['GET'],
  post: ['POST'],
  put: ['PUT'],
  delete: ['DELETE'],
  patch: ['PATCH'],
  route: [],
  webSocket: ['GET'],
  sse: ['GET'],
  ws: ['GET'],
};

type Call = Extract<Expression, { is: 'call' }>;
export interface CodeRoute {
  readonly view: FileViews['methods'][number];
  readonly call: Call;
  readonly library: string;
  readonly methods: readonly string[];
  /** Absent: no constant text. */
  readonly path?: string;
}

const frameworkOf = ({ file }: FileViews): Framework | undefined => frameworks.find(({ packages }) => importsFrom(file, ...packages));

/** `map.get("/carts")` is no route: those on something start with a slash and have a handler. */
function isRoute({ on, name, args }: Call, { isBare }: Framework): boolean {
  if (!Object.hasOwn(verbs, name)) return false;
  const [first] = args;
  if (on === undefined) return isBare || first?.is === 'text';
  return !isBare && first?.is === 'text' && first.value.startsWith('/');
}

/** Calls that declare a route, with the method around them. */
export const codeRoutes = inFiles((file): readonly CodeRoute[] => {
  const framework = frameworkOf(file);
  if (!framework) return [];
  return file.methods.flatMap((view) =>
    view.method.calls
      .filter((call) => isRoute(call, framework))
      .map((call) => {
        const [first] = call.args;
        const path = first?.is === 'text' ? { path: first.value } : {};
        return { view, call, library: framework.library, methods: verbs[call.name]!, ...path };
      }),
  );
});

/** Methods in which routes are declared with their lambdas, or that are handed a request. */
export const codeHandlers = inFiles((file) => {
  const framework = frameworkOf(file);
  if (!framework) return [];
  return file.methods.filter(
    ({ method }) =>
      method.calls.some((call) => isRoute(call, framework)) || method.parameters.some(({ type }) => framework.requests.test(type)),
  );
});
