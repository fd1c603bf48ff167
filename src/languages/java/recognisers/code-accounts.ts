/** Accounts that code writes down: passwords in the properties of a connection, and sign-ins that compare with a fixed one. */
import { type Compared, comparedPasswords } from '../../../text/compared-accounts.ts';
import { readJdbcUrl } from '../../../text/jdbc-urls.ts';
import type { CallView, MethodView } from '../names.ts';
import { refersTo } from '../names.ts';
import type { ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { inFiles } from '../views.ts';

export interface WrittenPassword {
  readonly view: MethodView;
  readonly secret: Expression;
}

const passwordConstant = /^(?:PASS|PASSWORD|JPA_JDBC_PASSWORD|JAKARTA_JDBC_PASSWORD|JDBC_PASSWORD|SECURITY_CREDENTIALS)$/;
const ownersOfConstants = /^(?:Environment|AvailableSettings|JdbcSettings|PersistenceUnitProperties|Context|InitialContext)$/;
const passwordKey =
  /^(?:hibernate\.connection|java(?:x|karta)\.persistence\.jdbc|connection|jdbc|db|database|datasource|mail\.smtps?)\.(?:password|passwd|pwd)$/;

/** The account stands beside its password: `login.put("user", "cook")`. */
const namesUser = ({ call, method }: CallView): boolean =>
  method.calls.some(({ name, args: [key] }) => name === call.name && key?.is === 'text' && /^user(?:_?name)?$/i.test(key.value));

function isPasswordKey(key: Expression | undefined, call: CallView, { names }: ProgramView): boolean {
  if (key?.is === 'name') {
    const [last, owner] = [key.path.at(-1)!, key.path.at(-2)];
    if (owner !== undefined && ownersOfConstants.test(owner)) return passwordConstant.test(last);
  }
  const text = names.text(key, call);
  if (text === undefined) return false;
  if (passwordKey.test(text)) return true;
  const type = text === 'password' && namesUser(call) ? names.typeOf(call.call.on, call) : undefined;
  return type !== undefined && refersTo(call.file, type, 'java.util.Properties');
}

const opensEmbedded = ({ method }: MethodView): boolean =>
  [...method.calls, ...method.creations].some(({ args }) =>
    args.some((one) => one.is === 'text' && readJdbcUrl(one.value)?.embedded === true),
  );

/** Objects of settings, not answers and errors, which have keys of the same names. */
function holdsSettings(on: Expression | undefined, view: MethodView, program: ProgramView): boolean {
  let root = on;
  for (let depth = 0; root?.is === 'call' && root.on && depth < 40; depth++) {
    if (root.name === 'getProperties') return true;
    root = root.on;
  }
  const type = program.names.typeOf(root, view);
  return type !== undefined && /^(?:JsonObject|Properties)$/.test(type);
}

export interface WrittenSetting {
  readonly view: CallView;
  /** What names it, where the code writes that down. */
  readonly key?: string;
  readonly value: Expression;
  /** The key is known to be that of a password, whatever the password looks like. */
  readonly opens: boolean;
}

/** `settings.put(Environment.PASS, "…")`, `properties.setProperty("hibernate.connection.password", "…")`, `System.setProperty("x", "…")`. */
export const settingsInCode = (program: ProgramView): readonly WrittenSetting[] =>
  program.callsNamed('put', 'setProperty').flatMap((view): readonly WrittenSetting[] => {
    const { name, on, args } = view.call;
    const [key, value] = args;
    if (value === undefined || args.length !== 2) return [];
    const opens = isPasswordKey(key, view, program);
    if (opens && opensEmbedded(view)) return [];
    const isNamed = key?.is === 'text' && value.is === 'text' && (name === 'setProperty' || holdsSettings(on, view, program));
    return opens || isNamed ? [{ view, ...(isNamed ? { key: key.value } : {}), value, opens }] : [];
  });

/** What is compared: a variable, `request.getParameter("pwd")`, `form.getPassword()`. */
function subjectOf(expression: Expression | undefined, depth = 0): string | undefined {
  if (expression?.is === 'name') return expression.path.at(-1);
  if (expression?.is !== 'call' || depth > 4) return undefined;
  const [first] = expression.args;
  if (expression.name === 'getParameter') return first?.is === 'text' ? first.value : undefined;
  if (/^(?:trim|toString|toLowerCase|strip|getText)$/.test(expression.name)) return subjectOf(expression.on, depth + 1);
  return expression.args.length === 0 ? /^get([A-Z]\w*)$/.exec(expression.name)?.[1] : undefined;
}

function comparedIn({ on, args }: CallView['call']): Compared<Expression> | undefined {
  const [first] = args;
  const [literal, other] = on?.is === 'text' ? [on, first] : first?.is === 'text' ? [first, on] : [];
  const subject = literal && literal.value !== '' ? subjectOf(other) : undefined;
  return literal && subject !== undefined ? { subject, line: literal.at[0], literal } : undefined;
}

/** `if (user.equals("admin") && password.equals("…"))`: who reads the code can sign in. */
export const fixedSignIns = inFiles(({ methods }) =>
  methods.flatMap((view) => {
    const compared = view.method.calls.flatMap((call) =>
      /^(?:equals|equalsIgnoreCase|contentEquals)$/.test(call.name) ? (comparedIn(call) ?? []) : [],
    );
    return comparedPasswords(compared).map((secret): WrittenPassword => ({ view, secret }));
  }),
);
