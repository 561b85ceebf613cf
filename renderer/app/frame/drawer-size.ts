import { createKept, numberWithin } from '../../lib/kept-state.ts'

/** Limits of the drawer as shares of the page. */
export const drawerLimits = { min: 0.15, rest: 0.35, max: 0.85 } as const

/** The remembered height of the drawer, as a share of the page. */
export const drawerShare = createKept(
  'drawer.share',
  drawerLimits.rest as number,
  numberWithin(drawerLimits.min, drawerLimits.max),
)

/** A share within the limits. */
export function clampShare(share: number): number {
  return Math.min(drawerLimits.max, Math.max(drawerLimits.min, share))
}

/** What a key does to the edge of the drawer; null is not ours. */
export function shareAfterKey(key: string, share: number): number | null {
  switch (key) {
    case 'ArrowUp':
      return clampShare(share + 0.03)
    case 'ArrowDown':
      return clampShare(share - 0.03)
    case 'Home':
      return drawerLimits.max
    case 'End':
      return drawerLimits.min
    case 'Enter':
      return drawerLimits.rest
    default:
      return null
  }
}
