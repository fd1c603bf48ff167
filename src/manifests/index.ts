import type { Adapter } from '../types.ts';
import { kubernetesAdapter } from './kubernetes/adapter.ts';

/** Every manifest adapter, most specific first: the first whose `classify` accepts a path owns it. */
export const manifestAdapters: readonly Adapter[] = [kubernetesAdapter];
