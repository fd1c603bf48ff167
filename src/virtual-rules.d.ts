declare const __VERSION__: string;
declare module 'virtual:rules' {
  const rules: readonly {
    readonly id: string;
    readonly category: string;
    readonly definition?: import('./types.ts').RuleDefinition;
    readonly yaml?: unknown;
  }[];
  export default rules;
}
