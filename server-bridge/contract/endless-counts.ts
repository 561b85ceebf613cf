/**
 * What a screen does once per count of a control sequence it does as often as a program says, up to 2^31 − 1 times, with
 * nothing else going on meanwhile: `CSI 3000000 S` took 35 s. Both ends that draw a terminal leave such a sequence out.
 */

/** REP, IL, DL, SU and SD, as ECMA-48 has them. */
const counted = ['b', 'L', 'M', 'S', 'T']

/** What is needed of an xterm, with a picture or without. */
export interface CountingTerminal {
  readonly cols: number
  readonly rows: number
  readonly parser: {
    registerCsiHandler(
      id: { readonly final: string },
      handler: (params: (number | number[])[]) => boolean,
    ): unknown
  }
}

/** From now on the terminal leaves out what counts further than its screen goes, in which nothing can be seen of it. */
export function ignoreEndlessCounts(terminal: CountingTerminal): void {
  for (const final of counted) {
    terminal.parser.registerCsiHandler({ final }, ([count]) => {
      const limit = Math.max(terminal.cols, terminal.rows)
      return typeof count === 'number' && count > limit
    })
  }
}
