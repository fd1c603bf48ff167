/** Logins of Spring Security that stay in the HTTP session: forms and OAuth2, where something requires them. */
import type { Place } from '../../../types.ts';
import { type CallView, importsFrom } from '../names.ts';
import { type ProgramView, placeAt } from '../recogniser.ts';
import type { At, Expression } from '../summary.ts';

const requires = /^(?:authenticated|fullyAuthenticated|hasRole|hasAnyRole|hasAuthority|hasAnyAuthority|access|hasPermission)$/;

const isAfter = ([line, column]: At, [, , endLine, endColumn]: At): boolean => line > endLine || (line === endLine && column >= endColumn);
const isBefore = ([, , endLine, endColumn]: At, [, , line, column]: At): boolean =>
  endLine < line || (endLine === line && endColumn <= column);

/** `formLogin().disable()`, `formLogin(AbstractHttpConfigurer::disable)`, `formLogin(form -> form.disable())`. */
const isDisabled = ({ method, call }: CallView): boolean =>
  method.calls.some(
    ({ name, on, at }) =>
      name === 'disable' &&
      ((on?.is === 'call' && on.name === call.name && on.at[2] === call.at[2] && on.at[3] === call.at[3]) ||
        ((call.on === undefined || isAfter(at, call.on.at)) && isBefore(at, call.at))),
  );

const namesPolicy = (expression: Expression): boolean => expression.is === 'name' && /^(?:STATELESS|NEVER)$/.test(expression.path.at(-1)!);
/** Tokens carry the login, or a repository of the program's own keeps it. */
const keepsElsewhere = ({ method }: CallView): boolean =>
  method.calls.some(
    ({ name, args }) => (name === 'sessionCreationPolicy' && args.some(namesPolicy)) || name === 'securityContextRepository',
  );

/** The name itself, not where its chain begins. */
function nameOf({ name, args, at }: CallView['call']): At {
  const [line, end] = args[0] ? [args[0].at[0], args[0].at[1] - 1] : [at[2], at[3] - 2];
  const column = Math.max(1, end - name.length);
  return [line, column, line, column + name.length];
}

/** A session begins with the login, and whoever is signed in is found there with each request. */
export const loginsOfSpring = (view: ProgramView): readonly Place[] =>
  view
    .callsNamed('formLogin', 'oauth2Login', 'saml2Login')
    .filter(
      (call) =>
        importsFrom(call.file, 'org.springframework.security') &&
        call.method.calls.some(({ name }) => requires.test(name)) &&
        !isDisabled(call) &&
        !keepsElsewhere(call),
    )
    .map(({ path, call }) => placeAt(path, nameOf(call)));
