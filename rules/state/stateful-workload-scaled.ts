import { clusterWorkloads, copyRange, isReplicated, nameOf, subjectOf } from '../../src/text/workload-questions.ts';
import { type Deployment, defineRule } from '../../src/types.ts';

/** Clients spread keys over these by themselves, or the servers find each other. */
const fineAsCopies = /(^|[/-])(memcached|hazelcast|infinispan|nats|etcd|consul|adminer|pgbouncer|proxysql)/;

/** Named as, or started as, servers that copy what another one holds. */
const followerName = /(?:^|[/_-])(?:slaves?|replicas?|followers?|secondary|readonly|read-replica)(?:[/:_-]|$)/i;
const follows = ({ workload, container }: Deployment): boolean =>
  followerName.test(workload.value.name) ||
  (container.image?.known === true && followerName.test(container.image.value)) ||
  [container.command, container.args].some(
    (given) => given?.known && given.value.some((word) => /(?:^|\s)--?(?:slaveof|replicaof)\b/i.test(word)),
  );

export default defineRule({
  summary: 'a database is copied as if it were stateless',
  factors: [6],
  level: 'error',
  effort: 5,
  docs: {
    what: 'A database or broker image (PostgreSQL, MySQL, Oracle, MongoDB, Redis, RabbitMQ…) runs in a Deployment with more than one replica, or with an autoscaler.',
    why: 'Each copy is a database of its own behind one address: a write reaches one of them, and the next read asks another.',
    how: 'Run one replica in a StatefulSet, use an operator or a chart that sets up replication, or take a managed service.',
    bad: 'kind: Deployment\nspec:\n  replicas: 3\n  template: {spec: {containers: [{name: db, image: "postgres:16"}]}}',
    good: 'kind: StatefulSet\nspec:\n  replicas: 1',
    references: ['https://12factor.net/processes', 'https://kubernetes.io/docs/tasks/run-application/run-replicated-stateful-application/'],
  },
  messages: {
    copies: {
      text: '{workload} runs up to {copies} copies of `{image}`, which do not share their data.',
      consequence: 'Every copy is a database of its own: a write is lost for all clients that reach another one.',
      next: 'Run one copy in a StatefulSet, set up replication with an operator, or take a managed service.',
    },
  },
  checkService(service, report) {
    if (service.kind !== 'database') return;
    for (const deployment of clusterWorkloads(service)) {
      const { value } = deployment.workload;
      const { max, evidence } = copyRange(deployment);
      const image = deployment.container.image;
      if (!isReplicated(value) || !evidence || max === undefined || max < 2 || !image?.known || fineAsCopies.test(image.value)) continue;
      if (follows(deployment)) continue;
      report({
        message: 'copies',
        data: { workload: nameOf(value), copies: max, image: image.value.split('@')[0]! },
        place: evidence.place,
        related: [{ place: image.place, message: 'the image keeps data' }],
        subject: subjectOf(value),
      });
    }
  },
});
