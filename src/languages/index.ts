import { csharp } from './csharp/index.ts';
import { go } from './go/index.ts';
import { java } from './java/index.ts';
import { javascript } from './javascript/index.ts';
import type { Language } from './language.ts';
import { python } from './python/index.ts';

/** Every language whose programs can be read. */
export const languages: readonly Language[] = [javascript, java, python, csharp, go];
