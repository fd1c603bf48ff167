/**
 * Descriptors of Jakarta EE itself, any server's: ejb-jar.xml, application.xml of an EAR, ra.xml of a resource adapter.
 * Elements are those of Enterprise Beans 1.1 to 4.0, Platform 1.2 to 10 and Connectors 1.0 to 2.1, in DTD and XSD form alike.
 */
import { concernsOwnCopy } from '../../text/job-names.ts';
import { childAt, childrenOf, childText, type XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { referenceUses, remoteProtocol, scheduledJob, serverUse } from './facts.ts';

const longestName = 200;
const shown = (name: string): string => `\`${name.slice(0, longestName)}\``;

const kindOf = (bean: XmlElement): string => {
  if (bean.name === 'message-driven') return 'message-driven bean';
  if (bean.name === 'entity') return 'entity EJB';
  const type = childText(bean, 'session-type')?.toLowerCase() ?? '';
  return /^(?:stateless|stateful|singleton)$/.test(type) ? `${type} EJB` : 'session EJB';
};

/** An element without a class adds to a bean that is annotated elsewhere. */
const beansOf = (root: XmlElement): readonly XmlElement[] =>
  (childAt(root, 'enterprise-beans')?.children ?? []).filter(
    (bean) => /^(?:session|entity|message-driven)$/.test(bean.name) && childText(bean, 'ejb-class') !== undefined,
  );

/** Clients in other processes call it: `<remote>` with `<home>` until 2.1, `<business-remote>` from 3.0 on. */
function remoteFact(bean: XmlElement): readonly AnyFact[] {
  const element = ['business-remote', 'remote', 'home'].map((name) => childAt(bean, name)).find((one) => one?.text);
  return element ? [remoteProtocol('remote EJB', shown(element.text), element.place)] : [];
}

const statefulFact = (bean: XmlElement): AnyFact => ({
  kind: 'session',
  place: bean.place,
  confidence: 'certain',
  value: { library: 'A stateful EJB', stores: [{ kind: 'memory', place: bean.place }] },
});

/** `<timer>` since 3.1: the container calls the method by the calendar. */
function timerFact(timer: XmlElement): AnyFact {
  const schedule = (childAt(timer, 'schedule')?.children ?? []).map(({ name, text }) => `${name}=${text}`).join(' ');
  const method = childText(childAt(timer, 'timeout-method') ?? timer, 'method-name') ?? '';
  return scheduledJob('the EJB timer', schedule, concernsOwnCopy(method) ? 'harmless' : 'work', timer.place);
}

/** ejb-jar.xml: the beans that it declares. An empty one, or one that only configures annotated beans, declares none. */
export function readEjbJar(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'ejb-jar') return [];
  return beansOf(root).flatMap((bean): readonly AnyFact[] => {
    const kind = kindOf(bean);
    const name = childText(bean, 'ejb-name') ?? childText(bean, 'ejb-class')!;
    return [
      serverUse('any', 'component', `the ${kind} ${shown(name)}`, bean.place),
      ...bean.children.flatMap(referenceUses),
      ...remoteFact(bean),
      ...(kind === 'stateful EJB' ? [statefulFact(bean)] : []),
      ...childrenOf(bean, 'timer').map(timerFact),
    ];
  });
}

/** application.xml of an EAR: modules that only a server runs. Web modules are programs of their own, the build says that it is an EAR. */
export function readApplication(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'application') return [];
  return childrenOf(root, 'module').flatMap((module) => {
    const ejb = childAt(module, 'ejb');
    if (ejb?.text) return [serverUse('any', 'component', `the EJB module ${shown(ejb.text)}`, ejb.place)];
    const connector = childAt(module, 'connector');
    return connector?.text ? [serverUse('any', 'component', `the resource adapter ${shown(connector.text)}`, connector.place)] : [];
  });
}

/** ra.xml: a connector that the server runs, for one kind of system behind it. */
export function readConnector(root: XmlElement): readonly AnyFact[] {
  const adapter = root.name === 'connector' ? childAt(root, 'resourceadapter') : undefined;
  if (!adapter || adapter.children.length === 0) return [];
  const system = childText(root, 'eis-type') ?? childText(root, 'display-name');
  return [serverUse('any', 'component', system ? `a resource adapter for ${shown(system)}` : 'a resource adapter', root.place)];
}
