import { describe, expect, it } from 'vitest';
import { dockerfileAdapter } from '../../src/manifests/dockerfile/index.ts';
import { factsOf, knownOf, read } from './read.ts';

const image = (text: string, path = 'Dockerfile') => factsOf(read(dockerfileAdapter, path, text), 'image')[0]!;
const last = (text: string) => image(text).value.stages.at(-1)!;

describe('classify', () => {
  it.each(['Dockerfile', 'api/Dockerfile.prod', 'worker.Dockerfile', 'Containerfile', 'dockerfile', 'Dockerfile-alpine'])(
    'owns %s',
    (path) => {
      expect(dockerfileAdapter.classify(path)).toBe(true);
    },
  );
  it.each(['Dockerfile.dockerignore', 'Dockerfile.md', 'dockerfile-lint.js', 'Dockerfile.j2', 'src/docker.ts'])('leaves %s', (path) => {
    expect(dockerfileAdapter.classify(path)).toBe(false);
  });
});

describe('stages', () => {
  it('names stages, follows FROM of a stage and expands global ARG', () => {
    const { stages } = image(
      'ARG V=22\nARG REG\nFROM --platform=$BUILDPLATFORM node:${V}-alpine AS Base\nFROM base as run\nFROM ${REG}/app\nFROM ${IMG:-debian:12}\n',
    ).value;
    expect(stages.map(({ name, base, baseStage }) => [name, knownOf(base), baseStage])).toEqual([
      ['Base', 'node:22-alpine', undefined],
      ['run', 'base', 0],
      [undefined, undefined, undefined],
      [undefined, 'debian:12', undefined],
    ]);
  });
  it('keeps ENV in force for later instructions and stages on the same base', () => {
    const stage = last(
      'FROM a AS b\nENV PORT=3000 HOME=/srv\nARG X=1\nFROM b\nARG X\nEXPOSE $PORT $X\nWORKDIR $HOME/app\nWORKDIR sub\nUSER ${UID:-1000}:1000\n',
    );
    expect(stage.expose.map(({ port }) => knownOf(port))).toEqual([3000, undefined]);
    expect(knownOf(stage.workdir)).toBe('/srv/app/sub');
    expect(knownOf(stage.user)).toBe('1000:1000');
  });
  it('is unknown where the build decides', () => {
    const stage = last('FROM a\nARG PORT\nEXPOSE $PORT\nUSER $APP_USER\nENV HOST=$PORT\n');
    expect(stage.expose[0]!.port.known).toBe(false);
    expect(stage.user?.known).toBe(false);
    expect(stage.env[0]!.value?.known).toBe(false);
  });
  it('reads port ranges and protocols', () => {
    expect(last('FROM a\nEXPOSE 80/tcp 9000-9002/udp x\n').expose.map(({ port }) => knownOf(port))).toEqual([80, 9000, 9001, 9002]);
  });
});

describe('commands', () => {
  it('tells exec from shell form', () => {
    const stage = last('FROM a\nENTRYPOINT ["tini", "--"]\nCMD npm run start\n');
    expect(stage.entrypoint).toMatchObject({ form: 'exec', words: ['tini', '--'] });
    expect(stage.cmd).toMatchObject({ form: 'shell', words: ['npm run start'], place: { line: 3 } });
  });
  it('reads an exec form with single quotes as shell form, as Docker does', () => {
    expect(last("FROM a\nCMD ['node', 'a.js']\n").cmd?.form).toBe('shell');
  });
  it('joins lines, drops comments inside them and honours the escape directive', () => {
    const text = '# escape=`\nFROM a\nRUN one `\n  # not a command\n\n  && two\nENV A=1 `\n  B="2 3"\n';
    const stage = last(text);
    expect(stage.runs[0]!.command.replace(/\s+/g, ' ')).toBe('one && two');
    expect(stage.env.map(({ name, value, place }) => [name, knownOf(value), place.line])).toEqual([
      ['A', '1', 7],
      ['B', '2 3', 8],
    ]);
  });
  it('reads here-documents as commands and not as sources', () => {
    const stage = last(
      'FROM a\nRUN <<EOF\nnpm ci\nnpm run build\nEOF\nCOPY <<A <<"B" /etc/\nfile a\nA\nfile b\nB\nCOPY --from=build --chown=1:1 ["a b", "/c/"]\n',
    );
    expect(stage.runs[0]!.command).toBe('npm ci\nnpm run build');
    expect(stage.copies.map(({ from, sources, target }) => [from, sources, target])).toEqual([
      [undefined, [], '/etc/'],
      ['build', ['a b'], '/c/'],
    ]);
  });
  it('leaves ONBUILD to the images that are built on it', () => {
    expect(last('FROM a\nONBUILD USER root\nONBUILD CMD x\n')).toMatchObject({ runs: [], copies: [] });
    expect(last('FROM a\nONBUILD USER root\n').user).toBeUndefined();
  });
});

