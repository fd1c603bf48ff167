/** Variables that choose what a framework loads, by their names or by what they name. */
const choosing = new Set(['DJANGO_SETTINGS_MODULE', 'FLASK_APP', 'GUNICORN_CMD_ARGS']);
/** `shop.config.Production`, which a variable of the program's own hands to `from_object`. */
const namesClass = /^[A-Za-z_]\w{0,60}(?:\.[a-z_]\w{0,60}){0,5}\.[A-Z]\w{0,60}$/;

export const choicesIn = (variables: Iterable<readonly [string, string]>): Readonly<Record<string, string>> =>
  Object.fromEntries([...variables].filter(([name, value]) => choosing.has(name) || namesClass.test(value)));
