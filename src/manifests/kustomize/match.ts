/** Which resources a patch, a replacement or a selector means. */
import { nodeAt, textOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import { annotationsOf, groupOf, kindOf, labelsOf, nameOf, namespaceOf, type Resource, versionOf } from './resource.ts';

interface Step {
  /** Absent: any character. */
  readonly char?: string;
  readonly many: boolean;
  readonly needed: boolean;
}

/** The part of regular expressions that targets use: characters, `.`, `*`, `+`. `undefined`: more than that. */
function parsePattern(pattern: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  const text = pattern.replace(/^\^/, '').replace(/\$$/, '');
  for (let at = 0; at < text.length; at++) {
    let char: string | undefined = text[at]!;
    if ('()[]{}?*+^$'.includes(char)) return undefined;
    if (char === '\\') {
      char = text[++at];
      if (char === undefined || /\w/.test(char)) return undefined;
    } else if (char === '.') char = undefined;
    const next = text[at + 1];
    const many = next === '*' || next === '+';
    steps.push({ ...(char === undefined ? {} : { char }), many, needed: next !== '*' });
    if (many) at++;
  }
  return steps;
}

/** Walks all ways at once, so that no pattern costs more than its length times that of the text. */
function fits(steps: readonly Step[], text: string): boolean {
  const open = (states: ReadonlySet<number>): Set<number> => {
    const all = new Set(states);
    for (const state of all) if (steps[state] && !steps[state].needed) all.add(state + 1);
    return all;
  };
  let states = open(new Set([0]));
  for (const char of text) {
    const next = new Set<number>();
    for (const state of states) {
      const step = steps[state];
      if (!step || (step.char !== undefined && step.char !== char)) continue;
      next.add(state + 1);
      if (step.many) next.add(state);
    }
    states = open(next);
  }
  return states.has(steps.length);
}

const maxPattern = 500;

/** Target fields are anchored patterns. One that needs more than this reader knows matches its own text only. */
export function matchesPattern(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined || pattern === '' || pattern === text) return true;
  if (pattern.length > maxPattern || text.length > maxPattern) return false;
  return pattern.split('|').some((option) => {
    const steps = parsePattern(option.replace(/^\(|\)$/g, ''));
    return steps !== undefined && fits(steps, text);
  });
}

/** `app=web,tier!=cache,team`. */
function matchesSelector(selector: string | undefined, values: Readonly<Record<string, string>>): boolean {
  if (!selector) return true;
  return selector.split(',').every((part) => {
    const term = part.trim();
    const differs = term.indexOf('!=');
    if (differs > 0) return values[term.slice(0, differs).trim()] !== term.slice(differs + 2).trim();
    const equals = term.indexOf('=');
    if (equals > 0)
      return (
        values[term.slice(0, equals).trim()] ===
        term
          .slice(equals + 1)
          .replace(/^=/, '')
          .trim()
      );
    return term.startsWith('!') ? !Object.hasOwn(values, term.slice(1).trim()) : Object.hasOwn(values, term);
  });
}

const hasName = (resource: Resource, accepts: (name: string) => boolean): boolean =>
  accepts(nameOf(resource)) || resource.formerNames.some(accepts);

/** `target` of a patch, `select` and `reject` of a replacement: group, version, kind, name, namespace, selectors. */
export function matchesTarget(resource: Resource, target: YamlNode | undefined): boolean {
  const want = (key: string) => textOf(nodeAt(target, key));
  return (
    matchesPattern(want('group'), groupOf(resource.root)) &&
    matchesPattern(want('version'), versionOf(resource.root)) &&
    matchesPattern(want('kind'), kindOf(resource)) &&
    hasName(resource, (name) => matchesPattern(want('name'), name)) &&
    (want('namespace') === undefined || matchesPattern(want('namespace'), namespaceOf(resource) ?? 'default')) &&
    matchesSelector(want('labelSelector'), labelsOf(resource)) &&
    matchesSelector(want('annotationSelector'), annotationsOf(resource))
  );
}

/** A strategic-merge patch names its target as an object does. */
export function isPatchFor(patch: YamlNode, resource: Resource): boolean {
  const name = textOf(nodeAt(patch, 'metadata', 'name'));
  const namespace = textOf(nodeAt(patch, 'metadata', 'namespace'));
  return (
    textOf(nodeAt(patch, 'kind')) === kindOf(resource) &&
    groupOf(patch) === groupOf(resource.root) &&
    hasName(resource, (own) => own === name) &&
    (namespace === undefined || namespaceOf(resource) === undefined || namespaceOf(resource) === namespace)
  );
}
