declare const __VERSION__: string;
declare const __TS_MORPH__: string | undefined;
declare module 'virtual:rules' {
  const rules: readonly {
    readonly id: string;
    readonly category: string;
    readonly definition?: import('./types.ts').RuleDefinition;
    readonly yaml?: unknown;
  }[];
  export default rules;
}
/** Made by `build/page-plugin.mjs` from the style sheet and the script of the HTML report. */
declare module 'virtual:report-page' {
  export const style: string;
  export const script: string;
}
