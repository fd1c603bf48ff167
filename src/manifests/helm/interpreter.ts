/** Runs a tree of a Go template as text/template does. What fails is noted, and left out as unknown. */
import { holdsMissed, leftOutBy } from './left-out.ts';
import { type Budget, Output, unknownMark } from './output.ts';
import type { Node, Operand, Pipe, Template } from './syntax.ts';
import {
  Callable,
  type Cell,
  cell,
  GoList,
  GoMap,
  GoStruct,
  isTrue,
  kindOf,
  nil,
  type Site,
  type Source,
  TemplateError,
} from './values.ts';

export type GoFunction = (args: readonly Cell[], run: Interpreter) => Cell;

/** Something that could not be rendered. */
export interface Failure {
  readonly message: string;
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}
export interface Environment {
  readonly functions: Readonly<Record<string, GoFunction>>;
  readonly templates: Map<string, Template>;
  readonly budget: Budget;
  readonly fail: (failure: Failure) => void;
}

/** Templates that include each other, and `tpl` inside of `tpl`. */
const maxIncludes = 60;

type Signal = 'break' | 'continue' | undefined;
interface Variable {
  readonly name: string;
  value: Cell;
}
/** What one template sees. */
interface Frame {
  readonly source: Source;
  readonly out: Output;
  readonly variables: Variable[];
}

