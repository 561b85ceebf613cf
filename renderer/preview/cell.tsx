import type { ReactNode } from 'react'

/** A titled cell on a preview page. */
export function Cell({
  title,
  className = '',
  children,
}: {
  readonly title: string
  readonly className?: string
  readonly children: ReactNode
}) {
  return (
    <section
      className={`flex min-w-0 flex-col overflow-hidden rounded-lg border border-line-strong bg-page ${className}`}
    >
      <h2 className="flex h-7 flex-none items-center border-b border-line bg-sunken px-3 text-sm text-fg-3">
        {title}
      </h2>
      <div className="min-h-0 flex-1 px-4 py-3">{children}</div>
    </section>
  )
}
