import type { Message, Rule } from '../types.ts';

export interface RenderedMessage extends Message {
  /** Names that the template asks for and the report did not give: a mistake in the rule. */
  readonly missing: readonly string[];
}

const placeholder = /\{([A-Za-z][A-Za-z0-9]*)\}/g;

/** Puts data into a rule's message. A template is written by us, data is not: a `{name}` inside data stays as it is. */
export function renderMessage(rule: Rule, id: string, data: Readonly<Record<string, string | number>>): RenderedMessage {
  const message = rule.messages[id];
  if (!message) throw new Error(`rule ${rule.id} has no message "${id}"`);
  const missing = new Set<string>();
  const fill = (template: string): string =>
    template.replace(placeholder, (whole, name: string) => {
      if (Object.hasOwn(data, name)) return String(data[name]);
      missing.add(name);
      return whole;
    });
  const rendered = { text: fill(message.text), consequence: fill(message.consequence), next: fill(message.next) };
  return { ...rendered, missing: [...missing] };
}
