/** Links to the machine itself, to which users are sent: redirects, `success_url="http://localhost:3000/paid"`, mails. */

import { type InternalAddress, internalAddress } from '../../../text/addresses.ts';
import { isDescriptivePath } from '../../../text/secret-literals.ts';
import type { Place } from '../../../types.ts';
import { isDevelopmentFile, isDevelopmentOnly } from '../development.ts';
import type { Anchor, AssignmentView, CallSite, Emit, ProgramView } from '../recogniser.ts';
import type { Expression } from '../summary.ts';
import { placeAt } from '../value-shapes.ts';

const ownMachine = /https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?=[/?#]|$)/i;
const inHtml = /\b(?:href|action)=\\?["']?(https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)(?=[/?#"'\s>]|$)/i;
const pageName =
  /(?:^|_)(?:success|cancell?|return|callback|redirect|fail(?:ure|ed)?|error|logout|confirm\w*|verif\w*|reset\w*|activat\w*|invit\w*)_?(?:ur[il]s?|redirect|href)$|links?$/i;
const redirects = /^(?:redirect|RedirectResponse|HttpResponseRedirect|HttpResponsePermanentRedirect|HTTPFound|HTTPSeeOther)$/;
/** What tells somebody who looks at the program. */
const tells = /^(?:print|info|debug|warning|warn|error|exception|critical|log|echo|secho)$/;

const textsOf = (expression: Expression): readonly string[] => {
  if (expression.is === 'literal') return typeof expression.value === 'string' ? [expression.value] : [];
  return expression.is === 'text' ? expression.parts.map((part) => (part.is === 'literal' ? String(part.value) : '\0')) : [];
};

interface Written {
  readonly expression: Expression;
  /** The name of the argument, the variable or the key that it stands under. */
  readonly name: string;
}
/** Texts of an expression with the names that they stand under; what stands behind `or` is a default. */
function* textsIn(expression: Expression, name: string, depth = 0): Generator<Written> {
  if (depth > 4) return;
  if (expression.is === 'literal' || expression.is === 'text') yield { expression, name };
  else if (expression.is === 'list') for (const item of expression.items) yield* textsIn(item, name, depth + 1);
  else if (expression.is === 'dict') for (const { key, value } of expression.entries) yield* textsIn(value, key, depth + 1);
}

/** The address where users are sent; `anywhere`: HTML may link to it. */
function addressIn({ expression, name }: Written, anywhere: boolean): string | undefined {
  const texts = textsOf(expression);
  const first = pageName.test(name) ? ownMachine.exec(texts[0] ?? '') : null;
  if (first?.index === 0) return first[0];
  return anywhere ? texts.map((text) => inHtml.exec(text)?.[1]).find((found) => found !== undefined) : undefined;
}

class LinkReader {
  readonly #seen = new Set<string>();
  constructor(
    readonly program: ProgramView,
    readonly emit: Emit,
  ) {}

  read(written: Written, path: string, at: Omit<Anchor, 'place'>, anywhere: boolean): void {
    const found = addressIn(written, anywhere);
    const address = found === undefined ? undefined : internalAddress(found);
    if (address) this.#write(placeAt(path, written.expression.at), at, address);
  }

  #write(place: Place, { within, when = [] }: Omit<Anchor, 'place'>, { host, port, scheme }: InternalAddress): void {
    const key = `${place.path}:${place.line}`;
    if (this.#seen.has(key) || isDevelopmentOnly(when)) return;
    if (isDevelopmentFile(place.path, this.program.root) || isDescriptivePath(place.path, this.program.root)) return;
    this.#seen.add(key);
    this.emit(
      'endpoint',
      { place, when, ...(within === undefined ? {} : { within }) },
      { host, overridable: false, role: 'page', ...(port === undefined ? {} : { port }), ...(scheme ? { scheme } : {}) },
    );
  }

  call(call: CallSite): void {
    if (tells.test(call.name)) return;
    const { args, named } = call.written.call;
    const isServing = this.program.servesRequest(call.within);
    for (const [name, value] of Object.entries(named))
      for (const written of textsIn(value, name === 'url' && redirects.test(call.name) ? 'redirect_url' : name))
        this.read(written, call.path, call, isServing);
    for (const [index, value] of args.entries())
      for (const written of textsIn(value, index === 0 && redirects.test(call.name) ? 'redirect_url' : ''))
        this.read(written, call.path, call, isServing);
  }

  /** Fields of a class may be settings that a library fills from the environment. */
  assignment(assignment: AssignmentView): void {
    const { own, within, path } = assignment;
    if (within === undefined && own.class !== undefined) return;
    for (const written of textsIn(own.value, own.target.at(-1) ?? ''))
      this.read(written, path, assignment, this.program.servesRequest(within));
  }
}

export function emitLinks(program: ProgramView, emit: Emit): void {
  const reader = new LinkReader(program, emit);
  for (const call of program.calls) reader.call(call);
  for (const assignment of program.assignments) reader.assignment(assignment);
}
