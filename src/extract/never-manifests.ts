/** Ends of names that no adapter of a manifest owns, whatever else the path says: asking them all would cost more than reading the rest. */
const endings: ReadonlySet<string> = new Set(
  [
    'ts tsx mts cts jsx vue svelte astro mdx md rst css scss sass less snap',
    'java kt scala go rs rb php cs fs vb c h cc cpp hpp swift dart ex exs clj sql proto graphql ipynb',
    'svg png jpg jpeg gif webp avif ico woff woff2 ttf eot otf mp3 mp4 webm pdf csv po',
  ].flatMap((line) => line.split(' ')),
);
/** `Dockerfile.go`, `Procfile.rb`, `ecosystem.config.ts` of pm2. */
const named = /^(?:[\w-]*file|ecosystem)\./i;

export function isNeverManifest(path: string): boolean {
  const dot = path.lastIndexOf('.');
  if (!endings.has(path.slice(dot + 1))) return false;
  return !named.test(path.slice(path.lastIndexOf('/') + 1));
}
