import type { PointerEvent } from 'react'
import { dragShare } from '../../lib/drag-share.ts'
import { clampPanel, panelAfterKey, panelLimits, panelShare } from './panel-share.ts'

export interface PanelEdgeProps {
  readonly share: number
  /** Of both panels, in pixels. */
  readonly width: () => number
}

/** The edge between list and editor: drag it, or arrow keys; Enter or a double click restores the usual width. */
export function PanelEdge({ share, width }: PanelEdgeProps) {
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void =>
    dragShare(event, {
      ...{ axis: 'x', towardsStart: false, length: width, share },
      onShare: (next) => panelShare.set(clampPanel(next)),
    })
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
