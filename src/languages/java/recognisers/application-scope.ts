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
const ownNames = /path|root|url|uri|ctx|context|version|locale|lang|config|encoding|title|dao|service|factory|manager|pool|thread|logger/i;

const isOwn = (name: string, value: Expression | undefined): boolean =>
  ownNames.test(name) ||
  value === undefined ||
  ['null', 'text', 'number', 'flag', 'class', 'new'].includes(value.is) ||
  (value.is === 'call' && /^(?:getContextPath|getRealPath|getInitParameter|getServletContextName|getBean|toString)$/.test(value.name));

/** `if (context.getAttribute("rates") == null) context.setAttribute("rates", load())`: any copy makes it again; what is changed and put back is state. */
function isMemo(owner: CallView, name: string, view: ProgramView): boolean {
  const { method, call } = owner;
  const reads = (one: Expression | undefined): boolean =>
    one?.is === 'call' && one.name === 'getAttribute' && view.names.text(one.args[0], owner) === name;
  if (!method.calls.some(reads)) return false;
  const value = call.args[1];
  const [written] = value?.is === 'name' ? value.path : [];
  const isKept = (one: Expression | undefined, depth = 0): boolean =>
    reads(one) ||
    (depth < 6 && one?.is === 'call' && (isKept(one.on, depth + 1) || one.args.some((part) => isKept(part, depth + 1)))) ||
    (depth < 6 && one?.is === 'sum' && one.parts.some((part) => isKept(part, depth + 1))) ||
    (depth < 6 && one?.is === 'name' && method.locals.some((local) => local.name === one.path[0] && isKept(local.value, depth + 1)));
  return !(isKept(value) || method.locals.some((local) => local.name === written && isKept(local.value)));
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
  for (const { what, text, place } of view.pages)
    if (what === 'application' && text !== undefined && !ownNames.test(text)) found.set(text, [...(found.get(text) ?? []), place]);
  return found;
}

export const applicationScope: Recogniser = {
  text: ['getServletContext()', 'ServletContext ', 'getApplicationMap'],
  recognise(view, emit) {
    for (const [name, writes] of writesOf(view))
      emit('process-state', writes[0]!, { name, type: 'object', holds: 'state', writes, reads: [] }, { confidence: 'likely' });
  },
};
