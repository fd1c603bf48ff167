/** What requests put into the context of the web application, which each copy has for itself: `getServletContext().setAttribute(…)`. */
import type { Place } from '../../../types.ts';
import { type CallView, refersTo } from '../names.ts';
import { type ProgramView, placeAt, type Recogniser } from '../recogniser.ts';
import type { Expression } from '../summary.ts';

const isContext = (on: Expression | undefined, call: CallView, { names }: ProgramView): boolean => {
  if (on?.is === 'call') return on.name === 'getServletContext' && on.args.length === 0;
  const type = on && names.typeOf(on, call);
  return type !== undefined && refersTo(call.file, type, 'jakarta.servlet.ServletContext');
};
/** `FacesContext.….getApplicationMap().put(…)`. */
const isApplicationMap = (on: Expression | undefined): boolean => on?.is === 'call' && on.name === 'getApplicationMap';

const atStart =
  /^(?:<init>|<static>|<instance>|init\w*|contextInitialized|contextDestroyed|onStartup|start|afterPropertiesSet|setServletContext)$/;
/** Listeners of sessions count who is there. */
const ofSessions = /^(?:sessionCreated|sessionDestroyed|attributeAdded|attributeReplaced|valueBound|valueUnbound)$/;
/** What any copy knows by itself: its paths, its version, texts. */
const ownNames =
  /path|root|url|uri|ctx|context|version|locale|lang|config|encoding|title|dao|service|factory|manager|pool|thread|logger|engine|instance|bean/i;

const isOwn = (name: string, value: Expression | undefined): boolean =>
  ownNames.test(name) ||
  value === undefined ||
  ['null', 'text', 'number', 'flag', 'class', 'new'].includes(value.is) ||
  (value.is === 'call' && /^(?:getContextPath|getRealPath|getInitParameter|getServletContextName|getBean|toString)$/.test(value.name));

const changes = /^(?:add|addAll|put|putAll|remove|removeIf|clear|push|offer|increment\w*|append|set\w*)$/;
const plainValues = /^(?:int|long|Integer|Long|String|AtomicInteger|AtomicLong)$/;

/** `if (context.getAttribute("rates") == null) context.setAttribute("rates", load())`: any copy makes it again; what is changed and put back is state. */
function isMemo(owner: CallView, name: string, view: ProgramView): boolean {
  const { method, call } = owner;
  const reads = (one: Expression | undefined): boolean =>
    one?.is === 'call' && one.name === 'getAttribute' && view.names.text(one.args[0], owner) === name;
  if (!method.calls.some(reads)) return false;
  const kept = method.locals.filter((local) => reads(local.value));
  const mentions = (one: Expression | undefined, depth = 0): boolean =>
    depth < 6 &&
    (one?.is === 'name'
      ? kept.some((local) => local.name === one.path[0])
      : one?.is === 'sum'
        ? one.parts.some((part) => mentions(part, depth + 1))
        : one?.is === 'call' && (reads(one) || mentions(one.on, depth + 1) || one.args.some((part) => mentions(part, depth + 1))));
  const [value] = call.args.slice(1);
  if (value?.is !== 'name') return !mentions(value);
  const local = kept.find((one) => one.name === value.path[0]);
  // The same variable may hold what was just made; a number or a text that is put back was changed.
  if (local) return !plainValues.test(local.type) && !method.calls.some(({ on, name: called }) => changes.test(called) && mentions(on));
  return !method.locals.some((one) => one.name === value.path[0] && mentions(one.value));
}

function writesOf(view: ProgramView): ReadonlyMap<string, readonly Place[]> {
  const found = new Map<string, Place[]>();
  const calls = [
    ...view.callsNamed('setAttribute').filter((call) => isContext(call.call.on, call, view)),
    ...view.callsNamed('put').filter(({ call }) => isApplicationMap(call.on)),
  ];
  for (const call of calls) {
    const [key, value] = call.call.args;
    const name = call.call.args.length === 2 ? view.names.text(key, call) : undefined;
    if (name === undefined || atStart.test(call.method.name) || isOwn(name, value)) continue;
    if (!ofSessions.test(call.method.name) && !view.handlesWork(call)) continue;
    if (isMemo(call, name, view)) continue;
    const place = placeAt(call.path, call.call.at);
    found.set(name, [...(found.get(name) ?? []), place]);
  }
  const isRead = readsOf(view);
  for (const { what, text, place } of view.pages)
    if (what === 'application' && text !== undefined && !ownNames.test(text) && isRead(text))
      found.set(text, [...(found.get(text) ?? []), place]);
  return found;
}

/** What a page only hands to its own tags is made anew by each request; code that asks for it uses what an earlier one left. */
function readsOf(view: ProgramView): (name: string) => boolean {
  const inPages = new Set(view.pages.flatMap(({ what, text }) => (what === 'application-read' ? (text ?? []) : [])));
  let inCode: ReadonlySet<string> | undefined;
  return (name) => {
    inCode ??= new Set(view.callsNamed('getAttribute').flatMap((call) => view.names.text(call.call.args[0], call) ?? []));
    return inPages.has(name) || inCode.has(name);
  };
}

export const applicationScope: Recogniser = {
  text: ['getServletContext()', 'ServletContext ', 'getApplicationMap'],
  recognise(view, emit) {
    for (const [name, writes] of writesOf(view))
      emit('process-state', writes[0]!, { name, type: 'object', holds: 'state', writes, reads: [] }, { confidence: 'likely' });
  },
};
