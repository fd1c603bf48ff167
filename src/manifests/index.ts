import type { Adapter } from '../types.ts';

/** Every manifest adapter, most specific first: the first whose `classify` accepts a path owns it. */
export const manifestAdapters: readonly Adapter[] = [];
