import type { StoreChoice } from '../../../facts.ts';
import { type CallView, importsFrom, type TypeView } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';

interface Kept {
  readonly library: string;
  readonly call: CallView;
  readonly kind: StoreChoice['kind'];
}

/** Jetty's sessions move to a store that the program gives it. */
const givenStores = inFiles(({ methods }) =>
  methods.filter(({ method }) => method.creations.some(({ type }) => /SessionDataStore/.test(type))),
);

/** `sessionAttribute("user", null)` forgets. */
const setsValue = (args: readonly Expression[]): boolean => args.length === 2 && args[1]?.is !== 'null';

/** A helper that nobody calls sets up nothing. */
const isUsed = (call: CallView, view: ProgramView): boolean =>
  /^(?:main|start|rxStart|asyncStart|module|<init>|<instance>)$/.test(call.method.name) ||
  view.callsNamed(call.method.name).some((other) => other.call.on === undefined && isOrExtends(other, call.type.name, view));

const isOrExtends = (start: TypeView, name: string, { names }: ProgramView): boolean => {
  for (let view: TypeView | undefined = start, depth = 0; view && depth < 8; depth++) {
    if (view.type.name === name) return true;
    view = view.type.superclass ? names.find(view.file, view.type.superclass) : undefined;
  }
  return false;
};

function kept(view: ProgramView): readonly Kept[] {
  const local = view
    .callsNamed('create')
    .filter(
      (call) =>
        call.call.on?.is === 'name' &&
        call.call.on.path.at(-1) === 'LocalSessionStore' &&
        importsFrom(call.file, 'io.vertx') &&
        isUsed(call, view),
    );
  const files = view.callsNamed('directorySessionStorage').filter(({ file }) => importsFrom(file, 'io.ktor'));
  const isGiven = givenStores(view).length > 0;
  const attributes = isGiven
    ? []
    : [
        ...view.callsNamed('sessionAttribute').filter(({ file, call }) => setsValue(call.args) && importsFrom(file, 'io.javalin')),
        ...view
          .callsNamed('attribute')
          .filter(
            ({ file, call: { on, args } }) =>
              setsValue(args) &&
              on?.is === 'call' &&
              on.name === 'session' &&
              importsFrom(file, 'spark', 'com.blade', 'com.hellokaton.blade'),
          ),
      ];
  return [
    ...local.map((call) => ({ library: '`LocalSessionStore` of Vert.x', call, kind: 'memory' as const })),
    ...files.map((call) => ({ library: '`directorySessionStorage` of Ktor', call, kind: 'file' as const })),
    ...attributes.map((call) => ({ library: 'The session of the embedded server', call, kind: 'memory' as const })),
  ];
}

const memoryOfKtor = inFiles((file) =>
  importsFrom(file.file, 'io.ktor')
    ? file.methods.flatMap(({ method }) =>
        method.creations.filter(({ type }) => /(?:^|\.)SessionStorageMemory$/.test(type)).map(({ at }) => placeAt(file.path, at)),
      )
    : [],
);

/** Sessions of frameworks whose routes are calls. Ktor keeps them in a cookie unless a storage is named. */
export const codeSessions: Recogniser = {
  text: ['LocalSessionStore', 'sessionAttribute', 'session()', 'SessionStorageMemory', 'directorySessionStorage'],
  recognise(view, emit) {
    const [first, ...others] = kept(view);
    if (first) {
      const place = placeAt(first.call.path, first.call.call.at);
      const uses = others.map(({ call }) => placeAt(call.path, call.call.at));
      emit('session', place, { library: first.library, stores: [{ kind: first.kind, place }], ...(uses.length > 0 ? { uses } : {}) });
    }
    for (const place of memoryOfKtor(view))
      emit('session', place, { library: '`SessionStorageMemory` of Ktor', stores: [{ kind: 'memory', place }] });
  },
};
