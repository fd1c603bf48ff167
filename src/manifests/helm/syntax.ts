/** Tokens → tree of a Go template. */
import { lexTemplate, TemplateSyntaxError, type Token } from './lexer.ts';
import type { Source } from './values.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}
export type Operand = Range &
  (
    | { readonly type: 'dot' | 'nil' }
    | { readonly type: 'literal'; readonly value: string | boolean | bigint | number }
    | { readonly type: 'field'; readonly path: readonly string[] }
    | { readonly type: 'variable'; readonly name: string; readonly path: readonly string[] }
    | { readonly type: 'function'; readonly name: string }
    | { readonly type: 'pipe'; readonly pipe: Pipe }
    | { readonly type: 'chain'; readonly of: Operand; readonly path: readonly string[] }
  );
export interface Pipe extends Range {
  readonly declares: readonly string[];
  readonly assigns: boolean;
  /** Each command: what is called or given, and its arguments. */
  readonly commands: readonly (readonly Operand[])[];
}
export type Node = Range &
  (
    | { readonly type: 'text'; readonly text: string }
    | { readonly type: 'action'; readonly pipe: Pipe }
    | { readonly type: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }
    | { readonly type: 'template'; readonly name: string; readonly pipe?: Pipe }
    | { readonly type: 'break' | 'continue' }
  );
export interface Template {
  readonly source: Source;
  readonly nodes: readonly Node[];
}
export interface ParsedFile {
  readonly main: Template;
  readonly defined: ReadonlyMap<string, Template>;
}

/** Blocks inside blocks, and parentheses inside parentheses: far more than people write. */
const maxDepth = 100;

export function parseTemplate(source: Source): ParsedFile {
  const parser = new Parser(source);
  const main = { source, nodes: parser.parseAll() };
  return { main, defined: parser.defined };
}

interface Block {
  readonly nodes: Node[];
  /** What ended it: `end`, or `else` with what follows it. */
  readonly ended: 'end' | 'else' | 'eof';
}