export class Interpreter {
  readonly environment: Environment;
  #includes = 0;
  /** Above 0 while something is rendered that is not there: what fails in it is not told. */
  #shadows = 0;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  render(template: Template, dot: Cell): Output {
    const out = new Output(this.environment.budget);
    this.environment.budget.step(10);
    if (++this.#includes > maxIncludes) {
      this.#includes--;
      throw new TemplateError(`templates include each other more than ${maxIncludes} levels deep`);
    }
    try {
      this.#list(template.nodes, dot, { source: template.source, out, variables: [{ name: '$', value: dot }] });
    } finally {
      this.#includes--;
    }
    return out;
  }

  include(name: string, dot: Cell): Cell {
    const template = this.environment.templates.get(name);
    if (!template) throw new TemplateError(`no template ${JSON.stringify(name.slice(0, 80))} is defined`);
    return this.render(template, dot).cell();
  }

  #list(nodes: readonly Node[], dot: Cell, frame: Frame): Signal {
    for (const node of nodes) {
      this.environment.budget.step();
      const signal = this.#node(node, dot, frame);
      if (signal) return signal;
    }
    return undefined;
  }

  #node(node: Node, dot: Cell, frame: Frame): Signal {
    if (node.type === 'text') frame.out.literal(node.text, siteOf(node, frame.source, true));
    else if (isJump(node)) return node.type;
    else return this.#guarded(node, frame, () => this.#action(node, dot, frame));
    return undefined;
  }

  /** A failure costs the action in which it happens. */
  #guarded(node: Node, frame: Frame, run: () => Signal): Signal {
    try {
      return run();
    } catch (error) {
      // A text that is no file has no lines to name: the action that renders it fails as a whole.
      if (!(error instanceof TemplateError) || !frame.source.place) throw error;
      if (this.#shadows === 0) this.environment.fail({ message: error.message, source: frame.source, start: node.start, end: node.end });
      const prints = node.type === 'action' || node.type === 'template';
      if (prints && !startsBlock(node, frame.source.text)) frame.out.print(cell(unknownMark), siteOf(node, frame.source, false));
      return undefined;
    }
  }

  #action(node: Acting, dot: Cell, frame: Frame): Signal {
    switch (node.type) {
      case 'action': {
        const value = this.#pipe(node.pipe, dot, frame);
        if (!node.pipe.declares.length) frame.out.print(value, siteOf(node, frame.source, false));
        return undefined;
      }
      case 'template':
        frame.out.print(this.include(node.name, node.pipe ? this.#pipe(node.pipe, dot, frame) : nil), siteOf(node, frame.source, false));
        return undefined;
      case 'if':
      case 'with':
        return this.#scoped(frame, () => {
          const value = this.#pipe(node.pipe, dot, frame);
          if (!isTrue(value.value)) return this.#otherwise(node, value, dot, frame);
          const word = node.type === 'if' && value.from ? comparedWord(node.pipe) : undefined;
          const mark = frame.out.pieces.length;
          const signal = this.#list(node.body, node.type === 'with' ? value : dot, frame);
          if (word !== undefined) frame.out.decide(mark, word, value.from!);
          return signal;
        });
      case 'range':
        return this.#scoped(frame, () => this.#range(node, dot, frame));
    }
  }

  #otherwise(node: Block, because: Cell, dot: Cell, frame: Frame): Signal {
    const leftOut = because.from && leftOutBy(node, because, frame.source);
    if (leftOut) {
      const objects = node.type === 'if' && holdsMissed(node) ? this.#shadow(node, dot, frame) : undefined;
      const site = siteOf(node, frame.source, false);
      frame.out.leaveOut({ text: '', site, from: because.from!, leftOut: objects ? { ...leftOut, objects } : leftOut });
    }
    return this.#list(node.otherwise, dot, frame);
  }

  /** What a block would print if its condition held. */
  #shadow(node: Block, dot: Cell, frame: Frame): string | undefined {
    if (this.#shadows > 0) return undefined;
    const out = new Output(this.environment.budget);
    const variables = frame.variables.map((one) => ({ ...one }));
    this.#shadows++;
    try {
      this.#list(node.body, dot, { ...frame, out, variables });
      return out.pieces.map(({ text }) => text).join('');
    } catch (error) {
      if (error instanceof TemplateError) return undefined;
      throw error;
    } finally {
      this.#shadows--;
    }
  }

  #scoped(frame: Frame, run: () => Signal): Signal {
    const mark = frame.variables.length;
    try {
      return run();
    } finally {
      frame.variables.length = mark;
    }
  }

  #range(node: Block, dot: Cell, frame: Frame): Signal {
    const over = this.#pipe({ ...node.pipe, declares: [] }, dot, frame);
    const items = elementsOf(over, this.environment.budget);
    if (items.length === 0) return this.#otherwise(node, over, dot, frame);
    const { declares, assigns } = node.pipe;
    for (const [key, value] of items) {
      this.environment.budget.step();
      const signal = this.#scoped(frame, () => {
        const given = declares.length > 1 ? [key, value] : [value];
        declares.forEach((name, index) => setVariable(frame, name, given[index]!, assigns));
        return this.#list(node.body, value, frame);
      });
      if (signal === 'break') break;
    }
    return undefined;
  }

  #pipe(pipe: Pipe, dot: Cell, frame: Frame): Cell {
    let value: Cell | undefined;
    for (const command of pipe.commands) value = this.#command(command, dot, frame, value);
    for (const name of pipe.declares) setVariable(frame, name, value!, pipe.assigns);
    return value!;
  }

  #command(operands: readonly Operand[], dot: Cell, frame: Frame, last: Cell | undefined): Cell {
    this.environment.budget.step();
    const [first, ...rest] = operands as [Operand, ...Operand[]];
    const takesArguments = first.type === 'function' || 'path' in first;
    if (!takesArguments && (rest.length > 0 || last)) throw new TemplateError("can't give argument to non-function");
    if (first.type === 'nil') throw new TemplateError('nil is not a command');
    if (first.type === 'function') return this.#function(first.name, rest, dot, frame, last);
    if (!('path' in first) || first.path.length === 0) return this.#operand(first, dot, frame);
    const args = [...rest.map((operand) => this.#operand(operand, dot, frame)), ...(last ? [last] : [])];
    return this.#fields(this.#base(first, dot, frame), first.path, args);
  }

  #function(name: string, operands: readonly Operand[], dot: Cell, frame: Frame, last: Cell | undefined): Cell {
    if (name === 'and' || name === 'or') return this.#shortCut(name, operands, dot, frame, last);
    const known = this.environment.functions;
    if (!Object.hasOwn(known, name)) throw new TemplateError(`the function \`${name}\` is not known`);
    const args = operands.map((operand) => this.#operand(operand, dot, frame));
    if (last) args.push(last);
    return known[name]!(args, this);
  }

  /** The first value that decides; later ones are not evaluated. */
  #shortCut(name: 'and' | 'or', operands: readonly Operand[], dot: Cell, frame: Frame, last: Cell | undefined): Cell {
    let value: Cell | undefined;
    for (const operand of operands) {
      value = this.#operand(operand, dot, frame);
      if (isTrue(value.value) === (name === 'or')) return value;
    }
    return last ?? value ?? this.#missing(name);
  }
  #missing(name: string): never {
    throw new TemplateError(`wrong number of args for ${name}`);
  }

  #operand(operand: Operand, dot: Cell, frame: Frame): Cell {
    switch (operand.type) {
      case 'dot':
        return dot;
      case 'nil':
        return nil;
      case 'literal':
        return cell(operand.value);
      case 'pipe':
        return this.#pipe(operand.pipe, dot, frame);
      case 'function':
        return this.#function(operand.name, [], dot, frame, undefined);
      default:
        return this.#fields(this.#base(operand, dot, frame), operand.path, []);
    }
  }

  #base(operand: Operand, dot: Cell, frame: Frame): Cell {
    if (operand.type === 'field') return dot;
    if (operand.type === 'chain') return this.#operand(operand.of, dot, frame);
    const { variables } = frame;
    const name = operand.type === 'variable' ? operand.name : '';
    for (let at = variables.length - 1; at >= 0; at--) if (variables[at]!.name === name) return variables[at]!.value;
    throw new TemplateError(`undefined variable ${name}`);
  }

  #fields(base: Cell, path: readonly string[], args: readonly Cell[]): Cell {
    // What a pipeline gave as nil has no type, and neither have its fields; a key that a map lacks has one.
    if (base.value === null && path.length > 0) return base;
    let current = base;
    path.forEach((name, index) => {
      current = readField(current, name, index === path.length - 1 ? args : []);
    });
    return current;
  }
}

