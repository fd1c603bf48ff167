/** Tells what a request or a caller hands in from what was worked out, made or asked for. */
import type { ProgramView } from '../recogniser.ts';
import { pathOf } from '../summarise-reads.ts';
import type { Expression, Parameter } from '../summary.ts';

/** `c.ShouldBindJSON(&note)`, `json.NewDecoder(r.Body).Decode(&note)`: fills a variable with what was sent. */
const decoders =
  /^(?:Must|Should)?Bind(?:JSON|Body|With|BodyWith|Query|URI|Uri|Header|XML|YAML)?$|^(?:Body|Query|Params)Parser$|^(?:Decode|DecodeJSON|Unmarshal|ReadJSON|ReadBody|ParseBody|ParseJSON|parseJSON|readJSON|decodeJSON)$/;
/** `r.FormValue("name")`, `c.Param("id")`: what the request itself says. */
const asks = /^(?:FormValue|PostFormValue|PathValue|Param|Params|Query|QueryParam|DefaultQuery|PostForm|DefaultPostForm|Get|Body)$/;
const requestType = /^(?:Request|Context|Ctx|Conn)$/;
const noData = /^(?:Context|ResponseWriter|Ctx|Request|Conn|DB|Tx|Client|Logger|Upgrader)$/;

const typeName = ({ type }: Parameter): string => (type.is === 'selector' || type.is === 'name' ? type.name : '');
const mostDepth = 6;

export class GivenValues {
  constructor(readonly program: ProgramView) {}

  /** The value, or a part of it other than its key, was handed in. */
  isGiven(value: Expression, key: Expression | undefined, path: string, within: number): boolean {
    const keyText = key && pathOf(key)?.join('.');
    const read = (one: Expression, depth: number): boolean => {
      if (depth > mostDepth || (keyText !== undefined && pathOf(one)?.join('.') === keyText && one !== value)) return false;
      const again = (inner: Expression): boolean => read(inner, depth + 1);
      switch (one.is) {
        case 'name':
          return this.#isGivenName(one.name, key, path, within, depth);
        case 'selector':
          return again(one.of);
        case 'index':
          return again(one.of);
        case 'composite':
          return [...one.fields.map((field) => field.value), ...one.items].some(again);
        case 'text':
          return one.parts.some(again);
        case 'call':
          return this.#isGivenCall(one, path, within, again);
        default:
          return false;
      }
    };
    return read(value, 0);
  }

  /** `append(notes, note)`, `r.FormValue("note")`, `Note(sent)`. */
  #isGivenCall(
    { callee, args }: Extract<Expression, { is: 'call' }>,
    path: string,
    within: number,
    again: (one: Expression) => boolean,
  ): boolean {
    if (callee.is === 'name' && callee.name === 'append') return args.slice(1).some(again);
    if (callee.is === 'name' && args.length === 1) return this.#isConversion(callee, path) && again(args[0]!);
    if (callee.is !== 'selector') return false;
    const root = pathOf(callee.of)?.[0];
    const parameter = root === undefined ? undefined : this.#parameter(root, path, within);
    return parameter !== undefined && requestType.test(typeName(parameter)) && asks.test(callee.name);
  }
  #isConversion(callee: Expression, path: string): boolean {
    const isBasic = callee.is === 'name' && /^(?:string|int\d*|float\d+|byte)$/.test(callee.name);
    return isBasic || this.program.evaluator.types.idOf(callee, path) !== undefined;
  }

  #parameter(name: string, path: string, within: number): Parameter | undefined {
    const functions = this.program.summary(path)?.functions ?? [];
    for (let at: number | undefined = within, steps = 0; at !== undefined && steps < 20; at = functions[at]?.parent, steps++) {
      const found = functions[at]?.parameters.find((one) => one.name === name);
      if (found) return found;
    }
    return undefined;
  }

  #isGivenName(name: string, key: Expression | undefined, path: string, within: number, depth: number): boolean {
    const parameter = this.#parameter(name, path, within);
    if (parameter) return parameter.type.is !== 'function' && parameter.type.is !== 'unknown' && !noData.test(typeName(parameter));
    const id = `${path}#${within}`;
    const isDecoded = this.program
      .callsWithin(id)
      .some(({ name: called, written }) => decoders.test(called) && written.call.args.some((one) => pathOf(one)?.[0] === name));
    if (isDecoded) return true;
    if (depth > mostDepth) return false;
    return this.program.evaluator.index
      .locals(path, within, name)
      .slice(0, 4)
      .some(
        ({ own: { how, value } }) => how !== 'loop' && !/^(?:name|unknown|index)$/.test(value.is) && this.isGiven(value, key, path, within),
      );
  }
}
