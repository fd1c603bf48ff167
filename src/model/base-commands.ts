import type { ImageCommand, ImageStage } from '../facts.ts';
import { parseImage } from '../text/image-reference.ts';

/**
 * Bases that serve the program which is copied to `/app`, as `main:app` or `app.main:app` (github.com/tiangolo/uwsgi-nginx-flask-docker,
 * …/meinheld-gunicorn-docker, …/uvicorn-gunicorn-docker, "Custom app"). What listens is theirs.
 */
const servers = /^tiangolo\/(?:uwsgi-nginx-flask|meinheld-gunicorn(?:-flask)?|uvicorn-gunicorn(?:-fastapi|-starlette)?)$/;

/** What the base starts where the Dockerfile says nothing; `has` tells of paths of the image. */
export function commandOfBase(lineage: readonly ImageStage[], has: (path: string) => boolean): ImageCommand | undefined {
  const base = lineage.at(-1)?.base;
  if (!base?.known || !servers.test(parseImage(base.value).repository)) return undefined;
  const module = has('/app/app/main.py') ? 'app.main:app' : has('/app/main.py') ? 'main:app' : undefined;
  return module === undefined
    ? undefined
    : { form: 'exec', words: ['gunicorn', '--bind', ':80', '--chdir', '/app', module], place: base.place };
}
