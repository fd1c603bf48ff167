import type { Condition } from '../../../facts.ts';
import { type Compared, comparedPasswords } from '../../../text/compared-accounts.ts';
import { isDescriptivePath, judgeHeader, judgeNamed, judgeShape, judgeUse, type SecretLiteral } from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import { textOf } from '../evaluate.ts';
import type { MethodView } from '../names.ts';
import { type Emit, type ProgramView, placeAt, placeOf, type Recogniser } from '../recogniser.ts';
import type { At, Expression, Field } from '../summary.ts';

/** Keys that libraries sign with. */
const signing = /^(?:SymmetricSecurityKey|HMACSHA\d{3})$/;
const bytes = /^GetBytes$|^FromBase64String$/;
/** `Encoding.UTF8.GetBytes("a")`, `"a"u8.ToArray()`: the text within. */
const keyOf = (argument: Expression | undefined): Expression | undefined =>
  argument?.is !== 'call' ? argument : bytes.test(argument.name) ? argument.args[0] : argument.name === 'ToArray' ? argument.on : argument;
/** Texts that are filled in, compared or shown are no secrets themselves. */
const isFormat = (text: string): boolean => /\{\d*\}|\{\{|%[sd]/.test(text);
const comparing =
  /^(?:Replace|StartsWith|EndsWith|Contains|IndexOf|Equals|Split|Append|AppendLine|Format|Write|WriteLine|Log\w*|Information|Debug|Warning|Error|Fatal|Verbose|Throw\w*|Assert\w*|Matches|IsMatch|WithMessage|WithSummary|WithDescription|WithDisplayName|HasColumnName|HasName|GetSection|GetValue|GetConnectionString|GetEnvironmentVariable|Add(?:Header|Claim)|FindFirst|TryGetValue|nameof)$/;
const dummy = /Test|Mock|Fake|Dummy|Stub|Sample|Example|Seed|Resource|Messages?$/;
const namesOnly = /(?:Names?|Keys?|Constants?|Headers?|Claims?|Types?|Policies|Schemes?|Routes?|Columns?|Fields?|Permissions?|Errors?)$/;

class SecretReader {
  readonly #seen = new Set<string>();
  constructor(
    readonly view: ProgramView,
    readonly emit: Emit,
  ) {}

  add(path: string, at: At, found: SecretLiteral | undefined, more: { within?: string; when?: readonly Condition[] } = {}): void {
    // `Password = "…"` of an initialiser is an assignment and a part of what is made.
    const key = `${path}:${at[0]} ${found?.what}`;
    const isLocal = (more.when ?? []).some(
      ({ env, test, value }) => env === 'ASPNETCORE_ENVIRONMENT' && test === 'equals' && value === 'development',
    );
    if (!found || this.#seen.has(key) || isLocal || isDescriptivePath(path, this.view.project.root)) return;
    this.#seen.add(key);
    // The same literal again in a file is the same cause.
    const written = `${path} ${(this.view.text(path) ?? '').split('\n')[at[0] - 1]?.slice(at[1] - 1, at[3] - 1)}`;
    if (at[0] === at[2] && this.#seen.has(written)) return;
    this.#seen.add(written);
    const provider = found.provider ? { provider: found.provider } : {};
    this.emit('secret', placeAt(path, at), { what: found.what, origin: 'literal', ...provider }, more);
  }
}

/** Stands for what nobody knows before the program runs. */
const gap = '{0}';
/** `$"server={Host};pwd={Password}"` of constants, `host + ",password=a1"`: a connection string that is put together. */
function judgeJoined(expression: Expression | undefined, one: MethodView, view: ProgramView): SecretLiteral | undefined {
  if (expression?.is !== 'text' || !expression.parts.some(saysPassword)) return undefined;
  const value = view.evaluator.value(expression, one);
  const text = value.is === 'text' ? value.parts.map((part) => textOf(part) ?? gap).join('') : undefined;
  const found = text === undefined ? undefined : judgeShape(text);
  return found?.what === 'connection string' ? found : undefined;
}
const saysPassword = (part: Expression): boolean =>
  part.is === 'literal' && /(?:pass(?:word)?|pwd|accountkey|sharedaccesskey)\s?=/i.test(String(part.value));

/** The same of a field, whose parts are constants of its type. */
function judgeField(value: Expression | undefined, fields: readonly Field[]): SecretLiteral | undefined {
  if (value?.is !== 'text' || !value.parts.some(saysPassword)) return undefined;
  const constantOf = (part: Expression): string | undefined =>
    part.is === 'name'
      ? literalOf(fields.find(({ name, modifiers }) => name === part.path.at(-1) && isConstant(modifiers))?.value)
      : literalOf(part);
  const found = judgeShape(value.parts.map((part) => constantOf(part) ?? gap).join(''));
  return found?.what === 'connection string' ? found : undefined;
}
const isConstant = (modifiers: readonly string[]): boolean => modifiers.includes('const') || modifiers.includes('readonly');

const literalOf = (expression: Expression | undefined): string | undefined =>
  expression?.is === 'literal' && typeof expression.value === 'string' && !isFormat(expression.value) ? expression.value : undefined;

/** `ForgotPassword = "api/users/{id}/forgot-password"`: words between slashes. */
const isRoute = (value: string): boolean =>
  /^~?\/?[a-z][a-z-]{0,40}(?:\/(?:[A-Za-z][A-Za-z-]{0,40}|v\d|\{[\w:?]{1,60}\}))+\/?$/.test(value);
/** `AuthKey = "auth-key"` under constants, `Hash = "password_hash"`: what is kept is the name of a secret. */
const isNameOf = (type: string, value: string): boolean => {
  if (isRoute(value)) return true;
  if (!/^[A-Za-z][\w.:-]*$/.test(value)) return false;
  const saysSo = secretKindOf(value) !== undefined || /pass|secret|token|key|hash|credential|auth/i.test(value);
  if (/^(?:[A-Z][a-z0-9]+){2,}$/.test(value) && /(?:Token|Key|Secret|Password|Hash|Id)$/.test(value) && value.length < 40) return true;
  if (/[.:_-]/.test(value) && saysSo && value.length < 60) return true;
  return namesOnly.test(type) && !/\d/.test(value) && value.length < 24;
};
/** `firstPass` of two is no password. */
const judge = (name: string, text: string): SecretLiteral | undefined =>
  /(?:first|second|third|one|two|multi|single|\d)_?pass$/i.test(name) ? undefined : (judgeNamed(name, text) ?? judgeShape(text));

/** `password`, `model.Password`, `txtPassword.Text`, `form["password"]`. */
function subjectOf(expression: Expression): string | undefined {
  if (expression.is === 'name')
    return (expression.path.at(-1) === 'Text' ? expression.path.at(-2) : expression.path.at(-1))?.replace(/^(?:txt|tb)_?/i, '');
  if (expression.is === 'index') return literalOf(expression.key);
  return expression.is === 'call' && /^(?:Trim|ToLower|ToString)$/.test(expression.name) && expression.on
    ? subjectOf(expression.on)
    : undefined;
}
function comparisons(test: Expression, depth = 0): readonly Compared<Expression>[] {
  if (depth > 6) return [];
  if (test.is === 'and' || test.is === 'or') return [...comparisons(test.left, depth + 1), ...comparisons(test.right, depth + 1)];
  if (test.is === 'not') return comparisons(test.value, depth + 1);
  if (test.is !== 'compare' || !/^[!=]=$/.test(test.operator)) return [];
  const [literal, other] = test.left.is === 'literal' ? [test.left, test.right] : [test.right, test.left];
  const subject = subjectOf(other);
  return subject !== undefined && literalOf(literal) ? [{ subject, line: literal.at[0], literal }] : [];
}

/** `if (user == "admin" && password == "…")`: who reads the code can sign in. */
function readSignIns(view: ProgramView, reader: SecretReader): void {
  for (const one of view.running) {
    if (dummy.test(one.type.name)) continue;
    const { calls, creations, assignments } = one.method;
    const tests = new Set([...calls, ...creations, ...assignments].flatMap(({ when }) => (when ?? []).map(({ test }) => test)));
    for (const literal of comparedPasswords([...tests].flatMap((test) => comparisons(test))))
      reader.add(one.path, literal.at, { what: 'password' }, { within: one.id });
  }
}

function readFields(view: ProgramView, reader: SecretReader): void {
  for (const { path, type } of view.types) {
    if (dummy.test(type.name)) continue;
    for (const { name, value, at, type: declared } of type.fields) {
      // `readonly HMACSHA512 hash = new(Encoding.UTF8.GetBytes("a"))`.
      const key = value?.is === 'new' && signing.test(value.type || declared) ? keyOf(value.args[0]) : undefined;
      const keyText = literalOf(key);
      if (key && keyText !== undefined) reader.add(path, key.at, judgeUse('signing', keyText));
      const text = literalOf(value);
      if (text === undefined) reader.add(path, value?.at ?? at, judgeField(value, type.fields));
      else if (!isNameOf(type.name, text)) reader.add(path, at, judge(name, text));
    }
  }
}

function readMethods(view: ProgramView, reader: SecretReader): void {
  for (const one of view.running) {
    if (dummy.test(one.type.name)) continue;
    const more = { within: one.id };
    for (const { name, value, at } of one.method.locals) {
      const text = literalOf(value);
      if (text === undefined) reader.add(one.path, value?.at ?? at, judgeJoined(value, one, view), more);
      else if (!isNameOf('', text)) reader.add(one.path, at, judge(name, text), more);
    }
    for (const { target, value, how, when, at } of one.method.assignments) {
      const text = how === 'set' ? literalOf(value) : undefined;
      const name = target.at(-1) ?? '';
      if (how === 'set' && value?.is === 'text')
        reader.add(one.path, value.at, judgeJoined(value, one, view), { ...more, when: view.evaluator.conditions(when, one) });
      if (text !== undefined && value && !/^(?:CommandText|Message|Description|Title)$/.test(name))
        reader.add(one.path, at, judge(name, text), { ...more, when: view.evaluator.conditions(when, one) });
    }
    for (const { creation, when } of one.method.creations)
      readCreation(creation, one, view, reader, { ...more, when: view.evaluator.conditions(when, one) });
    for (const { call, when } of one.method.calls) {
      const given = givenTo(call.name, call.args);
      if (given) reader.add(one.path, given.at, given.found, { ...more, when: view.evaluator.conditions(when, one) });
      if (comparing.test(call.name)) continue;
      for (const argument of call.args) {
        const text = literalOf(argument);
        const found = text === undefined ? judgeJoined(argument, one, view) : judgeShape(text);
        if (found) reader.add(one.path, argument.at, found, { ...more, when: view.evaluator.conditions(when, one) });
      }
    }
  }
}

/** `client.Authenticate("shop@mail.test", "…")` of MailKit, `request.Headers.Add("X-Api-Key", "…")`. */
function givenTo(name: string, [first, second]: readonly Expression[]): { at: At; found: SecretLiteral | undefined } | undefined {
  const [who, text] = [literalOf(first), literalOf(second)];
  if (who === undefined || text === undefined || !second) return undefined;
  if (/^Authenticate(?:Async)?$/.test(name)) return { at: second.at, found: judgeUse('password', text) };
  const isHeader = /^(?:Add|TryAddWithoutValidation|Set|Append|AddHeader|AddDefaultHeader|WithHeader)$/.test(name);
  return isHeader ? { at: second.at, found: judgeHeader(who, text) } : undefined;
}
/** `new NetworkCredential("shop", "…")`, `new AuthenticationHeaderValue("Bearer", "…")`. */
const credentials: Readonly<Record<string, (text: string) => SecretLiteral | undefined>> = {
  NetworkCredential: (text) => judgeUse('password', text),
  AuthenticationHeaderValue: (text) => judgeHeader('Authorization', text),
};

function readCreation(
  creation: Extract<Expression, { is: 'new' }>,
  one: MethodView,
  view: ProgramView,
  reader: SecretReader,
  more: { within: string; when: readonly Condition[] },
): void {
  if (/Exception$/.test(creation.type)) return;
  const [, second] = creation.args;
  const written = literalOf(second);
  if (second && written !== undefined && Object.hasOwn(credentials, creation.type))
    reader.add(one.path, second.at, credentials[creation.type]!(written), more);
  for (const argument of creation.args) {
    const inner = keyOf(argument);
    const value = signing.test(creation.type) && inner ? view.evaluator.value(inner, one) : undefined;
    const text = value ? textOf(value) : literalOf(argument);
    if (text === undefined) reader.add(one.path, argument.at, judgeJoined(argument, one, view), more);
    if (text === undefined) continue;
    const at: At = value ? [value.place.line, value.place.column, value.place.endLine, value.place.endColumn] : argument.at;
    reader.add(value?.place.path ?? one.path, at, value ? judgeUse('signing', text) : judgeShape(text), more);
  }
  for (const [name, value] of Object.entries(creation.set)) {
    const text = literalOf(value);
    if (text !== undefined) reader.add(one.path, value.at, judge(name, text), more);
  }
}

/** Keys that a token server makes for itself when nobody gives it some. */
const generated = [
  'AddDeveloperSigningCredential',
  'AddEphemeralEncryptionKey',
  'AddEphemeralSigningKey',
  'AddDevelopmentEncryptionCertificate',
  'AddDevelopmentSigningCertificate',
];

/** Passwords and keys in code, and keys that every copy makes for itself. */
export const secrets: Recogniser = {
  text: [
    'assword',
    'ecret',
    'SECRET',
    'PASSWORD',
    'Pwd=',
    'pwd=',
    'ApiKey',
    'AccountKey',
    'TOKEN',
    'AKIA',
    'PRIVATE KEY',
    'SymmetricSecurityKey',
    'HMACSHA',
    'Authenticate',
    'NetworkCredential',
    'AuthenticationHeaderValue',
    'uthorization',
    'Api-Key',
    'api-key',
    ...generated,
  ],
  recognise(view, emit) {
    const reader = new SecretReader(view, emit);
    // Where a library takes it says more than its name.
    readMethods(view, reader);
    readFields(view, reader);
    readSignIns(view, reader);
    for (const call of view.callsNamed(...generated)) {
      const isOwn = view.graph.targetsOf(call.call, call).length > 0;
      if (!isOwn)
        emit(
          'secret',
          placeOf(call),
          { what: call.call.name.replace(/^Add/, ''), origin: 'generated' },
          { when: view.conditions(call), within: call.id },
        );
    }
  },
};
