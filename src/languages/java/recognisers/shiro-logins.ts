/** Logins of Shiro that stay in a session: its own sessions in the memory of the process, or those of the server. */
import type { Place } from '../../../types.ts';
import { type CallView, importsFrom, refersTo } from '../names.ts';
import { type ProgramView, placeAt } from '../recogniser.ts';
import { inFiles } from '../views.ts';

const managers = ['org.apache.shiro.web.session.mgt.DefaultWebSessionManager', 'org.apache.shiro.session.mgt.DefaultSessionManager'];
const ownStores = /^(?:Memory|EnterpriseCache)SessionDAO$/;

/** `new DefaultWebSessionManager()` in what sets Shiro up, or a class of the program that extends it. */
const madeManagers = inFiles(({ path, file, types, methods }) => {
  const own = types.filter(({ type }) => type.superclass !== undefined && refersTo(file, type.superclass, ...managers));
  const made = methods.flatMap(({ method }) => method.creations.filter(({ type }) => refersTo(file, type, ...managers)));
  return [...made.map(({ at }) => placeAt(path, at)), ...own.map(({ type }) => placeAt(path, type.at))];
});

/** A DAO that is neither one of Shiro's own two keeps them where nobody can say. */
const otherStores = inFiles(({ methods }) =>
  methods.flatMap(({ method }) => method.creations.filter(({ type }) => /SessionD(?:AO|ao)$/.test(type) && !ownStores.test(type))),
);

/** Tokens carry the login: `evaluator.setSessionStorageEnabled(false)`, `context.setSessionCreationEnabled(false)`, the filter `noSessionCreation`. */
function keepsNoSession(view: ProgramView): boolean {
  const switchedOff = view
    .callsNamed('setSessionStorageEnabled', 'setSessionCreationEnabled')
    .some(({ call }) => call.args[0]?.is === 'flag' && !call.args[0].value);
  return (
    switchedOff ||
    view
      .callsNamed('put', 'addPathDefinition')
      .some(({ call }) => call.args[1]?.is === 'text' && /\bnoSessionCreation\b/.test(call.args[1].value))
  );
}

/** `SecurityUtils.getSubject().login(new UsernamePasswordToken(name, password))`, also by variables. */
function isLogin(call: CallView, { names }: ProgramView): boolean {
  const { on, args } = call.call;
  if (on === undefined || args.length !== 1 || !importsFrom(call.file, 'org.apache.shiro')) return false;
  const isSubject = on.is === 'call' ? on.name === 'getSubject' : refersTo(call.file, names.typeOf(on, call) ?? '', subject);
  const written = isSubject ? names.typeOf(args[0], call) : undefined;
  if (written === undefined) return false;
  const own = names.find(call.file, written);
  return refersTo(own?.file ?? call.file, own ? (own.type.superclass ?? '') : written, 'org.apache.shiro.authc.UsernamePasswordToken');
}
const subject = 'org.apache.shiro.subject.Subject';

/** Where users sign in, and what keeps their sessions. */
export function loginsOfShiro(view: ProgramView): readonly Place[] {
  const logins = view.callsNamed('login').filter((call) => isLogin(call, view) && view.servesRequest(call));
  if (logins.length === 0 || keepsNoSession(view) || otherStores(view).length > 0) return [];
  const chosen = view.settings
    .matching(/^shiro\.user-?native-?session-?manager$/i)
    .filter(({ text, profile }) => text === 'true' && (profile === undefined || view.settings.active.includes(profile)));
  const keepers = [...madeManagers(view), ...chosen.map(({ place }) => place)];
  return [...keepers.slice(0, 1), ...logins.map(({ path, call }) => placeAt(path, call.at))];
}
