import { readFileSync } from 'node:fs';
import glob from 'fast-glob';
import { beforeAll, describe, expect, it } from 'vitest';
import { readQuickly } from '../../src/languages/java/quick-reader.ts';
import { summariseByGrammar, summariseJava } from '../../src/languages/java/summarise.ts';
import { prepareLanguages } from '../../src/session.ts';

beforeAll(() => prepareLanguages(['A.java']));

/** Statements, as the body of a method. */
const everyday = [
  "int a = 1, b[] = {1, 2}; long c = 0x1FL; double d = 1.5e3, e = .5; char f = '\\n'; int g = 017; int h = 0b1_0;",
  'final var list = new ArrayList<Map<String, ? extends List<int[]>>>(); list.add((Cart) other.get(0));',
  'for (int i = 0, n = size(); i < n && i >> 1 >= 0; i++, n--) { total += i >>> 2; total >>= 1; }',
  'for (final Map.Entry<String, Cart> one : carts.entrySet()) one.getValue().close();',
  'for (;;) break;',
  'outer: while (true) { do { if (a < b) continue outer; else if (c) return; } while (x instanceof Cart k && k.open()); }',
  'try (var in = open(); other) { in.read(); } catch (IOException | final_ e) { throw new Failure("a" + 1 + e, e); } finally { close(); }',
  'switch (kind) { case A, B: run(); break; case "x": default: stop(); }',
  'int n = switch (kind) { case A, B -> 1; case C -> { yes(); } default -> throw new Failure(); };',
  'Function<String, Cart> f = name -> new Cart(name) { @Override public int size() { return count++; } };',
  'run((a, b) -> a + b, (Cart a, final int b) -> { return a; }, () -> x = 1, Cart::new, this::scan, a.b.Cart::open, int[]::new, List<String>::size);',
  'Object o = (Runnable & Serializable) () -> go(); int p = (int) -1 + (int) 2L; int q = (a) + b; boolean r = !(a) && (b);',
  'cart.items().stream().<String>map(Cart.Item::name).toArray(String[]::new)[0].trim();',
  'Class<?> t = Cart[].class, u = int.class, v = a.b.Cart.class; synchronized (this) { super.run(); Outer.super.run(); Outer.this.x = 2; }',
  'x = y = z > 0 ? a : b < 1 ? c : d; x[0] = 1; this.map.put("k", x[1]); x[i++]--; --count; a.b += 2;',
  'int[][] grid = new int[3][]; String[] s = new String[] {"a", "b",}; assert a != null : "text \\u00e9 \\"q\\"";',
  'class Local<T extends A & B> { T t; } record Pair(int a, String... b) { Pair { check(a); } } enum E { A(1) { void f() { g(); } }, B; E() { h(); } }',
  'record.value(); open(); with("a"); module.load(record); String text = """\n  say "hello"\n  """;',
  'int n = switch (k) { case 1: yield 2; case 3: yield (char) c; case 4: yield (a == b) ? c : d; default: { yield null; } }; byte @N [] b; Map<@A String, ? super @B Cart> m; f((@A Cart) c);',
  `String s = ${'"a" + b + '.repeat(140)}c;`,
  `a${'.b(c)'.repeat(200)};`,
  'outer.make().new Inner(1).f(_ -> 2, (a, _) -> g()); for (var _ : list) h(); try { i(); } catch (Exception _) { }',
  'List<String> a = b < c ? d : e; f(a < b, c > d); g(a < b, c > (d)); if (a < b && c > d) h();',
];
const declarations = [
  'package a.b; import static a.B.c; import a.*; import java.util.List; @A @B("x") @C(a = 1, b = {"p", @D}) public abstract class X<T> extends Y<T> implements P, Q<R> { static { a(); } { b(); } private final @N List<String> c = of(), d; <U> X(U u) throws E { super(u); f(); } abstract int g(int a[])[]; }',
  'interface A extends B, C<D> { int X = 1; default void f() { g(); } static <T> T h(T t) { return t; } void i(String... a) throws E, F; class In { } }',
  '@interface A { String value() default ""; int[] b() default {1, 2}; int C = f(); enum E { X } }',
  'enum A implements B { X, @C Y(1, g()) { int h() { return i(); } },; private A() { this(1); } ; static class J { } }',
  '/* a */ class A { // b\n int /* c */ x = 1; /** d */ void f() { g(/* e */ 1 /* f */); } }',
  'public sealed interface A permits B, C { <T extends @N Object> @N T f(a.b.@N C c, byte @N [] d) throws @N E; non-sealed class D implements A { } }',
  'class A {\r\n  int a;\r  int b = f("é😀", x);\r\n}\r\n',
];
/** Code that only the grammar reads, or that is none. */
const unsure = [
  'class A { void f() { int x = ; } }',
  'class A { void f() { g( } }',
  'class A { int é = 1; }',
  'class A { void f() { if (o instanceof Point(int x, int y)) g(); } }',
  'class A { void f() { int n = switch (k) { case 1: yield(); default: yield -3; }; } }',
  'class A { String s = "open; }',
  'class A { /* open }',
  'class A { void f(A this) { } }',
  'class A',
  `class A { void f() { String s = ${'"a" + '.repeat(420)}b; } }`,
  `class A { void f() { ${'{ if (a) '.repeat(90)} b(); ${'}'.repeat(90)} } }`,
  'int f() { return 1; }',
];

const file = (text: string) => ({ path: 'A.java', text });

describe('the quick reader of Java', () => {
  it.each(everyday.map((body) => `class A { void f() { ${body} } }`))('reads what the grammar reads: %s', (text) => {
    expect(readQuickly(text)).toBeDefined();
    expect(summariseJava(file(text))).toEqual(summariseByGrammar(file(text)));
  });
  it.each(declarations)('reads declarations as the grammar does: %s', (text) => {
    expect(readQuickly(text)).toBeDefined();
    expect(summariseJava(file(text))).toEqual(summariseByGrammar(file(text)));
  });
  it.each(unsure)('leaves the rest to the grammar: %s', (text) => {
    expect(readQuickly(text)).toBeUndefined();
    expect(summariseJava(file(text))).toEqual(summariseByGrammar(file(text)));
  });
  it('agrees on every fixture, also where it is cut', () => {
    for (const path of glob.sync('fixtures/**/*.java')) {
      const text = readFileSync(path, 'utf8');
      expect(summariseJava({ path, text }), path).toEqual(summariseByGrammar({ path, text }));
      const cut = text.slice(0, Math.floor(text.length * 0.7));
      expect(summariseJava({ path, text: cut }), path).toEqual(summariseByGrammar({ path, text: cut }));
    }
  });
});
