/** Stands for a value that Go makes anew on every run (`randAlphaNum`, `genCA`). */
export const placeholder = '${generated}';

/** What is made of such a value is as new as it is. */
export const unlessGenerated = (text: string, make: (text: string) => string): string =>
  text.includes(placeholder) ? placeholder : make(text);
