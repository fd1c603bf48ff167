import { blankDefinitions } from '../../text/blank-definitions.ts';
import { placesOfRelease } from '../../text/releases.ts';
import { nodeAt } from '../../text/yaml-access.ts';
import { readYaml } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, NotAssessed, SourceFile } from '../../types.ts';
import {
  readConfigMap,
  readGeneratedSecret,
  readHostVolume,
  readMadeSecrets,
  readOpenConfig,
  readSecret,
  readVolumeClaim,
} from './config.ts';
import { readEmbedded } from './embedded.ts';
import { isFragment, readFragment } from './fragment.ts';
import { readGivenValues } from './given-values.ts';
import { type KubernetesObject, readObjects } from './object.ts';
import { isServerResource, readServerResource } from './operators/index.ts';
import { isRollout, readRollout } from './rollout.ts';
import { readAutoscaler, readDisruptionBudget, readScaledObject } from './scaling.ts';
import { readServerless } from './serverless.ts';
import { isTemplate, noteTemplate } from './template.ts';
import { readRoute, readService } from './traffic.ts';
import { isTrafficPolicy, readTrafficPolicy } from './traffic-policies.ts';
import { isWorkload, readWorkload } from './workload.ts';

type Reader = (object: KubernetesObject) => AnyFact[];

/** Readers by `group/kind`; a group of another vendor with the same kind (a Knative Service) is another thing. */
const readers: Readonly<Record<string, Reader>> = {
  '/Service': readService,
  '/ConfigMap': readConfigMap,
  '/Secret': readSecret,
  'generated.kustomize/ConfigMap': readOpenConfig,
  'generated.kustomize/Secret': readOpenConfig,
  '/PersistentVolumeClaim': readVolumeClaim,
  '/PersistentVolume': readHostVolume,
  'networking.k8s.io/Ingress': readRoute,
  'extensions/Ingress': readRoute,
  'gateway.networking.k8s.io/HTTPRoute': readRoute,
  'gateway.networking.k8s.io/GRPCRoute': readRoute,
  'gateway.networking.k8s.io/TLSRoute': readRoute,
  'gateway.networking.k8s.io/TCPRoute': readRoute,
  'networking.istio.io/VirtualService': readRoute,
  'traefik.io/IngressRoute': readRoute,
  'traefik.containo.us/IngressRoute': readRoute,
  'projectcontour.io/HTTPProxy': readRoute,
  'route.openshift.io/Route': readRoute,
  'autoscaling/HorizontalPodAutoscaler': readAutoscaler,
  'keda.sh/ScaledObject': readScaledObject,
  'policy/PodDisruptionBudget': readDisruptionBudget,
  'serving.knative.dev/Service': readServerless,
  'bitnami.com/SealedSecret': readGeneratedSecret,
  'external-secrets.io/ExternalSecret': readGeneratedSecret,
  'kubernetes-client.io/ExternalSecret': readGeneratedSecret,
};

const readObject = (object: KubernetesObject): AnyFact[] => {
  if (isWorkload(object)) return [...readWorkload(object), ...(isRollout(object) ? readRollout(object) : [])];
  if (isServerResource(object)) return readServerResource(object);
  if (isTrafficPolicy(object)) return readTrafficPolicy(object);
  const key = `${object.group}/${object.kind}`;
  return Object.hasOwn(readers, key) ? readers[key]!(object) : readMadeSecrets(object);
};

const manifestName = /\.ya?ml$/i;
/** JSON manifests are rare, and JSON files are many: only those whose folders or names say so. */
const jsonManifestPath =
  /(^|\/)(?:[\w.-]{0,60}(?:k8s|openshift)|kube|manifests|okd)[^/]*\/.*\.json$|(?:^|[/._-])(?:openshift|template|deployment|deploymentconfig)s?\.json$/i;
const namesKind = /(^|\n)\s{0,8}"?kind"?\s{0,4}:/;
const namesVersion = /(^|\n)\s{0,8}"?apiVersion"?\s{0,4}:/;

/** Kubernetes manifests; those of charts and overlays come rendered. */
export const kubernetesAdapter: Adapter = {
  id: 'kubernetes',
  needsText: (path) => manifestName.test(path) || jsonManifestPath.test(path),
  classify(path, head) {
    if (head === undefined || !(manifestName.test(path) || jsonManifestPath.test(path))) return false;
    return (namesKind.test(head) && namesVersion.test(head)) || (isFragment(path) && /^spec\s{0,4}:/m.test(head));
  },
  extract(file) {
    return readManifest(file);
  },
};

function readManifest(given: SourceFile): Extraction {
  const places = given.places ?? placesOfRelease(given);
  const file: SourceFile = places ? { ...given, places } : given;
  const yaml = readYaml({ ...file, text: blankDefinitions(file.text) });
  if (!given.places && isTemplate(file, yaml)) return { facts: [], notAssessed: [noteTemplate(file.path)] };
  const { documents, notAssessed } = yaml;
  const fragments = isFragment(file.path) ? documents.filter((root) => !nodeAt(root, 'kind')) : [];
  const objects = documents.flatMap((root) => readObjects(root, file.path));
  const facts = [
    ...objects.flatMap((object) => [...readObject(object), ...readEmbedded(object, file), ...readGivenValues(object, file)]),
    ...fragments.flatMap((root) => readFragment(root, file.path)),
  ];
  return { facts, notAssessed: [...notAssessed, ...noteCustomResources(objects), ...noteLeftOpen(facts)] };
}

/** `resources: {}` in the values of a chart is no mistake of the chart: it is said, once for each key. */
function noteLeftOpen(facts: readonly AnyFact[]): NotAssessed[] {
  return facts.flatMap((fact) => {
    const containers = fact.kind === 'workload' ? fact.value.containers : [];
    return containers.flatMap(({ resources }) => {
      const edit = resources.isLeftOpen && resources.place?.decidedBy?.find((place) => place.edit);
      if (!edit) return [];
      const { path, line, column, endLine, endColumn } = edit;
      const message = `\`${edit.key ?? 'resources'}\` is empty: what whoever installs the chart requests is not judged.`;
      return [{ reason: 'chart-value', message, place: { path, line, column, endLine, endColumn }, failed: false }];
    });
  });
}

/** A custom resource that holds containers makes pods in a way that only its operator knows. */
function noteCustomResources(objects: readonly KubernetesObject[]): NotAssessed[] {
  return objects
    .filter(
      (object) =>
        object.group.includes('.') && !isWorkload(object) && !isServerless(object) && !isServerResource(object) && makesPods(object),
    )
    .map((object) => ({
      reason: 'custom-resource',
      message: `\`${object.kind}/${object.name}\` makes pods through an operator: they are not judged.`,
      place: object.namePlace,
      failed: false,
    }));
}

const isServerless = ({ group, kind }: KubernetesObject): boolean => group === 'serving.knative.dev' && kind === 'Service';

const makesPods = ({ kind, spec }: KubernetesObject): boolean =>
  kind !== 'CustomResourceDefinition' &&
  ['containers', 'image', 'podTemplate', 'chart'].some((key) => nodeAt(spec, key) || nodeAt(spec, 'template', 'spec', key));
