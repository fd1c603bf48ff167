/** Addresses at the beginning of sums, and in texts that people read: `"http://orders/" + id`, `"<a href='http://localhost:3000/verify?t=" + token`. */
import type { MethodView } from '../names.ts';
import type { At, Expression } from '../summary.ts';
import { inFiles } from '../views.ts';

type Text = Extract<Expression, { is: 'text' }>;

const wholeHost = /^[a-z][a-z0-9+.-]{1,20}:\/\/[^/?#@\s]{1,200}[/?#]/i;

/** The text of an argument, also one that goes on behind the host. */
export function beginOf(expression: Expression | undefined): Text | undefined {
  if (expression?.is === 'text') return expression.value.includes('://') ? expression : undefined;
  const first = expression?.is === 'sum' ? expression.parts[0] : undefined;
  return first?.is === 'text' && wholeHost.test(first.value) ? first : undefined;
}

/** What tells somebody who looks at the program. */
const tells = /^(?:print\w*|info|debug|warn|warning|error|trace|severe|fine|config|log\w*|assert\w*|fail)$/;

const ownMachine = /https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?=[/?"'\s<]|$)/i;
const linkName = /link|redirect|callback|confirm|verif|activat|reset/i;
const otherName = /default|fallback|example|sample|test|origin|cors|allow|doc|swagger|namespace|schema|issuer|log/i;
const mailCall = /mail|^(?:setText|setContent|setSubject|setHtml)$/i;
/** A place lies within another. */
export const lies = (inner: At, outer: At): boolean =>
  (inner[0] > outer[0] || (inner[0] === outer[0] && inner[1] >= outer[1])) &&
  (inner[2] < outer[2] || (inner[2] === outer[2] && inner[3] <= outer[3]));
/** It only tells somebody who looks at the program. */
export const isTold = (at: At, { method }: MethodView): boolean => method.calls.some((call) => tells.test(call.name) && lies(at, call.at));
/** What documents addresses, compares them or lets them in. */
export const isSettled =
  /^(?:allowedOrigins?|addAllowedOrigin|setAllowedOrigins|url|contact|license|addServersItem|equals|startsWith|matches)$/;
const isLinked = /(?:href|action|src)\s?=\s?\\?["']?$/i;
const redirects = /redirect|^(?:seeOther|location|setLocation|found)$/i;

/** Texts of an expression with an address of the machine itself that more follows. */
function linksIn(expression: Expression | undefined): readonly { readonly text: Text; readonly begins: boolean }[] {
  const parts = expression?.is === 'sum' ? expression.parts : expression ? [expression] : [];
  return parts.flatMap((part, index) => {
    const found = part.is === 'text' ? ownMachine.exec(part.value) : null;
    return part.is === 'text' && found ? [{ text: part, begins: index === 0 && found.index === 0 }] : [];
  });
}

export interface Link {
  readonly view: MethodView;
  readonly address: string;
  readonly at: At;
  /** Somebody opens it; else the program may ask it. */
  readonly isPage: boolean;
}

function linksOf(view: MethodView): readonly Link[] {
  const { calls, creations, locals } = view.method;
  const mails = [...calls, ...creations.map(({ type }) => ({ name: type }))].some(({ name }) => mailCall.test(name));
  const found: Link[] = [];
  const add = (expression: Expression | undefined, isPage: boolean, isGiven: boolean): void => {
    for (const { text, begins } of linksIn(expression)) {
      if (isTold(text.at, view)) continue;
      // In the middle of a text it is a link or a policy.
      if (!begins && !mails && !isLinked.test(text.value.slice(0, ownMachine.exec(text.value)!.index))) continue;
      // Given to a call as its beginning, it is asked: the other reader tells.
      if (begins && isGiven && !isPage && !mails) continue;
      found.push({ view, address: ownMachine.exec(text.value)![0], at: text.at, isPage: isPage || mails || !begins });
    }
  };
  for (const { name, args } of calls)
    for (const argument of isSettled.test(name) ? [] : args) add(argument, redirects.test(name) || mailCall.test(name), true);
  for (const { name, value } of locals) if (!otherName.test(name)) add(value, linkName.test(name), false);
  return found;
}

/** Links to the machine itself that methods put together. */
export const writtenLinks = inFiles(({ methods }) => methods.flatMap(linksOf));
