import { copiesText, levelByCopies, otherPlaces } from '../../src/text/copies-questions.ts';
import { copyRange, isProduction } from '../../src/text/workload-questions.ts';
import type { Deployment, Fact, Level, Related, Service } from '../../src/types.ts';
import { defineRule } from '../../src/types.ts';

type Job = Fact<'scheduled-job'>;
const switchPrefix = 'switch:';

/** A variable that switches the job on guards it, unless several copies are given that variable. */
function isGuarded(service: Service, { value: { guard } }: Job): boolean {
  if (guard === undefined) return false;
  if (!guard.startsWith(switchPrefix) || service.copies.count !== 'many') return true;
  const name = guard.slice(switchPrefix.length);
  return !service.deployments.some(({ environment }) => environment.given.some((entry) => entry.name === name));
}

/** `if (process.env.ROLE === 'web') return;`, and one deployment is the web: what remains runs the job in a single copy each. */
function isOfOtherRole(service: Service, { when }: Job): boolean {
  const deployments = service.deployments.filter((deployment) => isProduction(deployment) && deployment.workload.value.longRunning);
  return (when ?? []).some(({ env, test, value }) => {
    if (test !== 'differs' || env === 'NODE_ENV') return false;
    const isExcluded = ({ environment }: Deployment): boolean =>
      environment.given.some((entry) => entry.name === env && entry.value?.known === true && entry.value.value === value);
    const others = deployments.filter((deployment) => !isExcluded(deployment));
    return others.length > 0 && others.length < deployments.length && others.every((deployment) => copyRange(deployment).max === 1);
  });
}

/** `an endless loop` at the start of a sentence; names of packages stay as they are. */
const capital = (name: string): string => (name.includes(' ') ? name[0]!.toUpperCase() + name.slice(1) : name);

/** Timers stand still between requests. */
const whereIdle = (service: Service): readonly Related[] =>
  service.deployments
    .filter((deployment) => isProduction(deployment))
    .flatMap(({ workload }) => workload.value.idles ?? [])
    .slice(0, 1)
    .map((place) => ({ place, message: 'here it gets no CPU between requests' }));

const weaker = (level: Level): Level => (level === 'error' ? 'warning' : level);

export default defineRule({
  summary: 'scheduled work runs once per replica',
  factors: [6, 12],
  level: 'error',
  effort: 3,
  docs: {
    what: 'A schedule of the process itself (node-cron, `@Cron`, node-schedule, `setInterval`, an endless loop) does work that shall be done once: it writes data, sends mail or calls other services. Metrics, logging and clean-up of the own process are not reported; a job that only deletes what is old is a note.',
    why: 'Every replica has its own timer: with three replicas a mail is sent three times. Where one replica runs, a deploy in the wrong minute skips the run.',
    how: 'Let the platform start it (a Kubernetes CronJob), use a queue with repeatable jobs in a shared store (BullMQ, Agenda), or take a lock before the work.',
    bad: "cron.schedule('0 8 * * *', () => sendReminders());",
    good: "await queue.add('reminders', {}, { repeat: { pattern: '0 8 * * *' } });",
    references: ['https://12factor.net/admin-processes', 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/'],
  },
  messages: {
    scaled: {
      text: '{library} starts work in every process, and {scaled}.',
      consequence: 'The same work is done once per replica: mails are sent twice, records are written twice.',
      next: 'Move it to a CronJob or a shared job queue, or take a lock before the work.',
    },
    one: {
      text: '{library} starts work in every process.',
      consequence: 'A second replica would do the same work again, and a run that falls into a restart is lost.',
      next: 'Move it to a CronJob or a shared job queue, or take a lock before the work.',
    },
    repeated: {
      text: '{library} starts a clean-up in every process.',
      consequence: 'More copies do no harm, but each of them does the work of all, and a run that falls into a restart is left out.',
      next: 'Keep it as long as it costs little; otherwise move it to a CronJob or a shared job queue.',
    },
  },
  checkService(service, report) {
    const jobs = service.code
      .all('scheduled-job')
      .filter((job) => job.value.effect !== 'harmless' && !isGuarded(service, job) && !isOfOtherRole(service, job));
    const working = jobs.filter(({ value }) => value.effect === 'work');
    const unclear = jobs.filter(({ value }) => value.effect === 'unknown');
    const [first, ...others] = [...working, ...unclear, ...jobs.filter(({ value }) => value.effect === 'clean-up')];
    if (!first) return;
    const isRepeated = first.value.effect === 'clean-up';
    const level = isRepeated ? 'note' : levelByCopies(service, 'error');
    const related = others.map(({ place }) => ({ place, message: 'another schedule of the process' }));
    report({
      message: isRepeated ? 'repeated' : service.copies.count === 'many' ? 'scaled' : 'one',
      data: { library: capital(first.value.library), scaled: copiesText(service) },
      place: first.place,
      related: [...otherPlaces(first.place, related), ...service.copies.evidence, ...whereIdle(service)],
      level: first.value.effect === 'unknown' ? weaker(level) : level,
      confidence: first.value.effect === 'unknown' ? 'likely' : 'certain',
      subject: first.value.library,
    });
  },
});
