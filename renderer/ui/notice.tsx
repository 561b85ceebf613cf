import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { CheckIcon, InfoIcon, TriangleAlertIcon } from './icons.tsx'
import { Spinner } from './spinner.tsx'

export type NoticeTone = 'info' | 'ok' | 'busy' | 'warn' | 'bad'

export interface NoticeProps {
  readonly tone?: NoticeTone | undefined
  /** What happened, in one sentence. */
  readonly title?: ReactNode
  /** More about it. */
  readonly children?: ReactNode
  readonly icon?: ReactNode
  /** Buttons at the right end. */
  readonly actions?: ReactNode
  readonly className?: string | undefined
}

const fills: Record<NoticeTone, string> = {
  info: 'bg-idle-bg [&>.lucide]:text-fg-2',
  ok: 'bg-ok-bg [&>.lucide]:text-ok-fg',
  busy: 'bg-busy-bg [&>svg]:text-busy-fg',
  warn: 'bg-warn-bg [&>.lucide]:text-warn-fg',
  bad: 'bg-bad-bg [&>.lucide]:text-bad-fg',
}

const icons: Record<NoticeTone, ReactNode> = {
  info: <InfoIcon />,
  ok: <CheckIcon />,
  busy: <Spinner />,
  warn: <TriangleAlertIcon />,
  bad: <TriangleAlertIcon />,
}

/** A message in the place where it belongs, with what to do about it. */
export function Notice({ tone = 'info', title, children, icon, actions, className }: NoticeProps) {
  const isTall = title !== undefined && children !== undefined && children !== null
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames(
        'flex min-w-0 gap-2.5 rounded-md py-2 pr-2 pl-3 hc-edge',
        isTall ? 'items-start [&>svg]:mt-0.5' : 'items-center',
        fills[tone],
        className,
      )}
    >
      {icon ?? icons[tone]}
      <div className="min-w-0 flex-1 copyable">
        {title === undefined ? null : <div className="font-medium">{title}</div>}
        {children === undefined || children === null ? null : (
          <div className={isTall ? 'text-fg-2' : undefined}>{children}</div>
        )}
      </div>
      {actions ? <div className="flex flex-none items-center gap-2">{actions}</div> : null}
    </div>
  )
}

/** A Notice across the whole width under a header: no network, a locked keychain. */
export function Banner(props: NoticeProps) {
  return <Notice {...props} className={classNames('rounded-none', props.className)} />
}