class Parser {
  readonly defined = new Map<string, Template>();
  readonly #source: Source;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #loops = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#tokens = lexTemplate(source);
  }

  parseAll(): Node[] {
    const { nodes, ended } = this.#block();
    if (ended !== 'eof') this.#fail(`unexpected {{${ended}}}`);
    return nodes;
  }

  #fail(message: string): never {
    throw new TemplateSyntaxError(message, this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]?.start ?? 0);
  }
  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
  #next(): Token {
    return this.#tokens[this.#at++] ?? this.#fail('unexpected end');
  }
  #skipSpace(): void {
    while (this.#peek()?.kind === 'space') this.#at++;
  }
  #expectClose(): Token {
    this.#skipSpace();
    const token = this.#next();
    if (token.kind !== 'close') this.#fail(`unexpected ${JSON.stringify(token.text.slice(0, 40))} in an action`);
    return token;
  }
  #deeper<T>(parse: () => T): T {
    if (++this.#depth > maxDepth) this.#fail(`nested more than ${maxDepth} levels deep`);
    const result = parse();
    this.#depth--;
    return result;
  }

  #block(): Block {
    const nodes: Node[] = [];
    for (let token = this.#peek(); token; token = this.#peek()) {
      this.#at++;
      if (token.kind === 'text') {
        nodes.push({ type: 'text', text: token.text, start: token.start, end: token.end });
        continue;
      }
      this.#skipSpace();
      const word = this.#peek();
      if (word?.kind === 'identifier' && (word.text === 'end' || word.text === 'else')) {
        this.#at++;
        if (word.text === 'end') this.#expectClose();
        return { nodes, ended: word.text };
      }
      const node = this.#deeper(() => this.#action(token));
      if (node) nodes.push(node);
    }
    return { nodes, ended: 'eof' };
  }

  #action(open: Token): Node | undefined {
    const word = this.#peek();
    if (word?.kind === 'identifier') {
      switch (word.text) {
        case 'if':
        case 'with':
        case 'range':
          this.#at++;
          return this.#control(word.text, open);
        case 'define':
          this.#at++;
          return this.#define();
        case 'block':
          this.#at++;
          return this.#define(open);
        case 'template':
          this.#at++;
          return this.#template(open);
        case 'break':
        case 'continue':
          this.#at++;
          if (this.#loops === 0) this.#fail(`{{${word.text}}} outside {{range}}`);
          return { type: word.text, start: open.start, end: this.#expectClose().end };
      }
    }
    const pipe = this.#pipe();
    return { type: 'action', pipe, start: open.start, end: this.#expectClose().end };
  }

  #control(type: 'if' | 'with' | 'range', open: Token): Node {
    const pipe = this.#pipe();
    const { end } = this.#expectClose();
    if (type === 'range') this.#loops++;
    const body = this.#block();
    if (type === 'range') this.#loops--;
    return { type, pipe, body: body.nodes, otherwise: this.#otherwise(body, open), start: open.start, end };
  }

  /** `else`, or `else if …`, which is a block of its own inside of the else. */
  #otherwise({ ended }: Block, open: Token): readonly Node[] {
    if (ended === 'end') return [];
    if (ended === 'eof') throw new TemplateSyntaxError('the block is not closed: {{end}} is missing', open.start);
    this.#skipSpace();
    const word = this.#peek();
    if (word?.kind === 'identifier' && (word.text === 'if' || word.text === 'with')) {
      const type = word.text;
      this.#at++;
      return [this.#deeper(() => this.#control(type, word))];
    }
    this.#expectClose();
    const block = this.#block();
    if (block.ended !== 'end') throw new TemplateSyntaxError('the block is not closed: {{end}} is missing', open.start);
    return block.nodes;
  }

  #name(): string {
    this.#skipSpace();
    const token = this.#next();
    if (token.kind !== 'string') this.#fail('a template is named by a string');
    return token.text;
  }

  #define(open?: Token): Node | undefined {
    const name = this.#name();
    this.#skipSpace();
    const pipe = open && this.#peek()?.kind !== 'close' ? this.#pipe() : undefined;
    const { end } = this.#expectClose();
    const loops = this.#loops;
    this.#loops = 0;
    const body = this.#block();
    this.#loops = loops;
    if (body.ended !== 'end') this.#fail('{{define}} is not closed');
    this.defined.set(name, { source: this.#source, nodes: body.nodes });
    return open && { type: 'template', name, pipe, start: open.start, end };
  }

  #template(open: Token): Node {
    const name = this.#name();
    this.#skipSpace();
    const pipe = this.#peek()?.kind === 'close' ? undefined : this.#pipe();
    return { type: 'template', name, pipe, start: open.start, end: this.#expectClose().end };
  }

  #pipe(): Pipe {
    this.#skipSpace();
    const start = this.#peek()?.start ?? 0;
    const { declares, assigns } = this.#declarations();
    const commands: Operand[][] = [];
    for (;;) {
      commands.push(this.#command());
      this.#skipSpace();
      if (this.#peek()?.text !== '|' || this.#peek()?.kind !== 'sign') break;
      this.#at++;
    }
    return { declares, assigns, commands, start, end: this.#tokens[this.#at - 1]?.end ?? start };
  }

  /** `$x :=`, `$x =` or `$i, $x :=` in front of a pipeline. */
  #declarations(): { declares: string[]; assigns: boolean } {
    const from = this.#at;
    const declares: string[] = [];
    while (this.#peek()?.kind === 'variable') {
      declares.push(this.#next().text);
      this.#skipSpace();
      const sign = this.#peek();
      if (sign?.kind === 'sign' && (sign.text === ':=' || sign.text === '=')) {
        this.#at++;
        return { declares, assigns: sign.text === '=' };
      }
      if (sign?.kind !== 'sign' || sign.text !== ',' || declares.length > 1) break;
      this.#at++;
      this.#skipSpace();
    }
    this.#at = from;
    return { declares: [], assigns: false };
  }

  #command(): Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.#skipSpace();
      const token = this.#peek();
      if (!token || token.kind === 'close' || (token.kind === 'sign' && token.text !== '(')) break;
      operands.push(this.#deeper(() => this.#operand()));
    }
    if (operands.length === 0) this.#fail('missing value for command');
    return operands;
  }

  #operand(): Operand {
    const token = this.#next();
    const range = { start: token.start, end: token.end };
    if (token.kind === 'field' || token.kind === 'variable') {
      const path = [...(token.kind === 'field' ? [token.text.slice(1)] : []), ...this.#fields()];
      const end = this.#tokens[this.#at - 1]!.end;
      return token.kind === 'field'
        ? { type: 'field', path, start: token.start, end }
        : { type: 'variable', name: token.text, path, start: token.start, end };
    }
    const base = token.kind === 'sign' ? this.#parenthesis(token) : simpleOperand(token, range);
    if (!base) this.#fail(`unexpected ${JSON.stringify(token.text.slice(0, 40))} in an operand`);
    const path = this.#fields();
    return path.length ? { type: 'chain', of: base, path, start: token.start, end: this.#tokens[this.#at - 1]!.end } : base;
  }

  #parenthesis(open: Token): Operand | undefined {
    if (open.text !== '(') return undefined;
    const pipe = this.#pipe();
    this.#skipSpace();
    const close = this.#next();
    if (close.kind !== 'sign' || close.text !== ')') this.#fail('unclosed left paren');
    return { type: 'pipe', pipe, start: open.start, end: close.end };
  }

  #fields(): string[] {
    const path: string[] = [];
    while (this.#peek()?.kind === 'field') path.push(this.#next().text.slice(1));
    return path;
  }
}

function simpleOperand(token: Token, range: Range): Operand | undefined {
  const literal = (value: string | boolean | bigint | number): Operand => ({ type: 'literal', value, ...range });
  switch (token.kind) {
    case 'dot':
      return { type: 'dot', ...range };
    case 'string':
      return literal(token.text);
    case 'char':
      return literal(BigInt(token.text.codePointAt(0) ?? 0));
    case 'number':
      return literal(parseNumber(token));
    case 'identifier':
      if (token.text === 'true' || token.text === 'false') return literal(token.text === 'true');
      return token.text === 'nil' ? { type: 'nil', ...range } : { type: 'function', name: token.text, ...range };
    default:
      return undefined;
  }
}

function parseNumber({ text, start }: Token): bigint | number {
  const plain = text.replaceAll('_', '');
  const digits = plain.replace(/^[+-]/, '');
  const sign = plain.startsWith('-') ? -1n : 1n;
  if (digits.length < 40 && /^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[1-9][0-9]*|0)$/.test(digits)) return sign * BigInt(digits);
  if (digits.length < 40 && /^0[0-7]+$/.test(digits)) return sign * BigInt(`0o${digits.slice(1)}`);
  const value = Number(plain);
  if (plain.length > 60 || !Number.isFinite(value)) throw new TemplateSyntaxError(`bad number syntax: ${text.slice(0, 40)}`, start);
  return value;
}
