import type { PointerEvent } from 'react'

export interface ShareDrag {
  readonly axis: 'x' | 'y'
  /** The share grows towards the start of the axis: an upper or left edge. */
  readonly towardsStart: boolean
  /** Of what is shared, in pixels; 0 while it is not laid out. */
  readonly length: () => number
  readonly share: number
  readonly onShare: (share: number) => void
}

/** Moves an edge between two parts with the pointer that went down on it, for as long as it is held. */
export function dragShare(event: PointerEvent<HTMLElement>, drag: ShareDrag): void {
  const length = drag.length()
  if (event.button !== 0 || length === 0) return
  event.preventDefault()
  const edge = event.currentTarget
  const at = (moved: { readonly clientX: number; readonly clientY: number }): number =>
    drag.axis === 'x' ? moved.clientX : moved.clientY
  const start = at(event)
  const sign = drag.towardsStart ? -1 : 1
  edge.setPointerCapture(event.pointerId)
  edge.onpointermove = (move) => drag.onShare(drag.share + (sign * (at(move) - start)) / length)
  edge.onpointerup = () => {
    edge.onpointermove = null
    edge.onpointerup = null
  }
}
