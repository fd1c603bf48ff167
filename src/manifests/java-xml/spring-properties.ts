/** Properties of Spring's beans, however they are written: child elements, nested values, attributes of the p namespace. */
import type { XmlElement } from '../../text/xml-document.ts';
import type { Place } from '../../types.ts';

export interface BeanProperty {
  readonly text: string;
  readonly place: Place;
}

export const attributeOf = (element: XmlElement, name: string): string | undefined => element.attributes.get(name)?.value;
export const classOf = (bean: XmlElement): string => attributeOf(bean, 'class') ?? '';

export const propertyElement = (bean: XmlElement, names: RegExp): XmlElement | undefined =>
  bean.children.find(({ name, attributes }) => name === 'property' && names.test(attributes.get('name')?.value ?? ''));

export function propertyOf(bean: XmlElement, names: RegExp): BeanProperty | undefined {
  const element = propertyElement(bean, names);
  const text = (element && attributeOf(element, 'value')) ?? element?.children.find(({ name }) => name === 'value')?.text;
  if (text !== undefined) return { text, place: element!.place };
  const attribute = [...bean.attributes].find(([name]) => names.test(name));
  return attribute && { text: attribute[1].value, place: bean.place };
}

/** The bean that a property names or holds: `ref="x"`, `<ref bean="x"/>`, a nested bean, `p:name-ref="x"`. */
export function referencesOf(bean: XmlElement, name: string): readonly XmlElement[] {
  const element = propertyElement(bean, new RegExp(`^${name}$`));
  if (!element) return [];
  const inner = element.children.flatMap((child) => (/^(?:list|array|set)$/.test(child.name) ? child.children : [child]));
  return attributeOf(element, 'ref') === undefined ? inner.filter((child) => child.name === 'ref' || child.name === 'bean') : [element];
}

/** The bean itself, or the one of the same file that a reference names. */
export function follow(reference: XmlElement, beans: ReadonlyMap<string, XmlElement>): XmlElement | undefined {
  if (reference.name === 'bean') return reference;
  const name = attributeOf(reference, 'ref') ?? attributeOf(reference, 'bean') ?? attributeOf(reference, 'local');
  return name === undefined ? undefined : beans.get(name);
}
