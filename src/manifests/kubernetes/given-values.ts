/** What Applications of Argo CD and HelmReleases of Flux give to the charts that they install: passwords among it. */
import { chartPassword, findChartPasswords, isChartPassword } from '../../text/chart-passwords.ts';
import { itemsOf, nodeAt, scalarOf, textOf } from '../../text/yaml-access.ts';
import { placesInBlock } from '../../text/yaml-block.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { AnyFact, SourceFile } from '../../types.ts';
import type { KubernetesObject } from './object.ts';

/** https://fluxcd.io/flux/components/helm/helmreleases/, https://argo-cd.readthedocs.io/en/stable/user-guide/helm/ */
export function readGivenValues({ group, kind, spec, purpose }: KubernetesObject, file: SourceFile): readonly AnyFact[] {
  if (group === 'helm.toolkit.fluxcd.io' && kind === 'HelmRelease') return findChartPasswords(nodeAt(spec, 'values'), purpose);
  if (group !== 'argoproj.io' || (kind !== 'Application' && kind !== 'ApplicationSet')) return [];
  const own = kind === 'Application' ? spec : nodeAt(spec, 'template', 'spec');
  const sources = [nodeAt(own, 'source'), ...itemsOf(nodeAt(own, 'sources'))];
  return sources.flatMap((source): readonly AnyFact[] => {
    const helm = nodeAt(source, 'helm');
    const text = scalarOf(nodeAt(helm, 'values'));
    const inline = text ? readYaml({ path: file.path, text: text.text, places: placesInBlock(text, file.text) }).documents : [];
    const parameters = itemsOf(nodeAt(helm, 'parameters')).flatMap((one): AnyFact[] => {
      const path = textOf(nodeAt(one, 'name'))?.split('.') ?? [];
      const value = scalarOf(nodeAt(one, 'value'));
      if (!value || !isChartPassword(path.at(-1) ?? '', value.text)) return [];
      return [{ kind: 'secret', place: value.place, confidence: 'likely', value: chartPassword(path, purpose) }];
    });
    return [...[nodeAt(helm, 'valuesObject'), ...inline].flatMap((node) => findChartPasswords(node, purpose)), ...parameters];
  });
}
