import { createKept, numberWithin } from '../../lib/kept-state.ts'

/** Limits of the list beside an open file, as shares of the page. */
export const panelLimits = { min: 0.18, rest: 0.34, max: 0.6 } as const

/** The remembered width of the list, as a share of the page. */
export const panelShare = createKept(
  'files.share',
  panelLimits.rest as number,
  numberWithin(panelLimits.min, panelLimits.max),
)

/** A share within the limits. */
export function clampPanel(share: number): number {
  return Math.min(panelLimits.max, Math.max(panelLimits.min, share))
}

/** What a key does to the edge; null is not ours. */
export function panelAfterKey(key: string, share: number): number | null {
  switch (key) {
    case 'ArrowLeft':
      return clampPanel(share - 0.03)
    case 'ArrowRight':
      return clampPanel(share + 0.03)
    case 'Home':
      return panelLimits.min
    case 'End':
      return panelLimits.max
    case 'Enter':
      return panelLimits.rest
    default:
      return null
  }
}
