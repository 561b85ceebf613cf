import { useEffect, useState, type ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { layerHostAttribute, lightLayerAttribute } from '../lib/watch-cover.ts'
import { Button } from './button.tsx'
import { CheckIcon, InfoIcon, TriangleAlertIcon, XIcon } from './icons.tsx'
import type { NoticeTone } from './notice.tsx'
import { ProgressBar } from './progress-bar.tsx'
import { Spinner } from './spinner.tsx'
import { dismissToast, useToasts, type Toast } from './toast-store.ts'

const marks: Record<NoticeTone, ReactNode> = {
  info: <InfoIcon className="text-fg-2" />,
  ok: <CheckIcon className="text-ok-fg" />,
  busy: <Spinner className="text-busy-fg" />,
  warn: <TriangleAlertIcon className="text-warn-fg" />,
  bad: <TriangleAlertIcon className="text-bad-fg" />,
}

/** Where toasts appear, bottom right. Mount once. */
export function ToastHost() {
  const toasts = useToasts((state) => state.toasts)
  const [held, setHeld] = useState(false)
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      {...{ [layerHostAttribute]: true }}
      className="pointer-events-none fixed right-4 bottom-4 z-70 flex w-[380px] max-w-[calc(100vw-32px)] flex-col gap-2"
      onPointerEnter={() => {
        setHeld(true)
      }}
      onPointerLeave={() => {
        setHeld(false)
      }}
      onFocus={() => {
        setHeld(true)
      }}
      onBlur={() => {
        setHeld(false)
      }}
    >
      {toasts.map((item) => (
        <ToastCard key={item.key} item={item} held={held} />
      ))}
    </section>
  )
}

function ToastCard({ item, held }: { readonly item: Toast; readonly held: boolean }) {
  useEffect(() => {
    if (held || item.durationMs === null) return undefined
    const timer = setTimeout(() => {
      dismissToast(item.key)
    }, item.durationMs)
    return () => {
      clearTimeout(timer)
    }
  }, [held, item.key, item.durationMs, item.revision])

  return (
    <div
      {...{ [lightLayerAttribute]: true }}
      className={classNames(
        'pointer-events-auto flex min-h-10 items-center gap-2.5 rounded-lg bg-float py-1.5 pr-2 pl-3 shadow-float no-drag',
        (item.detail !== undefined || item.progress !== undefined) && 'items-start [&>svg]:mt-1',
      )}
      onKeyDown={(event) => {
        if (event.key === 'Escape') dismissToast(item.key)
      }}
    >
      {marks[item.tone ?? 'info']}
      <div className="min-w-0 flex-1 py-0.5">
        <div className={item.detail === undefined ? undefined : 'font-medium'}>{item.title}</div>
        {item.detail === undefined ? null : <div className="num text-sm text-fg-2">{item.detail}</div>}
        {item.progress === undefined ? null : (
          <ProgressBar label={item.title} value={item.progress} className="mt-1.5 mb-1" />
        )}
      </div>
      {item.action === undefined ? null : (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            item.action?.onSelect()
            dismissToast(item.key)
          }}
        >
          {item.action.label}
        </Button>
      )}
      <Button
        size="sm"
        variant="ghost"
        square
        aria-label="Dismiss"
        icon={<XIcon />}
        onClick={() => {
          dismissToast(item.key)
        }}
      />
    </div>
  )
}
