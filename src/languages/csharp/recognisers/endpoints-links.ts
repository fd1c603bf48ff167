/** Links to the machine itself, to which users are sent: redirects, `SuccessUrl = "https://localhost:7066/paid"`, mails. */
import type { Condition, FactValues } from '../../../facts.ts';
import { internalAddress } from '../../../text/addresses.ts';
import type { Place } from '../../../types.ts';
import type { MethodView } from '../names.ts';
import { type ProgramView, placeAt } from '../recogniser.ts';
import type { Expression, Guard } from '../summary.ts';

const begin = /^https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?(?=[/?#]|$)/i;
const inHtml = /\b(?:href|action)=\\?["']?(https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)(?=[/?#"'\s>]|$)/i;
const pageName =
  /(?:^|_|[a-z])(?:success|cancell?|return|callback|redirect|fail(?:ure|ed)?|error|logout|confirm\w*|verif\w*|reset\w*|activat\w*|invit\w*)_?(?:ur[il]s?|href)$|links?$/i;
const redirects = /^(?:Local)?Redirect(?:Permanent)?$/;
const tells = /^(?:Log\w*|Write|WriteLine|Debug|Information|Warning|Error|Contains|StartsWith|Equals|WithOrigins)$/;

export interface Link {
  readonly value: FactValues['endpoint'];
  readonly place: Place;
  readonly within: string;
  readonly when: readonly Condition[];
}

const partsOf = (expression: Expression): readonly Expression[] => (expression.is === 'text' ? expression.parts : [expression]);
const written = (expression: Expression | undefined): string =>
  expression?.is === 'literal' && typeof expression.value === 'string' ? expression.value : '';

/** The address that a text begins with, or to which its HTML links. */
function addressIn(expression: Expression, isPage: boolean): string | undefined {
  const texts = partsOf(expression).map(written);
  const first = isPage ? begin.exec(texts[0] ?? '')?.[0] : undefined;
  return first ?? texts.map((text) => inHtml.exec(text)?.[1]).find((found) => found !== undefined);
}

/** Links that a method writes down; a name or call in their place is somebody else's. */
export function linksOf(one: MethodView, { evaluator }: ProgramView): readonly Link[] {
  const found: Link[] = [];
  const add = (expression: Expression | undefined, isPage: boolean, when: readonly Guard[] | undefined): void => {
    const address = expression && internalAddress(addressIn(expression, isPage) ?? '');
    if (!address) return;
    const { host, port, scheme } = address;
    const value = { host, role: 'page' as const, overridable: false, ...(port ? { port } : {}), ...(scheme ? { scheme } : {}) };
    const { at } = expression;
    const place = placeAt(one.path, [at[0], at[1], at[0], at[1] + 1]);
    found.push({ value, place, within: one.id, when: [...evaluator.conditions(when, one), ...evaluator.reachedWhen(one)] });
  };
  const { calls, creations, assignments, locals } = one.method;
  for (const { call, when } of calls) {
    if (tells.test(call.name)) continue;
    for (const [index, argument] of call.args.entries()) add(argument, index === 0 && redirects.test(call.name), when);
    for (const [name, argument] of Object.entries(call.named)) add(argument, pageName.test(name), when);
  }
  for (const { creation, when } of creations)
    for (const [name, value] of Object.entries(creation.set)) add(value, pageName.test(name), when);
  for (const { target, value, how, when } of assignments) if (how === 'set') add(value, pageName.test(target.at(-1) ?? ''), when);
  for (const { name, value } of locals) add(value, pageName.test(name), undefined);
  return found;
}
