import type { PackageManifest } from '../../facts.ts';
import type { Entry, FileAccess, PackagesByRoot } from '../language.ts';
import { join } from './modules.ts';

/** Files at which programs usually begin. */
const usual = [
  'app.py',
  'main.py',
  'run.py',
  'server.py',
  'wsgi.py',
  'asgi.py',
  'application.py',
  'src/main.py',
  'src/app.py',
  'app/main.py',
  'app/app.py',
  'src/server.py',
];
/** Starts to serve, or to work, when the file runs. */
const starts = /\.run\(|\bserve\(|run_app\(|\.listen\(|execute_from_command_line|serve_forever|\.start\(\)/;
const serves = /\b(?:Flask|FastAPI|Starlette|Sanic|Quart|Litestar|Bottle)\s{0,5}\(|get_[wa]sgi_application|web\.Application\(|create_app\(/;

/** A program that a folder of Python source holds, where no command names one: what starts by itself before what a server loads. */
export function findPrograms(
  { ecosystem, root, bin }: PackageManifest,
  _packages: PackagesByRoot,
  files: FileAccess,
): readonly Entry[] | undefined {
  if (ecosystem !== 'python') return undefined;
  const manage = join(root, 'manage.py');
  if (/django/.test(files.text(manage) ?? '')) return [{ path: manage, because: 'it is where programs of Django begin' }];
  const texts = usual.flatMap((file) => {
    const path = join(root, file);
    const text = files.has(path) ? files.text(path) : undefined;
    return text === undefined ? [] : [{ path, text }];
  });
  const started = texts.find(
    ({ text }) =>
      starts.test(text) &&
      /\b(?:import|from)\b/.test(text) &&
      (serves.test(text) || /import\s+(?:\w+,\s*)*(?:app|application|create_app)\b|uvicorn/.test(text)),
  );
  const found = started ?? texts.find(({ text }) => serves.test(text));
  if (!found || Object.keys(bin).length > 0) return undefined;
  return [{ path: found.path, because: 'it starts a server and stands at a usual place' }];
}
