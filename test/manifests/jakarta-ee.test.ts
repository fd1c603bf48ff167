/** ejb-jar.xml, application.xml and ra.xml: what counts in them, what does not, and that no text of theirs breaks the reader. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { javaXmlAdapter } from '../../src/manifests/java-xml/index.ts';
import { analyse } from '../../src/session.ts';

const read = (path: string, text: string) => javaXmlAdapter.extract({ path, text });
const ejbJar = (body: string): string => `<ejb-jar version="4.0">\n<enterprise-beans>${body}</enterprise-beans>\n</ejb-jar>`;
const factsOf = (body: string) => read('META-INF/ejb-jar.xml', ejbJar(body)).facts;

describe('ejb-jar.xml', () => {
  it('declares beans of each kind, under any prefix', () => {
    const facts = read(
      'META-INF/ejb-jar.xml',
      '<j:ejb-jar xmlns:j="https://jakarta.ee/xml/ns/jakartaee"><j:enterprise-beans><j:session><j:ejb-name>A</j:ejb-name>' +
        '<j:ejb-class>a.A</j:ejb-class><j:session-type>Stateful</j:session-type></j:session></j:enterprise-beans></j:ejb-jar>',
    ).facts;
    expect(facts.map(({ kind }) => kind)).toEqual(['server-use', 'session']);
    expect(facts[0]).toMatchObject({ value: { how: 'component', what: 'the stateful EJB `A`' } });
  });

  it('keeps the calendar of a timer', () => {
    const timer =
      '<timer><schedule><minute>0</minute><hour>3</hour></schedule><timeout-method><method-name>bill</method-name></timeout-method></timer>';
    const facts = factsOf(`<message-driven><ejb-class>a.A</ejb-class>${timer}</message-driven>`);
    expect(facts.at(-1)).toMatchObject({ kind: 'scheduled-job', value: { schedule: 'minute=0 hour=3', effect: 'work' } });
  });

  it('says nothing where it declares no bean', () => {
    expect(factsOf('<session><ejb-name>A</ejb-name></session><!-- <session><ejb-class>a.A</ejb-class></session> -->')).toEqual([]);
    expect(read('META-INF/ejb-jar.xml', '<ejb-jar/>').facts).toEqual([]);
  });
});

describe('application.xml and ra.xml', () => {
  it('belong to archives only in META-INF', () => {
    expect(javaXmlAdapter.classify('ear/META-INF/application.xml')).toBe(true);
    expect(javaXmlAdapter.classify('src/main/resources/application.xml', '<application/>')).toBe(false);
    expect(javaXmlAdapter.classify('conf/ra.xml')).toBe(false);
    expect(javaXmlAdapter.classify('src/test/resources/META-INF/ra.xml')).toBe(false);
  });

  it('of other tools say nothing', () => {
    const air = '<application xmlns="http://ns.adobe.com/air/application/3.1"><id>a</id><initialWindow/></application>';
    expect(read('src/META-INF/application.xml', air)).toEqual({ facts: [], notAssessed: [] });
    expect(read('META-INF/ra.xml', '<connector><resourceadapter/></connector>').facts).toEqual([]);
  });
});

describe('hostile descriptors', () => {
  const name = fc.constantFrom(
    'ejb-jar',
    'enterprise-beans',
    'session',
    'ejb-class',
    'timer',
    'schedule',
    'module',
    'connector',
    'application',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.string().map((text) => text.replace(/[<&]/g, '')),
      fc.tuple(name, fc.array(tie('tree'), { maxLength: 4 })).map(([tag, inner]) => `<${tag}>${inner.join('')}</${tag}>`),
    ),
  }));
  it('never throw, and give no more facts than elements', () => {
    const path = fc.constantFrom('META-INF/ejb-jar.xml', 'META-INF/application.xml', 'META-INF/ra.xml');
    fc.assert(
      fc.property(path, fc.oneof(fc.string(), tree as fc.Arbitrary<string>, (tree as fc.Arbitrary<string>).map(ejbJar)), (at, text) => {
        const { facts, notAssessed } = read(at, text);
        expect(facts.length).toBeLessThanOrEqual(text.split('<').length * 2);
        expect(notAssessed.length).toBeLessThanOrEqual(1);
      }),
    );
  });
  it('keep names short', () => {
    const long = 'x'.repeat(1_000_000);
    const facts = factsOf(`<session><ejb-name>${long}</ejb-name><ejb-class>${long}</ejb-class><remote>${long}</remote></session>`);
    expect(JSON.stringify(facts).length).toBeLessThan(3000);
  });
});

describe('effort of server-dependency', () => {
  const effortOf = (fixture: string) => {
    const root = join(import.meta.dirname, '../../fixtures/rules/server-dependency', fixture);
    return analyse({ root, rules: ['server-dependency'], cache: false, git: false }).findings.map(({ effort }) => effort);
  };
  it('grows with the depth of the dependence', () => {
    expect([effortOf('bad-plain-war'), effortOf('bad-lifted-image'), effortOf('bad-ejb-jar-2')]).toEqual([[3], [3], [7]]);
  });
});
