import { Collapsible } from '@base-ui/react/collapsible'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { CopyButton } from './code.tsx'
import { ChevronRightIcon, TriangleAlertIcon } from './icons.tsx'

export interface ErrorStateProps {
  /** What happened, in one sentence that names the thing. */
  readonly title: string
  /** What to do about it. */
  readonly children?: ReactNode
  /** The button that does it first. */
  readonly actions?: ReactNode
  /** A short code beside the fold: `quota_exceeded · build 88`. */
  readonly code?: string | undefined
  /** The full details, folded, with a copy button. */
  readonly details?: string | undefined
  readonly className?: string | undefined
}

/** An error in the place where it happened, with the action that fixes it and folded details. */
export function ErrorState({ title, children, actions, code, details, className }: ErrorStateProps) {
  return (
    <div className={classNames('min-w-0', className)}>
      <div role="alert" className="flex gap-3 rounded-md bg-bad-bg p-3 hc-edge">
        <TriangleAlertIcon className="mt-0.5 text-bad-fg" />
        <div className="min-w-0 flex-1">
          <div className="font-medium copyable">{title}</div>
          {children ? <div className="text-fg-2 copyable">{children}</div> : null}
          {actions ? <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div> : null}
        </div>
      </div>
      {details === undefined ? null : <ErrorDetails code={code} details={details} />}
    </div>
  )
}

/** The folded part: a code that can be told on the phone, and everything else on demand. */
export function ErrorDetails({
  code,
  details,
}: {
  readonly code?: string | undefined
  readonly details: string
}) {
  return (
    <Collapsible.Root className="mt-2">
      <div className="flex items-center gap-2 text-fg-2">
        <Collapsible.Trigger className="group flex h-6 items-center gap-2 rounded-sm px-1.5 hover:text-fg">
          <ChevronRightIcon className="size-3.5 group-data-panel-open:rotate-90" />
          Details
        </Collapsible.Trigger>
        {code ? <span className="cut code-text text-fg-3 copyable">{code}</span> : null}
        <span className="ml-auto">
          <CopyButton text={code ? `${code}\n${details}` : details} label="Copy details" />
        </span>
      </div>
      <Collapsible.Panel>
        <pre
          tabIndex={0}
          className="mt-1 max-h-60 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 code-text break-words whitespace-pre-wrap copyable"
        >
          {details}
        </pre>
      </Collapsible.Panel>
    </Collapsible.Root>
  )
}
