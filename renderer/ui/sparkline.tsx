import { classNames } from '../lib/class-names.ts'

export interface SparklineProps {
  /** In order; the distance between two is the same. */
  readonly values: readonly number[]
  /** What it shows, for those who cannot see it. */
  readonly label: string
  readonly className?: string | undefined
}

const width = 120
const height = 24
const inset = 2

/** A line as small as a word: how a number went. Its scale begins at zero, so a quiet one looks quiet. */
export function Sparkline({ values, label, className }: SparklineProps) {
  const top = Math.max(1, ...values)
  const step = (width - 2 * inset) / Math.max(1, values.length - 1)
  const points = values.map((value, index) => {
    const x = inset + index * step
    const y = height - inset - (value / top) * (height - 2 * inset)
    return [x.toFixed(1), y.toFixed(1)] as const
  })
  const last = points.at(-1)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      className={classNames('h-6 w-[120px] flex-none overflow-visible text-accent-fg', className)}
    >
      <line
        x1="0"
        x2={width}
        y1={height - inset}
        y2={height - inset}
        className="stroke-line"
        vectorEffect="non-scaling-stroke"
      />
      <polyline
        points={points.map((point) => point.join(',')).join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {last === undefined ? null : <circle cx={last[0]} cy={last[1]} r="2" fill="currentColor" />}
    </svg>
  )
}
