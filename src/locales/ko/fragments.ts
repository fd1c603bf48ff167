import type { Fragments } from '../locale.ts';

export const fragments: Fragments = {};
