import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../src/languages/java/pages.ts';

const read = (text: string) =>
  readPage({ path: 'a.jsp', text }).uses.map(({ what, text: name, place }) => `${what} ${name ?? ''}:${place.line}`);

describe('pages', () => {
  it('tell code from markup and comments', () => {
    expect(read('session.setAttribute("a", 1)')).toEqual([]);
    expect(read('<% session.setAttribute("a", "http://x//y"); %>')).toEqual(['session :1']);
    expect(read('<% // session.setAttribute("a", 1);\n request.getSession( true ).setAttribute("b", 2); %>')).toEqual(['session :2']);
    expect(read('<%-- <c:set var="a" scope="session"/> --%>\n<c:set var="a" value="1" scope="session"/>')).toEqual(['session :2']);
  });

  it('know what is forgotten, looked up and connected to', () => {
    expect(read('<% session.setAttribute("a", null); %>')).toEqual([]);
    expect(read('<% ctx.lookup("java:comp/env/jdbc/Shop"); %>')).toEqual(['lookup java:comp/env/jdbc/Shop:1']);
    expect(read('<% getConnection("jdbc:h2:mem:x", "sa", ""); %>')).toEqual(['database jdbc:h2:mem:x:1']);
  });

  it('keep no secret', () => {
    const { uses } = readPage({ path: 'a.jsp', text: '<% getConnection("jdbc:mysql://h/d", user, "w1nt3r-S4le"); %>' });
    expect(uses.map(({ what }) => what).sort()).toEqual(['database', 'secret']);
    expect(JSON.stringify(uses)).not.toContain('w1nt3r');
  });

  it('are read in any state, with places inside of the file', () => {
    const piece = fc.constantFrom(
      '<%',
      '%>',
      '<%--',
      '--%>',
      '"',
      "'",
      '/*',
      '*/',
      '//',
      '\n',
      'session.setAttribute(',
      '<c:set ',
      'scope="session"',
      '>',
      'x',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const lines = text.split('\n').length;
        for (const { place } of readPage({ path: 'a.jsp', text }).uses) expect(place.line).toBeLessThanOrEqual(lines);
      }),
    );
  });
});
