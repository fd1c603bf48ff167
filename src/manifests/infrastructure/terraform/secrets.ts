/** Secrets that are written into Terraform: arguments, defaults of variables, variable files, scripts of machines. */

import type { Attribute, Block, Body, Expression, Span } from '../../../text/hcl/syntax.ts';
import { isAcceptedSecret } from '../../../text/secret-literals.ts';
import { secretKindOf } from '../../../text/secret-shapes.ts';
import type { Fact } from '../../../types.ts';
import { literalSecret, type Secret, secretFact } from '../literal-secrets.ts';
import { type HclFile, type ParsedHcl, placeOf } from './module.ts';

/** Resources whose `value` is the secret. */
const secretHolders = new Set([
  'azurerm_key_vault_secret',
  'aws_secretsmanager_secret_version',
  'google_secret_manager_secret_version',
  'vault_generic_secret',
]);
const scriptArguments = /^(?:user_?data(?:_base64)?|custom_?data|startup_?script|metadata_startup_script|metadata)$/;

class Finder {
  readonly found: Fact<'secret'>[] = [];
  readonly #file: HclFile;
  constructor(file: HclFile) {
    this.#file = file;
  }

  body(body: Body, isVariableFile = false): void {
    if (isVariableFile) for (const { name, value } of body.attributes) this.#argument(name, value, 0);
    for (const block of body.blocks) this.#topLevel(block);
  }

  #topLevel(block: Block): void {
    const [first] = block.labels;
    if (block.type === 'variable' && first !== undefined) {
      for (const { name, value } of block.body.attributes) if (name === 'default') this.#argument(first, value, 0);
    } else if (block.type === 'resource') this.#block(block, secretHolders.has(first ?? '') ? 'secret' : undefined, 0);
    else if (['provider', 'module', 'locals'].includes(block.type)) this.#block(block, undefined, 0);
  }

  #block(block: Block, valueIs: string | undefined, depth: number): void {
    if (depth > 20) return;
    const named = block.body.attributes.find(({ name }) => name === 'name')?.value;
    for (const attribute of block.body.attributes) this.#attribute(attribute, named, valueIs, depth);
    for (const inner of block.body.blocks) this.#block(inner, valueIs, depth + 1);
  }

  /** `name = "DB_PASSWORD"` beside `value = "…"` names what the value is. */
  #attribute({ name, value }: Attribute, named: Expression | undefined, valueIs: string | undefined, depth: number): void {
    if (scriptArguments.test(name)) this.#script(value, 0);
    else if (name === 'value' && valueIs !== undefined) this.#argument(valueIs, value, depth);
    else this.#argument(name === 'value' && named?.is === 'literal' ? String(named.value) : name, value, depth);
  }

  #argument(name: string, value: Expression, depth: number): void {
    if (depth > 20) return;
    if (value.is === 'literal') this.#literal(name, value);
    else if (value.is === 'list') for (const item of value.items) this.#argument(name, item, depth + 1);
    else if (value.is === 'object') this.#object(value, depth);
    else if (value.is === 'call' && /^(?:jsonencode|base64encode|tomap|merge|sensitive|concat)$/.test(value.name))
      for (const arg of value.args) this.#argument(name, arg, depth + 1);
    else if (value.is === 'conditional') for (const branch of [value.yes, value.no]) this.#argument(name, branch, depth + 1);
  }

  #object({ items }: Extract<Expression, { is: 'object' }>, depth: number): void {
    const texts = items.map(({ key }) => (key.is === 'literal' ? String(key.value) : ''));
    const named = items[texts.indexOf('name')]?.value;
    for (const [index, { value }] of items.entries()) {
      const key = texts[index]!;
      if (scriptArguments.test(key) && value.is !== 'object') this.#script(value, 0);
      else this.#argument(key === 'value' && named?.is === 'literal' ? String(named.value) : key, value, depth + 1);
    }
  }

  #literal(name: string, expression: Extract<Expression, { is: 'literal' }>): void {
    const { value } = expression;
    const secret = typeof value === 'string' ? literalSecret(name, value) : undefined;
    if (secret) this.#add(secret, expression);
  }

  /** Shell assignments in the script that a machine runs when it starts. */
  #script(value: Expression, depth: number): void {
    if (depth > 5) return;
    if (value.is === 'call') for (const arg of value.args) this.#script(arg, depth + 1);
    else if (value.is === 'object') for (const item of value.items) this.#script(item.value, depth + 1);
    else if (value.is === 'template') for (const part of value.parts) if (part.is === 'text') this.#lines(part.text, part.start);
  }
  #lines(text: string, start: number): void {
    for (const match of text.matchAll(
      /(?:^|[\s;])([A-Za-z_][A-Za-z0-9_]{2,60})=(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|([^\s"'$;&|]{1,200}))/g,
    )) {
      const [, name = '', ...values] = match;
      const value = values.find((one) => one !== undefined) ?? '';
      const secret = secretKindOf(name) === undefined || /[(){}`$]/.test(value) ? undefined : literalSecret(name, value);
      if (!secret) continue;
      const at = start + match.index + match[0].indexOf(name);
      this.#add(secret, { start: at, end: at + match[0].length - match[0].indexOf(name) });
    }
  }

  #add(secret: Secret, span: Span): void {
    this.found.push(secretFact(secret, placeOf(this.#file, span)));
  }
}

export function findSecrets(files: readonly ParsedHcl[]): readonly Fact<'secret'>[] {
  return files.flatMap(({ file, body }) => {
    const finder = new Finder(file);
    finder.body(body, file.path.endsWith('.tfvars'));
    if (finder.found.length === 0) return [];
    const lines = file.text.split('\n');
    return finder.found.filter(({ place }) => !isAcceptedSecret(lines, place.line));
  });
}
