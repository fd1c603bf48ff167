/** Programs that watch the machine on which they run: one for each, reading what is its own. */
import type { Container } from '../facts.ts';
import type { Deployment } from '../types.ts';
import { baseOf } from './image-questions.ts';
import { parseImage } from './image-reference.ts';

const agents =
  /(?:^|[-_.])(?:cadvisor|node[-_]exporter|process[-_]exporter|dcgm-exporter|(?:file|metric|packet|audit|journal)beat|elastic-agent|promtail|alloy|fluent-bit|datadog-agent|newrelic-infra(?:structure)?(?:-bundle)?|telegraf|netdata|falco|node-problem-detector)$/i;

const nameOf = (image: Container['image']): string => {
  const text = image?.known ? image.value : image?.written;
  // `beats/filebeat:${VERSION}`: the version is left to an argument.
  return text === undefined ? '' : parseImage(text.replace(/:\$.*$/s, '')).name;
};
const isAgentImage = (image: Container['image']): boolean => agents.test(nameOf(image));

/** By its image, or by the one that it is built from; by its name where nobody sees what it is built from. */
export const isAgentContainer = ({ name, image }: Container, built?: Deployment['image']): boolean =>
  built ? isAgentImage(baseOf(built.lineage)) : image ? isAgentImage(image) : agents.test(name);

/** A global service of Swarm runs once on every node, as a DaemonSet does. */
export const watchesItsNode = ({ workload, container, image }: Deployment): boolean =>
  workload.value.kind === 'global Swarm service' || isAgentContainer(container, image);

/** Asks one program for its numbers: a second one would count everything twice. */
export const isExporter = ({ image }: Container): boolean => /[-_.]exporter$/i.test(nameOf(image));

/** Watches objects of the cluster and elects a leader: further copies only wait. By its image or the name of its workload. */
export const isOperator = ({ workload, container }: Deployment): boolean =>
  [workload.value.name, nameOf(container.image)].some((name) => /(?:^|[-_])operator$|[-_]controller-manager$/i.test(name));