type Jump = Extract<Node, { type: 'break' | 'continue' }>;
type Block = Extract<Node, { type: 'if' | 'with' | 'range' }>;
type Acting = Exclude<Exclude<Node, { type: 'text' }>, Jump>;
const isJump = (node: Node): node is Jump => node.type === 'break' || node.type === 'continue';
const siteOf = ({ start, end }: { start: number; end: number }, source: Source, literal: boolean): Site => ({
  source,
  start,
  end,
  literal,
});

/** `if eq .Values.kind "Recreate"`: where the block writes that word, the value decides it. */
function comparedWord({ commands }: Pipe): string | undefined {
  const [first, ...operands] = commands.length === 1 ? commands[0]! : [];
  if (first?.type === 'pipe' && operands.length === 0) return comparedWord(first.pipe);
  if (first?.type !== 'function' || first.name !== 'eq' || operands.length !== 2) return undefined;
  const literal = operands.find((operand) => operand.type === 'literal');
  return typeof literal?.value === 'string' && literal.value !== '' ? literal.value : undefined;
}

/** `{{-` that eats the end of the line above: what it prints begins a new one. */
function startsBlock({ start }: Node, text: string): boolean {
  if (!text.startsWith('{{-', start)) return false;
  let at = start;
  while (at > 0 && ' \t\r'.includes(text[at - 1]!)) at--;
  return at === 0 || text[at - 1] === '\n';
}

function setVariable(frame: Frame, name: string, value: Cell, assigns: boolean): void {
  if (!assigns) {
    frame.variables.push({ name, value });
    return;
  }
  for (let at = frame.variables.length - 1; at >= 0; at--) {
    if (frame.variables[at]!.name === name) {
      frame.variables[at]!.value = value;
      return;
    }
  }
  throw new TemplateError(`undefined variable ${name}`);
}

/** A field, a key or a method. A key that a map lacks is nil; a field of nil is an error. */
export function readField({ value, from }: Cell, name: string, args: readonly Cell[]): Cell {
  if (value === null) throw new TemplateError(`nil pointer evaluating interface {}.${name}`);
  if (value instanceof GoMap || value instanceof GoList) {
    const method = Object.hasOwn(value.methods, name) ? value.methods[name] : undefined;
    if (method) return method.call(args);
  }
  const found =
    value instanceof GoMap ? (value.get(name) ?? { value: null, from }) : value instanceof GoStruct ? value.fields.get(name) : undefined;
  if (!found) throw new TemplateError(`can't evaluate field ${name} in type ${kindOf(value)}`);
  if (found.value instanceof Callable) return found.value.call(args);
  if (args.length > 0) throw new TemplateError(`${name} is not a method but has arguments`);
  return found;
}

function elementsOf({ value, from }: Cell, budget: Budget): readonly (readonly [Cell, Cell])[] {
  if (value === null) return [];
  if (value instanceof GoList) return value.items.map((item, index) => [cell(BigInt(index)), item] as const);
  if (value instanceof GoMap) return value.keys().map((key) => [cell(key, value.get(key)!.from), value.get(key)!] as const);
  if (typeof value === 'bigint') {
    budget.list(Number(value));
    return Array.from({ length: Math.max(0, Number(value)) }, (_, index) => [cell(BigInt(index)), cell(BigInt(index), from)] as const);
  }
  throw new TemplateError(`range can't iterate over ${kindOf(value)}`);
}
