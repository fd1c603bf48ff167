/** Sets of values (Helm) and overlays (Kustomize): what was made for one is never applied together with what was made for another. */
interface Made {
  readonly set?: string;
}

/** What belongs to no set holds in each. */
export const sharesSet = (a: Made, b: Made): boolean => a.set === undefined || b.set === undefined || a.set === b.set;
