import { dragShare } from '../../lib/drag-share.ts'

export interface WidthEdgeProps {
  readonly label: string
  /** In pixels. */
  readonly width: number
  readonly limits: { readonly min: number; readonly rest: number; readonly max: number }
  /** The part lies behind the edge, so it grows towards the start. */
  readonly isBefore?: boolean
  readonly onWidth: (width: number) => void
}

const step = 16

/** The edge of a part beside the conversation: drag it, or arrow keys; Enter or a double click restores the usual width. */
export function WidthEdge({ label, width, limits, isBefore = false, onWidth }: WidthEdgeProps) {
  const set = (next: number): void => onWidth(Math.round(Math.min(limits.max, Math.max(limits.min, next))))
  const sign = isBefore ? -1 : 1
  const keys: Readonly<Record<string, number>> = {
    ArrowLeft: width - sign * step,
    ArrowRight: width + sign * step,
    Home: limits.min,
    End: limits.max,
    Enter: limits.rest,
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={limits.min}
      aria-valuemax={limits.max}
      tabIndex={0}
      className="relative z-20 -mx-1 w-2 flex-none cursor-col-resize touch-none hover:bg-active focus-visible:-outline-offset-2"
      onPointerDown={(event) =>
        dragShare(event, {
          axis: 'x',
          towardsStart: isBefore,
          // Shares of one pixel are pixels.
          length: () => 1,
          share: width,
          onShare: set,
        })
      }
      onDoubleClick={() => set(limits.rest)}
      onKeyDown={(event) => {
        const next = keys[event.key]
        if (next === undefined) return
        event.preventDefault()
        set(next)
      }}
    />
  )
}
