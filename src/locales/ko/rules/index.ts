import type { RuleTexts } from '../../locale.ts';

/** Every rule in Korean, by id. */
export const rules: RuleTexts = {};
