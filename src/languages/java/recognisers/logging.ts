import { type MethodView, refersTo } from '../names.ts';
import { annotationOf, type Emit, type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import { inFiles } from '../views.ts';

const handlers: readonly (readonly [string, string])[] = [
  ['java.util.logging.FileHandler', 'java.util.logging'],
  ['org.apache.log4j.FileAppender', 'log4j'],
  ['org.apache.log4j.RollingFileAppender', 'log4j'],
  ['org.apache.log4j.DailyRollingFileAppender', 'log4j'],
];
/** `logger.addHandler(new FileHandler("logs/shop.log"))`, also by a variable or field of the same class. */
const madeInCode = inFiles(({ path, file, methods }) =>
  methods.flatMap((view) =>
    view.method.creations.flatMap(({ type, args, at }) => {
      const library = args.length === 0 ? undefined : handlers.find(([name]) => refersTo(file, type, name))?.[1];
      const isAdded = view.type.methods.some(({ calls }) => calls.some(({ name }) => name === 'addHandler' || name === 'addAppender'));
      return library && isAdded ? [{ view, library, place: placeAt(path, at) }] : [];
    }),
  ),
);

function emitMade(view: ProgramView, emit: Emit): void {
  const made = madeInCode(view);
  if (made.length === 0) return;
  const started = new Set(view.calledFrom(view.methods.filter(({ method }) => method.name === 'main')).map(({ id }) => id));
  const runs = (method: MethodView): boolean =>
    view.isBean(method) ||
    annotationOf(method.method, 'Produces') !== undefined ||
    started.has(method.id) ||
    view.answersRequest(method) ||
    // A class that requests lead to runs its initialisers first.
    (/^<(?:static|init|instance)>$/.test(method.method.name) &&
      view.methods.some((one) => one.type === method.type && (started.has(one.id) || view.answersRequest(one))));
  for (const { view: method, library, place } of made) {
    if (!runs(method)) continue;
    emit('log-sink', place, { library, sink: 'file' }, { within: method.id, confidence: 'likely' });
    // Loggers of the JDK hand their lines on to the console, unless told otherwise.
    if (library === 'java.util.logging' && !handsNothingOn(method)) emit('log-sink', place, { library, sink: 'console' });
  }
}

const handsNothingOn = ({ type }: MethodView): boolean =>
  type.methods.some(({ calls }) =>
    calls.some(({ name, args }) => name === 'setUseParentHandlers' && args[0]?.is === 'flag' && !args[0].value),
  );

/** Spring writes a log file beside the console when a name or folder is set; code may add a file to loggers. */
export const logging: Recogniser = {
  text: ['FileHandler', 'FileAppender'],
  recognise(view, emit) {
    emitMade(view, emit);
    for (const setting of view.settings.matching(
      /^(?:logging\.(?:file(?:\.(?:name|path))?|path)|quarkus\.log\.file\.path|server\.tomcat\.accesslog\.directory)$/,
    )) {
      if (setting.text !== '')
        emit(
          'log-sink',
          setting.place,
          { library: 'Spring Boot logging', sink: 'file', target: view.settings.value(setting) },
          { when: setting.when },
        );
    }
  },
};
