import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { summariseKotlin } from '../../src/languages/java/summarise-kotlin.ts';
import { prepareLanguages } from '../../src/session.ts';

beforeAll(() => prepareLanguages());

const summary = (text: string) => summariseKotlin({ path: 'shop/Cart.kt', text });
const sample = `package com.acme

import org.springframework.web.bind.annotation.*
import jakarta.servlet.http.HttpSession

@RestController
@RequestMapping("/carts", produces = ["application/json"])
class CartController(@Value("\\\${shop.url}") private val url: String, orders: OrderRepository) : Base(url), Shown<Cart> {
    @field:NotNull
    private val carts = mutableMapOf<String, Cart>()
    var count: Int? = 0

    @GetMapping("/{id}")
    fun get(@PathVariable id: String, session: HttpSession): Cart? {
        session.setAttribute("last", id)
        val client = RestTemplate()
        carts[id] = Cart(id)
        count += 1
        java.io.File("a$id").writeText("x")
        return carts[id]
    }

    companion object {
        const val PATH = "/x" + "y"
    }
}

fun main(args: Array<String>) {
    runApplication<App>(*args)
}
`;

describe('Kotlin', () => {
  it('gives types, properties and functions as Java does', () => {
    const { types, error, imports, package: name } = summary(sample);
    expect(error).toBeUndefined();
    expect([name, imports[0]!.name, imports[0]!.wildcard]).toEqual(['com.acme', 'org.springframework.web.bind.annotation', true]);
    const [controller, file] = types;
    expect(controller).toMatchObject({ name: 'CartController', superclass: 'Base', interfaces: ['Shown'] });
    expect(controller!.annotations.map((one) => one.name)).toEqual(['RestController', 'RequestMapping']);
    expect(controller!.annotations[1]!.args).toMatchObject({ value: { value: '/carts' }, produces: { is: 'list' } });
    expect(controller!.fields.map((field) => [field.name, field.type, field.modifiers.includes('static')])).toEqual([
      ['url', 'String', false],
      ['carts', 'HashMap', false],
      ['count', 'Int', false],
      ['PATH', 'String', true],
    ]);
    expect(controller!.fields[0]!.annotations[0]).toMatchObject({ name: 'Value', args: { value: { value: '${shop.url}' } } });
    expect(file).toMatchObject({ name: 'CartKt', methods: [{ name: 'main' }] });
  });

  it('gives calls, creations, locals and assignments as Java does', () => {
    const get = summary(sample).types[0]!.methods.find(({ name }) => name === 'get')!;
    expect(get.parameters.map(({ name, type, annotations }) => [name, type, annotations.length])).toEqual([
      ['id', 'String', 1],
      ['session', 'HttpSession', 0],
    ]);
    expect(get.returns).toBe('Cart');
    expect(get.calls.map(({ name }) => name)).toEqual(['setAttribute', 'put', 'writeText', 'get']);
    expect(get.creations.map(({ type }) => type)).toEqual(['RestTemplate', 'Cart', 'java.io.File']);
    expect(get.locals[0]).toMatchObject({ name: 'client', type: 'RestTemplate' });
    expect(get.assignments).toMatchObject([{ target: ['count'], how: 'count' }]);
  });

  it('reads lazy properties and dollars that stay as they are', () => {
    const [file] = summary(`package com.acme
private val client by lazy { RestTemplate() }
private val other by lazy(LazyThreadSafetyMode.NONE) {
    val seconds = 3
    RestTemplate(seconds)
}
private val key = "\${'$'}{shop.url:http://shop}" + "\\\${a:b}"
`).types;
    expect(file!.fields.map(({ type }) => type)).toEqual(['RestTemplate', 'RestTemplate', 'String']);
    expect(file!.fields[2]!.value).toMatchObject({ parts: [{ value: '${shop.url:http://shop}' }, { value: '${a:b}' }] });
  });

  it('names the first place that cannot be parsed', () => {
    expect(summary('class A {\n  fun (\n}\n').error).toBeDefined();
  });

  it('is read while somebody writes an annotation at its end', () => {
    for (const end of ['@', '@a', '@file', '@file:', '@a.B'])
      expect(summary(`val path = "a"\n${end}`).types[0]?.fields.map(({ name }) => name)).toEqual(['path']);
  });

  it('is read in any state', () => {
    const pieces = sample.split(/(?<=[{}()\n"])/);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
        expect(summary(parts.join('')).types.length).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });
});
