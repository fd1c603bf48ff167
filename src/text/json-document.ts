/** JSON with places. Comments, trailing commas and broken text are errors, as they are for npm; nesting is limited. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { NotAssessed, Place, SourceFile } from '../types.ts';
import { LineMap } from './positions.ts';

export interface JsonDocument {
  readonly root: JsonNode;
}
/** A value of a JSON text. Members that are absent or of another type are `undefined`. */
export interface JsonNode {
  readonly place: Place;
  /** Plain text, number, boolean or null; `undefined` for objects and arrays. */
  readonly value: string | number | boolean | null | undefined;
  get(key: string): JsonNode | undefined;
  /** Members of an object; of equal keys the last one counts. */
  members(): readonly { readonly key: string; readonly keyPlace: Place; readonly value: JsonNode }[];
  /** Items of an array. */
  items(): readonly JsonNode[];
  readonly isObject: boolean;
}

const maxDepth = 200;

class TreeNode implements JsonNode {
  readonly #node: Node;
  readonly #lines: LineMap;
  constructor(node: Node, lines: LineMap) {
    this.#node = node;
    this.#lines = lines;
  }
  get place(): Place {
    return this.#lines.place(this.#node.offset, this.#node.offset + this.#node.length);
  }
  get value(): JsonNode['value'] {
    return this.#node.type === 'object' || this.#node.type === 'array' ? undefined : (this.#node.value as JsonNode['value']);
  }
  get isObject(): boolean {
    return this.#node.type === 'object';
  }
  get(key: string): JsonNode | undefined {
    return this.members().findLast((member) => member.key === key)?.value;
  }
  members(): ReturnType<JsonNode['members']> {
    if (this.#node.type !== 'object') return [];
    return (this.#node.children ?? []).flatMap(({ children }) => {
      const [key, value] = children ?? [];
      if (!key || !value) return [];
      return [
        {
          key: String(key.value),
          keyPlace: this.#lines.place(key.offset, key.offset + key.length),
          value: new TreeNode(value, this.#lines),
        },
      ];
    });
  }
  items(): readonly JsonNode[] {
    return this.#node.type === 'array' ? (this.#node.children ?? []).map((child) => new TreeNode(child, this.#lines)) : [];
  }
}

/** True when brackets outside of strings nest deeper than the recursive parser should follow. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 92) at++;
      else if (code === 34 || code === 10) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 91 || code === 123) {
      if (++depth > maxDepth) return true;
    } else if (code === 93 || code === 125) depth--;
  }
  return false;
}

/** Reads a JSON text; `lenient` allows comments and trailing commas (tools of their own formats do). */
export function readJson(file: SourceFile, lenient = false): JsonDocument | NotAssessed {
  const lines = new LineMap(file.path, file.text);
  const fail = (reason: string, message: string, offset: number): NotAssessed => ({
    reason,
    message,
    place: lines.place(offset, offset),
    failed: true,
  });
  if (isTooDeep(file.text)) return fail('too-deep', `The JSON is nested more than ${maxDepth} levels deep.`, 0);
  const errors: ParseError[] = [];
  const tree = parseTree(file.text, errors, { disallowComments: !lenient, allowTrailingComma: lenient });
  const [error] = errors;
  if (error) return fail('syntax-error', `The JSON cannot be read: ${describe(printParseErrorCode(error.error))}.`, error.offset);
  return tree ? { root: new TreeNode(tree, lines) } : fail('syntax-error', 'The file is empty.', 0);
}

/** `InvalidSymbol` → `invalid symbol`. */
const describe = (code: string): string => code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
