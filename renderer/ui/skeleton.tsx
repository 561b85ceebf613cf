import { classNames } from '../lib/class-names.ts'

/** A grey bar in place of what loads. Give it the size of the real thing. */
export function Skeleton({ className }: { readonly className?: string | undefined }) {
  return (
    <span aria-hidden="true" className={classNames('block h-2.5 rounded-sm bg-track pulse', className)} />
  )
}

const widths = ['w-3/5', 'w-1/2', 'w-3/4', 'w-2/5', 'w-2/3', 'w-[45%]']

/** Rows of a table that loads, in the height of real rows. */
export function SkeletonRows({
  rows = 6,
  label = 'Loading',
}: {
  readonly rows?: number | undefined
  readonly label?: string | undefined
}) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-9 items-center gap-6 border-b border-line px-5">
          <Skeleton className="size-3" />
          <span className="flex-1">
            <Skeleton className={widths[index % widths.length]} />
          </span>
          <Skeleton className="w-20" />
          <Skeleton className="w-14" />
        </div>
      ))}
    </div>
  )
}
