import { ChevronLeftIcon, ChevronRightIcon } from './icons.tsx'
import { IconButton } from './icon-button.tsx'

export interface PagerProps {
  /** What is paged, for the names of the buttons: `chats`. */
  readonly what: string
  readonly offset: number
  readonly pageSize: number
  readonly count: number
  readonly onChange: (offset: number) => void
}

/** Where one is in a list that comes in pages, and the way on. Nothing when all of it is on one page. */
export function Pager({ what, offset, pageSize, count, onChange }: PagerProps) {
  if (count <= pageSize) return null
  const last = Math.min(count, offset + pageSize)
  return (
    <nav aria-label={`Pages of ${what}`} className="flex items-center justify-end gap-1 px-3.5 py-1.5">
      <span role="status" className="num mr-1 text-sm text-fg-3">
        {(offset + 1).toLocaleString()}–{last.toLocaleString()} of {count.toLocaleString()}
      </span>
      <IconButton
        label={`Earlier ${what}`}
        icon={<ChevronLeftIcon />}
        disabled={offset === 0}
        onClick={() => {
          onChange(Math.max(0, offset - pageSize))
        }}
      />
      <IconButton
        label={`More ${what}`}
        icon={<ChevronRightIcon />}
        disabled={last >= count}
        onClick={() => {
          onChange(offset + pageSize)
        }}
      />
    </nav>
  )
}
