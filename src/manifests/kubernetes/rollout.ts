/** How Argo Rollouts replaces copies, told as a delivery pipeline is. https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
import type { FactValues } from '../../facts.ts';
import { booleanOf, entryAt, itemsOf, nodeAt, numberOf } from '../../text/yaml-access.ts';
import type { YamlNode } from '../../text/yaml-document.ts';
import type { Fact } from '../../types.ts';
import type { KubernetesObject } from './object.ts';

type WayBack = FactValues['pipeline-deployment']['wayBack'];

export const isRollout = ({ group, kind }: KubernetesObject): boolean => group === 'argoproj.io' && kind === 'Rollout';

/** Copies that lost their traffic stay for 30 seconds unless told otherwise; five minutes are enough to look at what took over. */
const longEnough = 300;

const objections = ['autoPromotionSeconds', 'prePromotionAnalysis', 'postPromotionAnalysis', 'scaleDownDelayRevisionLimit'];

/** The switch happens as soon as the new copies are ready, unless somebody or something may object. */
function readBlueGreen(strategy: YamlNode): WayBack {
  const [promotes, delay] = [nodeAt(strategy, 'autoPromotionEnabled'), nodeAt(strategy, 'scaleDownDelaySeconds')];
  const [isOn, seconds] = [promotes ? booleanOf(promotes) : true, delay ? numberOf(delay) : 0];
  if (isOn === false || objections.some((key) => entryAt(strategy, key))) return 'kept';
  if (isOn === undefined || seconds === undefined) return 'unknown';
  return seconds >= longEnough ? 'kept' : 'destroyed';
}

const looks = ['pause', 'analysis', 'experiment', 'plugin'];

/** Without steps it is a rolling update, which asks for no look; steps that never stop run through to the end. */
function readCanary(strategy: YamlNode): WayBack {
  const steps = itemsOf(nodeAt(strategy, 'steps'));
  if (steps.length === 0) return 'unknown';
  const stops = entryAt(strategy, 'analysis') !== undefined || steps.some((step) => looks.some((key) => entryAt(step, key)));
  return stops ? 'kept' : 'destroyed';
}

const readers: Readonly<Record<string, (strategy: YamlNode) => WayBack>> = { blueGreen: readBlueGreen, canary: readCanary };

export function readRollout(object: KubernetesObject): Fact<'pipeline-deployment'>[] {
  return Object.entries(readers).flatMap(([name, read]): Fact<'pipeline-deployment'>[] => {
    const entry = entryAt(nodeAt(object.spec, 'strategy'), name);
    if (!entry) return [];
    const value: FactValues['pipeline-deployment'] = {
      tool: 'Argo Rollouts',
      pipeline: object.name,
      stage: name,
      target: object.name,
      purpose: object.purpose,
      strategy: name,
      wayBack: read(entry.value),
    };
    return [{ kind: 'pipeline-deployment', place: entry.keyPlace, confidence: 'certain', value }];
  });
}
