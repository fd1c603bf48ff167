import type { Condition, Value } from '../../../facts.ts';
import {
  isAcceptedSecret,
  isDescriptivePath,
  isLoopbackUrl,
  isStandIn,
  judgeFallback,
  judgeNamed,
  judgeShape,
  judgeUse,
  type SecretLiteral,
  type SecretUse,
} from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import type { Place } from '../../../types.ts';
import { settingsField } from '../class-bases.ts';
import { isDevelopmentFile, isDevelopmentOnly } from '../development.ts';
import { alternativesOf, type CallSite, type Emit, type ProgramView, type Recogniser, type SettingView, textOf } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import { fixedSignIns } from './sign-ins.ts';

/** Settings with which a framework signs. */
const signingSettings = ['SECRET_KEY', 'JWT_SECRET_KEY', 'JWT_SECRET', 'SIGNING_KEY', 'SECURITY_PASSWORD_SALT'];
/** Arguments that libraries take as secrets. */
const sinks: readonly (readonly [RegExp, string, number, SecretUse])[] = [
  [/^(?:jwt|jose\.jwt|authlib\.jose\.jwt)\.(?:encode|decode)$/, 'key', 1, 'signing'],
  [/^itsdangerous\.(?:\w+\.)?\w*Serializer$/, 'secret_key', 0, 'signing'],
  [/^starlette\.middleware\.sessions\.SessionMiddleware$/, 'secret_key', 1, 'signing'],
  [/^(?:fastapi|starlette)\.(?:FastAPI|applications\.Starlette)\(\)\.add_middleware$/, 'secret_key', 9, 'signing'],
  [/^tornado\.web\.Application$/, 'cookie_secret', 99, 'signing'],
  [/^psycopg2?\.(?:connect|pool\.\w+)$/, 'password', 9, 'password'],
  [
    /^(?:pymysql|mysql\.connector|MySQLdb|aiomysql|asyncpg|pymssql|cx_Oracle|oracledb)\.(?:\w+\.)?(?:connect|create_pool)$/,
    'password',
    9,
    'password',
  ],
  [/^(?:pymysql|MySQLdb|mysql\.connector)\.(?:\w+\.)?connect$/, 'passwd', 9, 'password'],
  [/^redis\.(?:asyncio\.)?(?:Redis|StrictRedis)$/, 'password', 9, 'password'],
  [/^pika\.(?:credentials\.)?PlainCredentials$/, 'password', 1, 'password'],
  [/^smtplib\.SMTP(?:_SSL)?\(\)\.login$/, 'password', 1, 'password'],
  [/^boto3\.(?:client|resource|session\.Session|Session)$/, 'aws_secret_access_key', 9, 'key'],
];
/** Of these, those with which the program itself signs what comes back to any of its copies. */
const ownSigning = /SessionMiddleware$|\.add_middleware$|^tornado\./;
/** Random when the program starts. */
export const generators =
  /^(?:os\.urandom|secrets\.(?:token_hex|token_urlsafe|token_bytes)|uuid\.uuid4|django\.core\.management\.utils\.get_random_secret_key|Crypto\.Random\.get_random_bytes)\(\)/;

/** Arguments that hold an address, which may hold a password: `broker=`, `db_url=`. */
const takesAddress = /^(?:broker|backend|dsn|conninfo|host|\w*ur[il])$/;

const writes = /^(?:write|writelines|write_text|write_bytes|dump|save|set)$/;
const callAt = (place: Place, program: ProgramView): CallSite | undefined =>
  program.calls.find((call) => call.place.path === place.path && call.place.line === place.line && call.place.column === place.column);
/** The function that makes it also keeps it: the next start finds it there. */
function isWrittenDown(place: Place, program: ProgramView): boolean {
  const maker = callAt(place, program);
  return maker?.within !== undefined && program.callsWithin(maker.within).some(({ name }) => writes.test(name));
}

