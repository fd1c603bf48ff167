/** Functions that may run while the program works, beyond what is known to answer requests: callbacks, listeners, methods of frameworks. */
import type { FunctionView, ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

const nameOf = (expression: Expression): string =>
  expression.is === 'attribute' || expression.is === 'name' ? expression.name : expression.is === 'call' ? nameOf(expression.callee) : '';

/** They keep a function as it is, or belong to a command line, to tests and to tasks that have rules of their own. */
const saysLittle =
  /^(?:property|staticmethod|classmethod|abstractmethod|override|overload|wraps|contextmanager|asynccontextmanager|lru_cache|cache|cached_property|command|group|option|argument|fixture|setter|getter|validator|field_validator|model_validator|root_validator|dataclass|task|shared_task|periodic_task|job|cron|scheduled_job|retry|patch|skip\w*|parametrize)$/;
/** Bases that call nothing, and those of commands, tests and data. */
const passive =
  /(?:^|\.)(?:object|ABC|Protocol|Generic|Enum|IntEnum|StrEnum|str|dict|Exception|BaseException|BaseModel|BaseSettings|NamedTuple|TypedDict|BaseCommand|TestCase|AsyncTestCase)$/;
/** Wait for messages: the function goes on as long as the program does. */
const waitsForMessages =
  /^(?:listen|consume|start_consuming|poll|getone|getmany|get_message|brpop|blpop|xread|xreadgroup|receive_messages?|recv)$/;

/** Names that arguments hand over: `Thread(target=work)`, `{'paid': on_paid}`. */
function* handedIn(expression: Expression, depth = 0): Generator<string> {
  if (depth > 3) return;
  if (expression.is === 'name' || expression.is === 'attribute') yield expression.name;
  else if (expression.is === 'list') for (const item of expression.items) yield* handedIn(item, depth + 1);
  else if (expression.is === 'dict') for (const { value } of expression.entries) yield* handedIn(value, depth + 1);
}

function findRoots(program: ProgramView): readonly string[] {
  const handed = new Set<string>();
  const waiting = new Set<string>();
  for (const { written, name, within } of program.calls) {
    for (const argument of written.call.args) for (const one of handedIn(argument)) handed.add(one);
    for (const argument of Object.values(written.call.named)) for (const one of handedIn(argument)) handed.add(one);
    if (within !== undefined && waitsForMessages.test(name)) waiting.add(within);
  }
  for (const { own } of program.assignments) for (const one of own.value.is === 'dict' ? handedIn(own.value) : []) handed.add(one);
  const framed = new Set(program.classes.filter(({ own }) => own.bases.some((base) => !passive.test(nameOf(base)))).map(({ id }) => id));
  const bases = new Map(program.classes.map(({ id, own }) => [id, own.bases] as const));
  const isCommand = ({ path, own }: FunctionView): boolean =>
    own.class !== undefined && (bases.get(`${path}#${own.class}`) ?? []).some((base) => /Command|TestCase/.test(nameOf(base)));
  return program.functions
    .filter((view) => {
      const { id, path, own } = view;
      if (isCommand(view) || own.name === '__init__') return false;
      if (waiting.has(id) || handed.has(own.name)) return true;
      if (own.decorators.some((decorator) => !saysLittle.test(nameOf(decorator)))) return true;
      return own.class !== undefined && framed.has(`${path}#${own.class}`) && !own.decorators.length;
    })
    .map(({ id }) => id);
}

const known = new WeakMap<ProgramView, ReadonlySet<string>>();
export function liveFunctions(program: ProgramView): ReadonlySet<string> {
  const found = known.get(program) ?? program.reached(findRoots(program));
  known.set(program, found);
  return found;
}
