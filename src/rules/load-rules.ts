/** Every rule of the product; the path of a rule's file is its registration (`build/rules-plugin.mjs`). */
import sources from 'virtual:rules';
import type { Rule } from '../types.ts';
import { compileYamlRule } from './compile-yaml.ts';

let loaded: readonly Rule[] | undefined;

/** All rules by id. Throws when a YAML rule is not valid: that is a mistake in the product, found by its tests. */
export function loadRules(): readonly Rule[] {
  loaded ??= sources.map(({ id, category, definition, yaml }) => ({
    ...(definition ?? compileYamlRule(yaml, `rules/${category}/${id}.yaml`)),
    id,
    category,
  }));
  return loaded;
}
