/** Variables files of `cf push --vars-file`: a flat map of what manifests name as `((name))`. */
import { purposeOf } from '../../text/purpose.ts';
import { judgeValue } from '../../text/secret-shapes.ts';
import { entriesOf, textOf } from '../../text/yaml-access.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, Extraction, Place, SourceFile } from '../../types.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
/** Ansible keeps files of the same names in folders of its own. */
const isElsewhere = /(?:^|\/)(?:group_vars|host_vars|roles|playbooks|ansible)\//;
const isVariables = (path: string): boolean =>
  /^(?:[\w-]+[-_.])?(?:vars|variables)(?:[-_.][\w-]+)*\.ya?ml$/i.test(baseName(path)) && !isElsewhere.test(path);
const mostEntries = 500;

function extract(file: SourceFile): Extraction {
  const { documents } = readYaml(file);
  const entries = entriesOf(documents[0])
    .slice(0, mostEntries)
    .flatMap(({ key, value }): readonly { readonly name: string; readonly text: string; readonly place: Place }[] => {
      const text = textOf(value);
      // What is or may be a secret is not kept.
      return text === undefined || text.length > 200 || judgeValue(key, text).text !== text
        ? []
        : [{ name: key, text, place: value.place }];
    });
  const [first] = entries;
  if (!first) return { facts: [], notAssessed: [] };
  return {
    facts: [{ kind: 'manifest-variables', place: first.place, confidence: 'certain', value: { entries, purpose: purposeOf(file.path) } }],
    notAssessed: [],
  };
}

/** Silent about what it cannot read: a file of this name may be anything. */
export const cloudFoundryVariablesAdapter: Adapter = { id: 'cloud-foundry-variables', classify: isVariables, extract };
