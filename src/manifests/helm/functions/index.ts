/** Every function that a chart may call. */
import { cellOfPieces, withoutNil } from '../output.ts';
import { parseTemplate, type Template } from '../syntax.ts';
import { type Cell, cell, isTrue, mapOf, nil, type Source, TemplateError } from '../values.ts';
import { at, type Functions, plain, string } from './arguments.ts';
import { builtins } from './builtins.ts';
import { collectionFunctions } from './collections.ts';
import { encodingFunctions } from './encoding.ts';
import { numberFunctions } from './numbers.ts';
import { stringFunctions } from './strings.ts';
import { versionFunctions } from './versions.ts';

const failure = (message: string): never => {
  throw new TemplateError(message.slice(0, 200));
};

const helm: Functions = {
  include: (args, run) => run.include(string(at(args, 0).value), args[1] ?? nil),
  tpl(args, run) {
    const text = at(args, 0);
    const source: Source = { name: 'tpl', text: string(text.value) };
    if (!source.text.includes('{{')) return text;
    const { templates } = run.environment;
    const { main, defined } = parseTemplate(source);
    const before = new Map([...defined.keys()].map((name): [string, Template | undefined] => [name, templates.get(name)]));
    for (const [name, template] of defined) templates.set(name, template);
    try {
      const { value, pieces, from } = cellOfPieces(withoutNil(run.render(main, at(args, 1)).pieces));
      // Its text stands in values, not in a template.
      const own = pieces?.map((piece) => ({
        text: piece.text,
        from: piece.from ?? text.from,
        ...(piece.site?.source === source || !piece.site ? {} : { site: piece.site }),
      }));
      return { value, pieces: own, from: from ?? text.from };
    } finally {
      for (const [name, template] of before) {
        if (template) templates.set(name, template);
        else templates.delete(name);
      }
    }
  },
  required(args) {
    const given = args[1] ?? nil;
    if (given.value === null || given.value === '') failure(`a value is required: ${String(at(args, 0).value)}`);
    return given;
  },
  fail: (args) => failure(`the chart refuses these values: ${String(at(args, 0).value)}`),
  lookup: () => cell(mapOf({})),
  getHostByName: () => cell(''),
  hello: () => cell('Hello!'),
  toToml: plain(1, () => failure('`toToml` is not supported')),
  fromToml: plain(1, () => failure('`fromToml` is not supported')),
  and: andOr(false),
  or: andOr(true),
};

/** Through a pipeline or `call` they get values; in commands they stop early. */
function andOr(wanted: boolean): Functions[string] {
  return (args): Cell => args.find(({ value }) => isTrue(value) === wanted) ?? args.at(-1) ?? nil;
}

export const templateFunctions: Functions = {
  ...builtins,
  ...stringFunctions,
  ...collectionFunctions,
  ...numberFunctions,
  ...encodingFunctions,
  ...versionFunctions,
  ...helm,
};
