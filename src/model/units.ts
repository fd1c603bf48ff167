import type { Container } from '../facts.ts';
import type { Entry } from '../languages/language.ts';
import type { Fact, Link, Service } from '../types.ts';
import type { BuiltImage } from './built-images.ts';
import type { ProcessReading } from './process/reading.ts';

/** A container of a workload on its way to a service. */
export interface Placement {
  readonly workload: Fact<'workload'>;
  readonly container: Container;
  readonly image?: BuiltImage;
  readonly reading: ProcessReading;
  readonly links: readonly Link[];
}

/** A service while it is being located. */
export interface Unit {
  name: string;
  readonly root?: string;
  readonly package?: Fact<'package'>;
  /** Set where the manifests alone tell the kind. */
  readonly kind?: Exclude<Service['kind'], 'http' | 'worker' | 'unknown'>;
  readonly images: BuiltImage[];
  readonly placements: Placement[];
  readonly links: Link[];
  /** Programs by the package's own scripts, where no image or command names others. */
  ownEntries: readonly Entry[];
}

/** What counts when a service is judged; development and test manifests are kept apart. */
export const isProduction = ({ workload }: Pick<Placement, 'workload'>): boolean =>
  workload.value.purpose === 'production' || workload.value.purpose === 'unknown';
