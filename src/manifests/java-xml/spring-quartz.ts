/** Quartz in Spring's XML: a scheduler starts what its list of triggers names; a trigger that no scheduler names never fires. */
import { concernsOwnCopy } from '../../text/job-names.ts';
import type { XmlElement } from '../../text/xml-document.ts';
import type { AnyFact } from '../../types.ts';
import { scheduledJob } from './facts.ts';
import { attributeOf, classOf, follow, propertyOf, referencesOf } from './spring-properties.ts';

const mostTriggers = 200;

function beansByName(elements: readonly XmlElement[]): ReadonlyMap<string, XmlElement> {
  const beans = elements.filter(({ name }) => name === 'bean');
  return new Map(
    beans.flatMap((bean) => [attributeOf(bean, 'id'), attributeOf(bean, 'name')].flatMap((name) => (name ? [[name, bean]] : []))),
  );
}

/** `org.quartz.jobStore.isClustered` among the scheduler's own properties. */
const isClustered = (scheduler: XmlElement): boolean =>
  scheduler.children
    .flatMap(({ children }) => children)
    .flatMap(({ children }) => children)
    .some(
      ({ name, attributes, text }) => name === 'prop' && /\.isClustered$/.test(attributes.get('key')?.value ?? '') && /^true$/i.test(text),
    );

/** Calls a method of a bean: the one that says what the job does. */
function effectOf(trigger: XmlElement, beans: ReadonlyMap<string, XmlElement>): 'work' | 'harmless' {
  const [reference] = referencesOf(trigger, 'jobDetail');
  const job = reference && follow(reference, beans);
  return job && concernsOwnCopy(propertyOf(job, /^targetMethod$/)?.text ?? '') ? 'harmless' : 'work';
}

function jobOf(reference: XmlElement, scheduler: XmlElement, beans: ReadonlyMap<string, XmlElement>): AnyFact {
  const trigger = follow(reference, beans);
  const cron = trigger && propertyOf(trigger, /^cronExpression$/)?.text;
  const place = trigger?.place ?? reference.place;
  const job = scheduledJob('Quartz', cron, trigger ? effectOf(trigger, beans) : 'work', place);
  return isClustered(scheduler) && job.kind === 'scheduled-job' ? { ...job, value: { ...job.value, guard: 'Quartz clustering' } } : job;
}

export function readQuartz(elements: readonly XmlElement[]): readonly AnyFact[] {
  const schedulers = elements.filter(
    (bean) =>
      bean.name === 'bean' &&
      /\.SchedulerFactoryBean$/.test(classOf(bean)) &&
      propertyOf(bean, /^autoStartup$/)?.text.toLowerCase() !== 'false',
  );
  if (schedulers.length === 0) return [];
  const beans = beansByName(elements);
  return schedulers.flatMap((scheduler) =>
    referencesOf(scheduler, 'triggers')
      .slice(0, mostTriggers)
      .map((reference) => jobOf(reference, scheduler, beans)),
  );
}
