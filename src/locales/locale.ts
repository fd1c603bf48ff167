/** What a language is made of. English stands where things are said (rules, evidence, phrases, strings); others stand here. */

/** The parts of a message as templates, with the same `{data}` and the same code in backticks as the English. */
export interface MessageText {
  readonly text: string;
  readonly consequence: string;
  readonly next: string;
}

/** A rule in another language: everything of it that is prose. */
export interface RuleText {
  readonly summary: string;
  readonly docs: { readonly what: string; readonly why: string; readonly how: string };
  /** By message id. */
  readonly messages: Readonly<Record<string, MessageText>>;
}

/** By rule id; one such object for each category of rules. */
export type RuleTexts = Readonly<Record<string, RuleText>>;
