import type { ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { formatElapsed } from '../../../lib/duration.ts'
import { ChevronRightIcon } from '../../../ui/icons.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { Elapsed } from '../../../ui/time.tsx'
import { useRowState } from './row-memory.tsx'
import type { ToolCall } from './transcript-rows.ts'

export interface ToolCardProps {
  readonly icon: ReactNode
  readonly title: ReactNode
  /** At the right end of the header. */
  readonly meta?: ReactNode
  /** Small buttons behind the header's words. */
  readonly actions?: ReactNode
  /** Always there. */
  readonly children?: ReactNode
  /** Folded away until somebody wants it. */
  readonly more?: (() => ReactNode) | undefined
  /** Unfolded for as long as nobody folded or unfolded it. */
  readonly startsOpen?: boolean | undefined
  /** Waits for the user. */
  readonly isAsking?: boolean | undefined
  /** Tells apart several cards of one row. */
  readonly name?: string | undefined
}

/** The frame of what an agent did: a line, and what there is to see of it. */
export function ToolCard(props: ToolCardProps) {
  const { icon, title, meta, actions, children, more, isAsking = false } = props
  const [chosen, setOpen] = useRowState<boolean | undefined>(`open ${props.name ?? ''}`, undefined)
  const isOpen = chosen ?? props.startsOpen ?? false
  const line = (
    <>
      {icon}
      <span className="cut flex-1 text-left">{title}</span>
      {more === undefined ? <HoverActions>{actions}</HoverActions> : null}
      {meta === undefined ? null : (
        <span className="num flex flex-none items-center gap-2 text-sm text-fg-3">{meta}</span>
      )}
    </>
  )
  const lineShape = classNames(
    'flex h-7 min-w-0 flex-1 items-center gap-2 pr-2 pl-2.5',
    isAsking ? '[&>.lucide]:text-accent-fg' : '[&>.lucide]:text-fg-3',
  )
  return (
    <div
      className={classNames(
        'group/card min-w-0 overflow-hidden rounded-md border bg-card',
        isAsking ? 'border-accent' : 'border-line-strong',
      )}
    >
      <div className="flex min-w-0 items-center">
        {more ? (
          <button
            type="button"
            aria-expanded={isOpen}
            className={classNames(lineShape, 'rounded-md hover:bg-hover focus-visible:-outline-offset-2')}
            onClick={() => setOpen(!isOpen)}
          >
            {line}
            <ChevronRightIcon className={classNames('size-3.5', isOpen && 'rotate-90')} />
          </button>
        ) : (
          <div className={lineShape}>{line}</div>
        )}
        {actions === undefined || more === undefined ? null : (
          <div className="flex flex-none items-center pr-0.5">{actions}</div>
        )}
      </div>
      {children}
      {more && isOpen ? more() : null}
    </div>
  )
}

/** Buttons that take room only while the pointer or the focus is there. */
function HoverActions({ children }: { readonly children: ReactNode }) {
  if (children === undefined) return null
  return (
    <span className="flex w-0 flex-none items-center overflow-hidden opacity-0 group-focus-within/card:w-auto group-focus-within/card:opacity-100 group-hover/card:w-auto group-hover/card:opacity-100">
      {children}
    </span>
  )
}

/** A part of a card below its header. */
export function CardBody({
  className,
  children,
}: {
  readonly className?: string
  readonly children: ReactNode
}) {
  return <div className={classNames('border-t border-line', className)}>{children}</div>
}

/** Where a call stands, in shape and word; for a finished one how long it took. */
export function CallState({ call }: { readonly call: ToolCall }) {
  switch (call.state) {
    case 'preparing':
      return <Busy>Writing</Busy>
    case 'running':
      return <Busy>{call.startedAt === undefined ? 'Running' : <Elapsed since={call.startedAt} />}</Busy>
    case 'asked':
      return <StatusMark status="waiting" label="Waiting for you" />
    case 'outside':
      return <StatusMark status="waiting" label="Waiting for the program that offers it" />
    case 'failed':
      return <StatusMark status="failed" label="Failed" className="text-bad-fg" />
    case 'denied':
      return <StatusMark status="stopped" label="Denied" />
    case 'stopped':
      return <StatusMark status="stopped" label="Stopped" />
    case 'done':
      return <CallDuration call={call} />
  }
}

/** How long a call took, where both ends are known. */
export function CallDuration({ call: { startedAt, endedAt } }: { readonly call: ToolCall }) {
  const ms =
    startedAt === undefined || endedAt === undefined ? NaN : Date.parse(endedAt) - Date.parse(startedAt)
  return Number.isNaN(ms) ? null : <span>{formatElapsed(ms)}</span>
}

function Busy({ children }: { readonly children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <Spinner className="size-3 text-busy" />
      {children}
    </span>
  )
}

/** Small words in the type of code, cut at the end of the line. */
export function Mono({
  children,
  quiet = false,
}: {
  readonly children: ReactNode
  readonly quiet?: boolean
}) {
  return <span className={classNames('code-text', quiet && 'text-fg-3')}>{children}</span>
}
