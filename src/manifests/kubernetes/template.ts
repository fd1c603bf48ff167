/** Manifests that a tool has to render first: Helm, Go templates, Jinja. They are named, not judged. */
import { entriesOf } from '../../text/yaml-access.ts';
import type { YamlFile, YamlNode } from '../../text/yaml-document.ts';
import type { NotAssessed, SourceFile } from '../../types.ts';

/** A line that starts with a template action, or a value that is one without quotes. */
const structural = /^[ \t]*(?:\{\{|\{%)|:[ \t]+\{\{|^[ \t]*-[ \t]+\{\{|\}\}[ \t]*:/m;

/**
 * Outside of charts, actions may stand inside a text (an alert rule in a ConfigMap): then the file is plain YAML.
 * `a: {{ b }}` parses as a map whose key is a map, which a manifest never has.
 */
export function isTemplate(file: SourceFile, yaml: YamlFile): boolean {
  if (!file.text.includes('{{') && !file.text.includes('{%')) return false;
  if (chartOf(file.path) !== undefined) return true;
  return structural.test(file.text) && (yaml.notAssessed.length > 0 || yaml.documents.some(hasComputedKey));
}

const hasComputedKey = (node: YamlNode): boolean => {
  if (node.kind === 'list') return node.items.some(hasComputedKey);
  return entriesOf(node).some(({ key, value }) => key === '' || hasComputedKey(value));
};

/** Folder of the chart whose `templates/` holds the file. */
function chartOf(path: string): string | undefined {
  const match = /^(?:(.*)\/)?templates\//.exec(path);
  return match ? (match[1] ?? '') : undefined;
}

/** The same words for every file of a chart or folder, so that they are shown once. */
export function noteTemplate(path: string): NotAssessed {
  const chart = chartOf(path);
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
  const message =
    chart === undefined
      ? `Manifests in \`${folder}\` are templates, which are not rendered.`
      : `The chart in \`${chart || '.'}\` is not rendered: its workloads are not judged.`;
  return { reason: 'template', message, failed: false };
}
