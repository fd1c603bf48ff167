/**
 * Values for charts that are elsewhere (`helm install -f values.yaml`, `$values/…` of Argo CD, Helmfile) → the passwords in them. Those of
 * charts of the repository are read with their chart.
 */
import { findChartPasswords } from '../../text/chart-passwords.ts';
import { purposeOf } from '../../text/purpose.ts';
import { nodeAt } from '../../text/yaml-access.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, Extraction, SourceFile } from '../../types.ts';

const name = /(?:^|\/)(?:values(?:[-_.][\w.-]+)?|[\w.-]+[-_.]values|values\/[\w.-]+)\.ya?ml$/i;
/** Clusters on a laptop, and files that are there to be copied. */
const forDevelopment = /(?:^|[-_./])(?:minikube|kind|k3[ds]|example|sample|demo|quickstart|template|docker-desktop|microk8s)(?:[-_.]|$)/i;

function extract(file: SourceFile): Extraction {
  const purpose = purposeOf(file.path);
  const known = purpose === 'unknown' && forDevelopment.test(file.path) ? 'development' : purpose;
  const facts = readYaml(file)
    .documents.filter((root) => !(nodeAt(root, 'apiVersion') && nodeAt(root, 'kind')))
    .flatMap((root) => findChartPasswords(root, known));
  return { facts, notAssessed: [] };
}

/** Silent about what it cannot read: a file of this name may be anything. */
export const chartValuesAdapter: Adapter = { id: 'chart-values', classify: (path) => name.test(path), extract };
