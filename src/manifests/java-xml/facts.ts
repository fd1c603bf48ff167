/** Short ways to write the facts of descriptors. */
import type { FactValues } from '../../facts.ts';
import { judgeNamed } from '../../text/secret-literals.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import { isStandInAccount } from '../../text/stand-in-accounts.ts';
import { childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact, Place } from '../../types.ts';

type How = FactValues['server-use']['how'];

const longest = 300;
/** A name of a million letters is no name that a message can hold. */
const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…${text.endsWith('`') ? '`' : ''}` : text);

export const serverUse = (server: string, how: How, what: string, place: Place): AnyFact => ({
  kind: 'server-use',
  place,
  confidence: 'certain',
  value: { server, how, what: short(what) },
});

export const replication = (server: string, how: string, place: Place): AnyFact => ({
  kind: 'session-replication',
  place,
  confidence: 'certain',
  value: { server, how: short(how) },
});

/** Sessions outlive the server: they are in a store that all members ask. */
export const externalSessions = (server: string, technology: string, place: Place): AnyFact => ({
  kind: 'session',
  place,
  confidence: 'certain',
  value: { library: server, stores: [{ kind: 'external', technology, place }] },
});

export const schemaChange = (library: string, how: string, place: Place): AnyFact => ({
  kind: 'schema-change',
  place,
  confidence: 'certain',
  value: { library, how: short(how) },
});

export const remoteProtocol = (protocol: string, library: string, place: Place): AnyFact => ({
  kind: 'remote-protocol',
  place,
  confidence: 'certain',
  value: { protocol, library },
});

export const distributedTransaction = (library: string, place: Place): AnyFact => ({
  kind: 'distributed-transaction',
  place,
  confidence: 'certain',
  value: { library },
});

/** A password that a descriptor holds; none when it comes from elsewhere or guards a database inside of the program. */
export function secretFacts(value: string | undefined, place: Place, url = '', user?: string): readonly AnyFact[] {
  const secret = value === undefined || isEmbeddedUrl(url) || isStandInAccount(user, value) ? undefined : secretOf('password', value);
  return secret ? [{ kind: 'secret', place, confidence: 'certain', value: { ...secret, origin: 'literal', holder: 'manifest' } }] : [];
}
/** A secret under a name that the program or its server looks up. */
export function namedSecret(name: string, value: string, place: Place): readonly AnyFact[] {
  const own = name.split('/').at(-1)!;
  // `j_password` and `/passwords` are names of fields and pages.
  const isPassword = /passw(?:or)?d$|pwd$/i.test(own) && value.length >= 6 && !/[\s/]|^(?:\w+[_.-])?passw(?:or)?ds?\d?$/i.test(value);
  const secret = isPassword || judgeNamed(own, value) ? secretOf(own, value) : undefined;
  return secret ? [{ kind: 'secret', place, confidence: 'certain', value: { ...secret, origin: 'literal', holder: 'manifest' } }] : [];
}
const isEmbeddedUrl = (url: string): boolean => /^jdbc:(?:h2|hsqldb|derby):/.test(url);

const longestSchedule = 200;
export const scheduledJob = (library: string, schedule: string | undefined, effect: 'work' | 'harmless', place: Place): AnyFact => ({
  kind: 'scheduled-job',
  place,
  confidence: 'certain',
  value: { library, ...(schedule ? { schedule: schedule.slice(0, longestSchedule) } : {}), effect },
});

const referenceNames = ['res-ref-name', 'resource-env-ref-name', 'ejb-ref-name', 'message-destination-ref-name'];

/** A reference that the server fills in when it deploys the archive: a datasource, a queue, a bean. */
export function referenceUses(element: XmlElement): readonly AnyFact[] {
  if (!/^(?:resource-ref|resource-env-ref|ejb-ref|ejb-local-ref|message-destination-ref)$/.test(element.name)) return [];
  const name = referenceNames.map((one) => childText(element, one)).find((text) => text !== undefined);
  return [serverUse('any', 'resource', name ? `\`${name}\`` : element.name, element.place)];
}

/** A descriptor that only names a context path, a reload flag or a timeout needs no server of its kind. */
const harmless =
  /^(?:context-root|context-path|enable-jsp|context|virtual-host|docbase|auto-reload|enable|check-on-demand|encoding|request-encoding|response-encoding|default|fast-deploy|welcome-file-list|reload-interval|description|display-name|container-descriptor|prefer-web-inf-classes|prefer-application-packages|package-name|charset-params|input-charset|resource-path|java-charset-name|session-descriptor|timeout-secs|cookie-\w[\w-]*|session-config|timeout|jsp-descriptor|page-check-seconds|keepgenerated|weblogic-version|webinf-first)$/;
/** Parts that say how pages are compiled, files reloaded and texts encoded: nothing in them binds. */
const settled =
  /^(?:jsp-engine|auto-reload|encoding|jsp-descriptor|jsp-config|charset-params|file-caching|allow-indexing|deny-download|tracking-mode)$/;

/** The first element of a descriptor that its server alone understands. */
export const firstBinding = (root: XmlElement): XmlElement | undefined => {
  const stack = [...root.children];
  for (let next = stack.shift(); next; next = stack.shift()) {
    if (settled.test(next.name)) continue;
    if (!harmless.test(next.name)) return next;
    stack.unshift(...next.children);
  }
  return undefined;
};
