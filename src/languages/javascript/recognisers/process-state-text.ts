/** Text that may declare a variable that outlives a request. Linear: bounded repeats, no nesting. */
import type { TextTest } from '../recogniser.ts';

const container =
  /^(export )?(?:const|let|var) ([\w$]+)(?: ?: ?[^=\n]{1,120})? ?= ?(?:\[|\{\}|new (?:Map|Set)\b|(?:new )?Array\b[(<]|Object\.create\()/gm;
const commonJs = /\bexports\b/;
const maxLooks = 2_000;

/** `rooms.get(id).users.push(…)`, `rooms[id] = …`, `Object.assign(rooms, …)`: the same statement changes it, also in code without semicolons. */
const changes =
  /^(?:[^;=\n]|=[>=]|\n(?!\s{0,80}(?:(?:const|let|var|return|if|for|while|switch|case|export|import|function|async|await|throw|try|type|interface|class|describe|it)\b|\}|\/[/*]))){0,200}?(?:\.\s?(?:push|unshift|set|add|splice)\s?\(|(?<![=!<>])=(?![=>])|\+\+|--)/;
const isChanged = (name: string, text: string): boolean => {
  let at = text.indexOf(name);
  for (let look = 0; at !== -1 && look < maxLooks; look++, at = text.indexOf(name, at + name.length)) {
    if (/[\w$]/.test(text[at - 1] ?? '') || /[\w$]/.test(text[at + name.length] ?? '')) continue;
    const before = text.slice(Math.max(0, at - 16), at);
    if (/(?:const|let|var) $/.test(before)) continue;
    if (/(?:\+\+|--|assign\()\s?$/.test(before) || changes.test(text.slice(at + name.length, at + name.length + 240))) return true;
  }
  return at !== -1;
};
const isExported = (name: string, text: string): boolean =>
  commonJs.test(text) || new RegExp(`\\bexport\\s*(?:default\\s+|\\{[^}]{0,2000})${name.replaceAll('$', '\\$')}\\b`).test(text);

/** A list or table at the left margin that this module changes, or that another could. */
const changedContainer: TextTest = {
  test: (text) =>
    [...text.matchAll(container)].some(
      ([, exported, name = '']) => exported !== undefined || isChanged(name, text) || isExported(name, text),
    ),
};

/** `function limit() { const seen = new Map(); … return (req, res, next) => …`: what a handler that is made keeps for itself. */
const made = /^(?:\t| {2,4})(?:const|let|var) ([\w$]+)(?: ?: ?[^=\n]{1,120})? ?= ?(?:\[\]|\{\}|new (?:Map|Set)\b)/gm;
const givesHandler =
  /^(?:\t| {2,4})return (?:async )?(?:function ?[\w$]{0,60} ?)?\(?(?:_?(?:req|request|ctx|context|socket|client|ws))\b[^\n;]{0,200}(?:=>|\{)/m;
const madeHandler: TextTest = {
  test: (text) => givesHandler.test(text) && [...text.matchAll(made)].some(([, name = '']) => isChanged(name, text)),
};
/** `constructor() { this.rooms = new Rooms(); }`: what a class is made of leads to what its parts keep. */
const part = /^[ \t]+this\.[\w$#]+ = new (?:[\w$]+\.){0,3}(?!(?:Map|Set|Date|Error|Promise|URL|WeakMap|Array)\b)[A-Z][\w$]*\(/m;
const parts: TextTest = { test: (text) => /\bclass\b/.test(text) && part.test(text) };
const ofProcess = /^global(?:This)?\.[\w$]+ ?= ?(?:\[|\{\}|new (?:Map|Set)\b)/m;
const fields = [
  /^[ \t]+(?:private|public|protected|readonly|static) [^=\n(;]{1,120} ?= ?(?:\[|\{\}|new (?:Map|Set)\b|\d|null)/m,
  /^[ \t]+(?:this\.|#)?[\w$]+ = (?:\[|\{\}|new (?:Map|Set)\b)/m,
];
const field: TextTest = { test: (text) => /\bclass\b/.test(text) && fields.some((pattern) => pattern.test(text)) };

export const processStateText: readonly TextTest[] = [
  changedContainer,
  ofProcess,
  /^(?:export )?let [\w$]+/m,
  /^var [\w$]+ = (?:\d|null|\{)/m,
  field,
  madeHandler,
  parts,
];
