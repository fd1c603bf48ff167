import { describe, expect, it } from 'vitest';
import { languages } from '../../src/languages/index.ts';
import { unreadLanguageOf } from '../../src/text/programming-languages.ts';

describe('the language of code that is not read', () => {
  it.each([
    [['app.rb', 'Gemfile', 'public/a.js'], 'Ruby'],
    [['src/main.rs', 'build.rs', 'Cargo.toml'], 'Rust'],
    [['index.php'], 'PHP'],
    [['app.rb', 'a.js', 'b.ts'], undefined],
    [['app.rb', 'a.js'], undefined],
    [['main.go', 'x.go'], undefined],
    [['Dockerfile', 'README.md'], undefined],
    [[], undefined],
  ] as const)('of %j is %s', (paths, language) => {
    expect(unreadLanguageOf(paths, (path) => languages.some((one) => one.owns(path)))).toBe(language);
  });
});