/** `try: KEY = read()`, `except: KEY = random()`: it is made only where none was found. */
const isLastResort = ({ name, path, place }: SettingView, program: ProgramView): boolean =>
  program
    .settings(name)
    .some((other) => other.path === path && other.place.line < place.line && callAt(other.value.place, program)?.written.tried === true);

class SecretReader {
  readonly #seen = new Set<string>();
  /** A file or variables outside of the code replace settings of Flask: `from_pyfile`, `from_envvar`. */
  readonly #isReplaceable: boolean;
  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {
    this.#isReplaceable = program.callsNamed('from_pyfile', 'from_envvar', 'from_prefixed_env').length > 0;
  }

  /** What somebody wrote down, and what stands in for a variable. */
  judge(
    value: Value | undefined,
    at: { readonly when?: readonly Condition[]; readonly within?: string },
    judge: (text: string) => SecretLiteral | undefined,
    /** `config`: a setting, which a file may replace; `made`: not to be made anew by each process either; `signs`: nor by its modules. */
    kept: 'config' | 'made' | 'signs' | false = false,
  ): void {
    for (const one of alternativesOf(value, at.when ?? [])) {
      const text = textOf(one.value) ?? leadingText(one.value);
      // A token that is made for each user is none of the program's own.
      if (kept && generators.test(dottedOf(one.value) ?? '')) {
        if (isWrittenDown(one.value.place, this.program)) continue;
        if (kept === 'signs' && callAt(one.value.place, this.program)?.within !== undefined) continue;
        this.#write(one.value.place, at, one.when, { what: 'signing secret' }, 'generated', one.env);
        continue;
      }
      if (text === undefined) continue;
      const found =
        one.env === undefined ? judge(text) : (judgeFallback(one.env, text) ?? (secretKindOf(one.env) ? undefined : judgeShape(text)));
      if (found)
        this.#write(
          one.value.place,
          at,
          one.when,
          found,
          one.env !== undefined || (kept === 'config' && this.#isReplaceable) ? 'fallback' : 'literal',
          one.env,
        );
    }
  }

  #write(
    place: Place,
    at: { readonly within?: string },
    when: readonly Condition[],
    found: SecretLiteral,
    origin: 'literal' | 'fallback' | 'generated',
    env: string | undefined,
  ): void {
    const key = `${place.path}:${place.line}:${place.column}`;
    if (
      this.#seen.has(key) ||
      isDevelopmentFile(place.path, this.program.root) ||
      isDevelopmentOnly(when) ||
      isDescriptivePath(place.path, this.program.root)
    )
      return;
    this.#seen.add(key);
    if (isAcceptedSecret((this.program.text(place.path) ?? '').split('\n'), place.line)) return;
    this.emit(
      'secret',
      { place, when, ...(at.within === undefined ? {} : { within: at.within }) },
      { what: found.what, origin, ...(env === undefined ? {} : { env }), ...(found.provider ? { provider: found.provider } : {}) },
    );
  }
}

/** A connection string that goes on with something unknown is judged by what is written. */
const leadingText = (value: Value): string | undefined =>
  value.is === 'text' && value.parts[0]?.is === 'literal' && /:\/\/[^/]*@/.test(String(value.parts[0].value))
    ? String(value.parts[0].value)
    : undefined;

const readSinks = (call: CallSite, reader: SecretReader): void => {
  if (call.dotted === undefined) return;
  for (const [pattern, name, index, use] of sinks) {
    if (!pattern.test(call.dotted)) continue;
    const kept = ownSigning.test(call.dotted) ? 'made' : use === 'signing' && 'signs';
    reader.judge(call.argument(name, index), call, (text) => judgeUse(use, text), kept);
  }
};

