import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { SourceFile } from '../../types.ts';
import { type At, type Expression, emptySummary, type ModuleSummary } from './summary.ts';

const largest = 200_000;

function read(node: YamlNode): Expression {
  const { line, column, endLine, endColumn } = node.place;
  const at: At = [line, column, endLine, endColumn];
  switch (node.kind) {
    case 'map': {
      const properties = [...node.entries.values()].map(({ key, value }) => ({ key, value: read(value) }));
      return { k: 'object', properties, spreads: [], open: false, at };
    }
    case 'list':
      return { k: 'list', items: node.items.map(read), open: false, at };
    default:
      return { k: 'literal', value: node.value, at };
  }
}

/** A file of settings as a module whose export is its value. */
export function parseYamlModule(file: SourceFile): ModuleSummary | undefined {
  if (file.text.length > largest) return undefined;
  const [first, ...others] = readYaml(file).documents;
  return first && others.length === 0 ? { ...emptySummary, exports: [{ name: '=', value: read(first) }] } : undefined;
}
