export interface Bar {
  readonly key: string
  readonly label: string
  readonly value: number
  /** The value in words, at the end of the bar. */
  readonly valueText: string
}

/** A few amounts side by side: one quiet bar each, named before it and said behind it. */
export function BarChart({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const top = Math.max(0, ...bars.map(({ value }) => value))
  return (
    <ul aria-label={label} className="grid grid-cols-[minmax(0,160px)_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      {bars.map(({ key, label: name, value, valueText }) => (
        <li key={key} className="col-span-2 grid grid-cols-subgrid items-center">
          <span className="cut text-fg-2" title={name}>
            {name}
          </span>
          <span className="flex min-w-0 items-center gap-2">
            <span
              aria-hidden="true"
              className="h-2 rounded-full bg-accent-fg"
              style={{ width: `${String(top === 0 ? 0 : (value / top) * 80)}%` }}
            />
            <span className="num flex-none text-sm text-fg-2">{valueText}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}