/** Passwords and keys in code: where frameworks and libraries take them, by their format, by the name that they stand under. */
export const secrets: Recogniser = {
  id: 'secrets',
  recognise(program, emit) {
    const reader = new SecretReader(program, emit);
    for (const name of signingSettings)
      for (const setting of program.settings(name))
        reader.judge(setting.value, setting, (text) => judgeUse('signing', text), isLastResort(setting, program) ? false : 'config');
    for (const one of program.assignments) readAssignment(one, program, reader);
    for (const { path, literal, within, when } of fixedSignIns(program)) {
      const at = within === undefined ? {} : { within: `${path}#${within}` };
      const value = program.evaluator.value(literal, path, within);
      reader.judge(value, { ...at, when: program.evaluator.conditions(when, path, within) }, () => ({ what: 'password' }));
    }
    for (const call of program.calls) {
      readSinks(call, reader);
      for (const argument of call.written.call.args.length > 0 ? call.args : [])
        if (argument.is === 'literal') reader.judge(argument, call, judgeShape);
      for (const name of Object.keys(call.written.call.named))
        if (secretKindOf(name)) reader.judge(call.named(name), call, (text) => judgeNamed(name, text));
        else if (takesAddress.test(name)) reader.judge(call.named(name), call, judgeShape);
    }
  },
};

function readAssignment(one: ProgramView['assignments'][number], program: ProgramView, reader: SecretReader): void {
  const { own } = one;
  if (own.how !== 'set') return;
  const name = own.key?.is === 'literal' ? String(own.key.value) : own.target.at(-1);
  // `DATABASE_URL` is no secret by its name, but the address under it may hold one.
  if (name !== undefined && /url$/i.test(name) && isWritten(own.value.is)) readAddress(fieldValue(one, name, program), one, reader);
  if (name === undefined || isFormat(name) || (own.value.is === 'dict' && isStandIn(name))) return;
  // `app.secret_key = 'a'` is the key of Flask, whatever it looks like.
  const isFlask = name === 'secret_key' && own.target.length > 1;
  if (own.value.is === 'dict') readDict(own.value, one, program, reader);
  else if (
    (/^(?:literal|call|or|item|conditional|text)$/.test(own.value.is) && (secretKindOf(name) || isWritten(own.value.is))) ||
    // `app.secret_key = Settings.KEY`
    (isFlask && /^(?:name|attribute)$/.test(own.value.is))
  )
    reader.judge(
      fieldValue(one, name, program),
      one,
      (text) => (isFlask ? judgeUse('signing', text) : (judgeNamed(name, text) ?? undefined)),
      isFlask && 'config',
    );
}

const isWritten = (kind: string): boolean => /^(?:literal|call|or|text)$/.test(kind);

/** A store on the developer's own machine is what a variable stands for elsewhere. */
function readAddress(value: Value, one: ProgramView['assignments'][number], reader: SecretReader): void {
  const texts = alternativesOf(value, []).map((each) => textOf(each.value));
  if (!texts.some((text) => text !== undefined && isLoopbackUrl(text))) reader.judge(value, one, judgeShape);
}

/** A field of settings is what a variable says, and else what is written. */
function fieldValue({ own, path, value }: ProgramView['assignments'][number], name: string, { evaluator }: ProgramView): Value {
  const id = own.class === undefined || own.key ? undefined : `${path}#${own.class}`;
  return id !== undefined && evaluator.isSettings(id) ? settingsField(id, name, value(), evaluator) : value();
}

/** `{'PASSWORD': 'a'}`, also further inside. */
function readDict(
  value: Extract<ProgramView['assignments'][number]['own']['value'], { is: 'dict' }>,
  one: ProgramView['assignments'][number],
  program: ProgramView,
  reader: SecretReader,
  depth = 0,
): void {
  for (const { key, value: inner } of value.entries) {
    if (inner.is === 'dict' && depth < 4) readDict(inner, one, program, reader, depth + 1);
    else if (secretKindOf(key))
      reader.judge(program.evaluator.value(inner, one.path, one.own.within, one.own.class), one, (text) =>
        key === 'PASSWORD' && one.own.target.at(-1) === 'DATABASES' ? judgeUse('password', text) : judgeNamed(key, text),
      );
  }
}

/** Names of texts for people and of fields. */
const isFormat = (name: string): boolean =>
  /(?:_?(?:help_text|label|message|url|path|header|field|name|prefix|regex|pattern|format|model|type|class|view|template))$/i.test(name);
