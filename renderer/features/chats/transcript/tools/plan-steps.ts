/** How many of the boxes of a plan are ticked. */
export function planSteps(text: string): { readonly done: number; readonly total: number } {
  const boxes = text.match(/^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]/gm) ?? []
  return { total: boxes.length, done: boxes.filter((box) => /\[[xX]\]/.test(box)).length }
}