describe('health check', () => {
  it.each([
    ['HEALTHCHECK --interval=5s CMD curl -fsS -o /dev/null http://localhost:3000/health?x=1 || exit 1', 'http', '/health', 3000],
    ['HEALTHCHECK CMD ["wget", "-qO-", "http://127.0.0.1/ready"]', 'http', '/ready', 80],
    ['ENV PORT=8080\nHEALTHCHECK CMD wget --spider localhost:$PORT/', 'http', '/', 8080],
    ['HEALTHCHECK CMD curl localhost:${P:-81}', 'http', '/', 81],
    ['HEALTHCHECK CMD nc -z localhost 5000', 'tcp', undefined, 5000],
    ['HEALTHCHECK CMD node check.js', 'exec', undefined, undefined],
    ['HEALTHCHECK CMD curl http://db:3000/', 'exec', undefined, undefined],
  ])('%s', (line, type, path, port) => {
    const probe = last(`FROM a\n${line}\n`).healthcheck!;
    expect([probe.type, knownOf(probe.path), knownOf(probe.port)]).toEqual([type, path, port]);
  });
  it('can be disabled', () => {
    expect(last('FROM a\nHEALTHCHECK NONE\n').healthcheck?.disabled).toBe(true);
  });
});

describe('secrets', () => {
  const text =
    'FROM a\nARG TOKEN=qw3rty-zxcvb\nENV DB_PASSWORD=hunter2-x U=postgres://app:hunter2-x@db:5432/app\nRUN login --password hunter2-x && X_SECRET=hunter2-x run\nCMD ["serve", "--db=mysql://u:hunter2-x@db/x"]\n';
  it('never reach a fact', () => {
    const extraction = read(dockerfileAdapter, 'Dockerfile', text);
    expect(JSON.stringify(extraction)).not.toMatch(/hunter2|qw3rty/);
    expect(factsOf(extraction, 'secret').map(({ value, place }) => [value.env, value.what, place.line])).toEqual([
      ['DB_PASSWORD', 'password', 3],
      ['U', 'connection string', 3],
      ['TOKEN', 'token', 2],
    ]);
  });
  it('leave the address readable', () => {
    expect(knownOf(last(text).env[1]!.value)).toBe('postgres://app:***@db:5432/app');
  });
});

describe('hostile input', () => {
  it.each([
    ['a continuation of 10,000 lines', `FROM a\nRUN x \\\n${'  && y \\\n'.repeat(10_000)}  z\n`],
    ['many comment signs', `${'#'.repeat(100_000)}\nFROM a\n`],
    ['many flags', `FROM a\nCOPY ${'--x '.repeat(30_000)} a b\n`],
    ['an open here-document', `FROM a\nRUN <<EOF\n${'x\n'.repeat(20_000)}`],
    ['nested variables', `FROM a\nENV A=${'${A:-'.repeat(1_000)}\n`],
    ['NUL bytes', `FROM a\0\nRUN \0\0\n`],
  ])('%s', (_, text) => {
    const started = performance.now();
    const { facts, notAssessed } = read(dockerfileAdapter, 'Dockerfile', text);
    expect(facts.length + notAssessed.length).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(4000);
  });
  it.each([
    ['FROM a\n<<<<<<< HEAD\nUSER b\n=======\nUSER c\n>>>>>>> x\n', 'syntax-error', 2],
    ['RUN echo no base\n', 'syntax-error', 1],
  ])('names what it cannot read', (text, reason, line) => {
    expect(read(dockerfileAdapter, 'Dockerfile', text)).toMatchObject({
      facts: [],
      notAssessed: [{ reason, failed: true, place: { line } }],
    });
  });
});

it('tells the purpose by name and folder', () => {
  const purposes = ['Dockerfile', 'Dockerfile.dev', 'e2e/Dockerfile', 'deploy/production/Dockerfile'].map(
    (path) => image('FROM a\n', path).value.purpose,
  );
  expect(purposes).toEqual(['unknown', 'development', 'test', 'production']);
});
