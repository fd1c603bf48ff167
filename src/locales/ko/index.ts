import type { Locale } from '../locale.ts';
import { additions } from './additions.ts';
import { evidence } from './evidence.ts';
import { fragments } from './fragments.ts';
import { chooseParticles } from './particles.ts';
import { phrases } from './phrases.ts';
import { rules } from './rules/index.ts';

export const ko: Locale = { lang: 'ko', rules, additions, evidence, phrases, fragments, polish: chooseParticles };
