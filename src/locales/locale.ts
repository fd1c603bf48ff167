/** What a language is made of. English stands where things are said (rules, evidence, phrases, strings); others stand here. */

import type { PhraseId } from '../assessment/phrases.ts';
import type { AdditionId } from '../findings/addition-messages.ts';
import type { EvidenceId } from '../findings/evidence-messages.ts';

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

/**
 * Text that reaches a result already made, in English, by its template: `{name}` stands for whatever stands there. Reasons of links,
 * labels of related places, what could not be assessed, titles of fixes, and values of messages that are half a sentence themselves.
 */
export type Fragments = Readonly<Record<string, string>>;

export interface Locale {
  readonly lang: string;
  readonly rules: RuleTexts;
  readonly additions: Readonly<Record<AdditionId, string>>;
  readonly evidence: Readonly<Record<EvidenceId, string>>;
  readonly phrases: Readonly<Record<PhraseId, string>>;
  readonly fragments: Fragments;
  /** Last touch on a text that was filled with data: grammar that depends on the data. */
  readonly polish?: (text: string) => string;
}
