import type { PointerEvent } from 'react'
import { clampPanel, panelAfterKey, panelLimits, panelShare } from './panel-share.ts'

export interface PanelEdgeProps {
  readonly share: number
  /** Of both panels, in pixels. */
  readonly width: () => number
}

/** The edge between list and editor: drag it, or arrow keys; Enter or a double click restores the usual width. */
export function PanelEdge({ share, width }: PanelEdgeProps) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    const all = width()
    if (event.button !== 0 || all === 0) return
    event.preventDefault()
    const edge = event.currentTarget
    const startX = event.clientX
    edge.setPointerCapture(event.pointerId)
    edge.onpointermove = (move) => panelShare.set(clampPanel(share + (move.clientX - startX) / all))
    edge.onpointerup = () => {
      edge.onpointermove = null
      edge.onpointerup = null
    }
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the list"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={panelLimits.min * 100}
      aria-valuemax={panelLimits.max * 100}
      tabIndex={0}
      className="relative z-20 -mx-1 w-2 flex-none cursor-col-resize touch-none hover:bg-active focus-visible:-outline-offset-2"
      onPointerDown={onPointerDown}
      onDoubleClick={() => panelShare.set(panelLimits.rest)}
      onKeyDown={(event) => {
        const next = panelAfterKey(event.key, share)
        if (next === null) return
        event.preventDefault()
        panelShare.set(next)
      }}
    />
  )
}
