/** Caches of a program's own making: what they hold grows stale in every copy that did not change it. */
import type { FactValues } from '../../../facts.ts';
import type { CallSite, ProgramView } from '../recogniser.ts';
import { dottedOf } from '../value-shapes.ts';
import type { Holder } from './process-state-holders.ts';
import { keepsState } from './stores.ts';

type Holds = NonNullable<FactValues['cache']['holds']>;

const cache = /(?:^|[_a-z])[cC]ache/;
/** Own credentials, what is the same in each copy, and what is about the copy itself: nobody misses a change of it. */
const same =
  /(?:token|jwks?|credential|cert|secret|config|setting|schema|locale|i18n|translat|template|asset|manifest|font|regex|pattern|module|compiled|import|geo|countr|currenc|timezone|metric|stats?(?:_|$)|health|client|connection|session_?factory|instance|engine|model|embedding|tokeni[sz]er|plugin|weights|signature|lock|type_?hint|annotation|parsed?|hash|image|icon)/i;
/** Answers of databases and services. */
const reads =
  /^(?:requests|httpx)\.(?:.+\.)?(?:get|post|request)$|^aiohttp\.(?:.+\.)?get$|\.(?:execute|fetchone|fetchall|fetchrow|find_one|aggregate|scalars?|scalar_one_or_none|filter_by|get_or_404|select_related)$|^(?:django\.db|sqlalchemy|firebase_admin|google\.cloud\.firestore|pymongo|motor)\b.*\.(?:get|all|first|filter|query|stream|find)$/;
/** `get_book_repo().count(…)`, `self.repository.find(…)`. */
const repository = /(?:^|[._])(?:repo|repository|dao|db|collection|objects)(?:\(\))?\.[a-z]\w*$/i;
const reading = /^(?:get|find|list|fetch|count|load|query|all|filter|read|search|aggregate)(?:_|$)/;

function readsData(program: ProgramView, id: string): boolean {
  const isRead = ({ dotted, name, on }: CallSite): boolean => {
    const path = dotted ?? `${(on && dottedOf(on)) ?? '?'}.${name}`;
    return reads.test(path) || (reading.test(name) && repository.test(path));
  };
  return [...program.reached([id])].some((one) => program.callsWithin(one).some(isRead));
}

const puts = /^(?:set|put|add|store|save|write|remember)(?:_|$)/;

/** What a container that is called a cache holds, by the functions that put something in. */
export function cachedBy(program: ProgramView, holder: Holder, writers: ReadonlySet<string>): Holds | undefined {
  const { name, owner = '', type, place } = holder;
  if (type !== 'map' || !(cache.test(name) || cache.test(owner))) return undefined;
  if ([name, owner, place.path.slice(place.path.lastIndexOf('/') + 1)].some((one) => same.test(one))) return undefined;
  if ([...writers].some((id) => readsData(program, id))) return 'data';
  const isTool = cache.test(owner) && [...writers].every((id) => puts.test(program.evaluator.functionOf(id)?.name ?? ''));
  if (!isTool) return undefined;
  const calls = program.calls.filter(
    ({ callee, within }) => callee.is === 'function' && writers.has(callee.id) && program.servesRequest(within),
  );
  if (calls.some(keepsState)) return 'state';
  return calls.some(({ within }) => readsData(program, within!)) ? 'data' : undefined;
}
