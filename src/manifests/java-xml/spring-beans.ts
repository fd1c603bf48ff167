import { purposeOf } from '../../text/purpose.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import type { XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { serverUse } from './facts.ts';
import { databaseFacts } from './jdbc-facts.ts';

const engines: Readonly<Record<string, string>> = { HSQL: 'hsqldb', H2: 'h2', DERBY: 'derby' };

/** Beans of a profile for developers or tests do not run in production. */
const isLocal = (element: XmlElement): boolean => {
  const profile = element.attributes.get('profile')?.value ?? '';
  return profile !== '' && profile.split(/[,\s]+/).every((name) => ['development', 'test'].includes(purposeOf(`${name}.xml`)));
};

const propertyOf = (bean: XmlElement, names: RegExp): { readonly text: string; readonly element: XmlElement } | undefined => {
  const element = bean.children.find((child) => child.name === 'property' && names.test(child.attributes.get('name')?.value ?? ''));
  const text = element?.attributes.get('value')?.value ?? element?.children.find(({ name }) => name === 'value')?.text;
  const attribute = [...bean.attributes].find(([name]) => names.test(name));
  if (text !== undefined) return { text, element: element! };
  return attribute ? { text: attribute[1].value, element: bean } : undefined;
};

function readBean(bean: XmlElement): readonly AnyFact[] {
  const type = bean.attributes.get('class')?.value ?? '';
  if (/(?:JndiObjectFactoryBean|WebLogicJtaTransactionManager|WebSphereUowTransactionManager)$/.test(type))
    return [serverUse('any', 'naming', `\`${type.split('.').at(-1)}\``, bean.place)];
  if (!/DataSource\w*$/.test(type)) return [];
  const url = propertyOf(bean, /^(?:url|jdbcUrl)$/);
  const password = propertyOf(bean, /^password$/);
  const secret = password && !/^jdbc:(?:h2|hsqldb|derby):/.test(url?.text ?? '') ? secretOf('password', password.text) : undefined;
  return [
    ...(url ? databaseFacts(url.text, 'Spring', url.element.place) : []),
    ...(secret && password
      ? [
          {
            kind: 'secret' as const,
            place: password.element.place,
            confidence: 'certain' as const,
            value: { ...secret, origin: 'literal' as const, holder: 'manifest' as const },
          },
        ]
      : []),
  ];
}

function walk(element: XmlElement, facts: AnyFact[], depth: number): void {
  if (depth > 100 || isLocal(element)) return;
  if (element.name === 'bean') facts.push(...readBean(element));
  else if (element.name === 'embedded-database') {
    const technology = engines[element.attributes.get('type')?.value?.toUpperCase() ?? 'HSQL'] ?? 'hsqldb';
    facts.push({
      kind: 'backing-service',
      place: element.place,
      confidence: 'certain',
      value: { technology, library: 'Spring', embedded: true },
    });
  } else if (element.name === 'jndi-lookup')
    facts.push(serverUse('any', 'naming', `\`${element.attributes.get('jndi-name')?.value ?? 'a name'}\``, element.place));
  else if (
    element.name === 'scheduled' &&
    (element.attributes.has('cron') || element.attributes.has('fixed-rate') || element.attributes.has('fixed-delay'))
  )
    facts.push({
      kind: 'scheduled-job',
      place: element.place,
      confidence: 'certain',
      value: {
        library: 'Spring',
        ...(element.attributes.get('cron') ? { schedule: element.attributes.get('cron')!.value } : {}),
        effect: 'work',
      },
    });
  for (const child of element.children) walk(child, facts, depth + 1);
}

/** Spring's XML configuration: datasources, embedded databases, JNDI lookups, scheduled tasks. */
export function readSpringBeans(root: XmlElement): readonly AnyFact[] {
  if (root.name !== 'beans') return [];
  const facts: AnyFact[] = [];
  walk(root, facts, 0);
  return facts;
}
