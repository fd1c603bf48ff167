import type { Recogniser } from '../recogniser.ts';
import { sessions } from './sessions.ts';

/** Every recogniser; one line each. */
export const recognisers: readonly Recogniser[] = [sessions];
