import type { AppPreviewState } from '#ipc/app-preview'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { ArrowLeftIcon, ArrowRightIcon, ExternalLinkIcon, RotateCwIcon, XIcon } from '../../ui/icons.tsx'
import { Kbd } from '../../ui/kbd.tsx'

export type PreviewBarAction = 'back' | 'forward' | 'reload' | 'stop' | 'focus'

export interface PreviewBarProps {
  readonly name: string
  readonly state: AppPreviewState
  readonly onAct: (action: PreviewBarAction) => void
  readonly onOpenInBrowser: () => void
  readonly onClose: () => void
}

/** The bar above a page: where it is, and what a browser's has. */
export function PreviewBar({ name, state, onAct, onOpenInBrowser, onClose }: PreviewBarProps) {
  // What the deployment's page of an error calls itself is none of the app's names.
  const title = (state.failure === null ? plainText(state.title, 120).trim() : '') || name
  const path = plainText(decoded(state.path), 200)
  // Above, where it does not cover the page.
  const shared = { size: 'sm', tooltipSide: 'top' } as const
  return (
    <div
      role="group"
      aria-label={`Page of ${name}`}
      className="flex h-9 flex-none items-center gap-0.5 border-b border-line px-2"
    >
      <IconButton
        {...shared}
        label="Back"
        icon={<ArrowLeftIcon />}
        disabled={!state.canGoBack}
        onClick={() => onAct('back')}
      />
      <IconButton
        {...shared}
        label="Forward"
        icon={<ArrowRightIcon />}
        disabled={!state.canGoForward}
        onClick={() => onAct('forward')}
      />
      {state.isLoading ? (
        <IconButton {...shared} label="Stop loading" icon={<XIcon />} onClick={() => onAct('stop')} />
      ) : (
        <IconButton {...shared} label="Reload" icon={<RotateCwIcon />} onClick={() => onAct('reload')} />
      )}
      <span className="mx-1.5 flex min-w-0 flex-1 items-baseline gap-2" title={`${title} ${path}`}>
        <span className="cut min-w-0 font-medium">{title}</span>
        <span className="cut min-w-0 shrink-[4] text-sm text-fg-3">{path}</span>
      </span>
      {state.isReady ? (
        <Button
          size="sm"
          className="not-focus-visible:sr-only"
          data-preview-entry
          aria-label="Go into the page"
          trailing={<Kbd keys="F6" />}
          onClick={() => onAct('focus')}
        >
          Go in
        </Button>
      ) : null}
      <IconButton
        {...shared}
        label="Open in the browser"
        icon={<ExternalLinkIcon />}
        onClick={onOpenInBrowser}
      />
      <IconButton {...shared} label={`Close ${name}`} icon={<XIcon />} onClick={onClose} />
    </div>
  )
}

function decoded(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    // A percent sign that begins no character: shown as it is.
    return path
  }
}
