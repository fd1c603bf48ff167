import { otherPlaces } from '../../src/text/copies-questions.ts';
import type { Place, Related, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

interface Queue {
  readonly name: string;
  /** Where work is handed over as such: what runs it. */
  readonly runner?: string;
  readonly place: Place;
  readonly related: readonly Related[];
}

function localQueues(service: Service): Queue[] {
  const libraries = service.code
    .all('queue')
    .filter(({ value }) => value.store === 'memory')
    .map(({ value, place }): Queue => {
      const { library, work } = value;
      return work === undefined ? { name: library, place, related: [] } : { name: work, runner: library, place, related: [] };
    });
  const lists = service.code
    .all('process-state')
    .filter(({ value }) => value.holds === 'queue')
    .map(({ value, place }): Queue => {
      const accepted = value.writes.slice(0, 2).map((at): Related => ({ place: at, message: 'work is accepted here' }));
      return { name: `\`${value.name}\``, place, related: accepted };
    });
  return [...libraries, ...lists];
}

export default defineRule({
  summary: 'accepted work waits in the memory of one process',
  factors: [6, 9],
  level: 'warning',
  effort: 3,
  docs: {
    what: 'Work that a request hands over is kept in memory after the response: p-queue, fastq or async.queue without waiting for the result, an array from which a worker takes the next job, or mail and writes that a thread or a background task of FastAPI does later.',
    why: 'When the replica is replaced (a deploy, a scale-in, a crash), the accepted work is gone and nobody knows. Other replicas cannot help with it.',
    how: 'Put the work into a queue outside of the process (BullMQ, RabbitMQ, SQS, a table of jobs) before you answer.',
    bad: "app.post('/orders', (req, res) => { queue.add(() => sendInvoice(req.body)); res.sendStatus(202); });",
    good: "app.post('/orders', async (req, res) => { await invoices.add('send', req.body); res.sendStatus(202); });",
    references: ['https://12factor.net/disposability', 'https://12factor.net/concurrency'],
  },
  messages: {
    found: {
      text: '{name} keeps accepted work in the memory of one process.',
      consequence: 'A deploy, scale-in or crash loses work that the client was told is accepted.',
      next: 'Put the work into a queue outside of the process, such as BullMQ or SQS, before you answer.',
    },
    later: {
      text: '`{name}` runs after the response, in the process that gave it (`{runner}`).',
      consequence: 'A deploy, scale-in or crash loses work that the client was told is accepted.',
      next: 'Put the work into a queue outside of the process, such as Celery or SQS, before you answer.',
    },
  },
  checkService(service, report) {
    const [first, ...others] = localQueues(service);
    if (!first) return;
    const more = others.map(({ place }): Related => ({ place, message: 'more work is kept in memory here' }));
    report({
      message: first.runner === undefined ? 'found' : 'later',
      data: { name: first.name, runner: first.runner ?? '' },
      place: first.place,
      related: otherPlaces(first.place, [...first.related, ...more]),
      subject: first.name,
    });
  },
});
