import { useRef } from 'react'
import type { AppPreviewState, AppPreviewTarget } from '#ipc/app-preview'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { GlobeIcon } from '../../ui/icons.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { failureWords } from './failure-words.ts'
import { PreviewBar, type PreviewBarAction } from './preview-bar.tsx'
import { PreviewStage } from './preview-stage.tsx'
import { useIsLong } from './use-is-long.ts'
import { usePreviewKeys } from './use-preview-keys.ts'

export interface AppPreviewProps {
  readonly target: AppPreviewTarget
  readonly name: string
  readonly onOpenInBrowser: () => void
  readonly onClose: () => void
}

/** The page of an app inside of the window: its bar, and the place main lays it over. */
export function AppPreview({ target, name, onOpenInBrowser, onClose }: AppPreviewProps) {
  const { data: state, error, retry } = useSubscription('appPreview.watch', target)
  const act = useChange('appPreview.act')
  const root = useRef<HTMLDivElement>(null)
  const isThere = state?.failure === null && (state.isReady || state.isLoading)
  const onAct = (action: PreviewBarAction | 'retry'): void =>
    // What is not there cannot be loaded again, only anew.
    act.mutate({ ...target, action: action === 'reload' && !isThere ? 'retry' : action })
  usePreviewKeys(target, {
    onLeave: () => root.current?.querySelector<HTMLElement>('[data-preview-entry]')?.focus(),
    onClose,
  })
  const isSlow = useIsLong(state?.isLoading === true)
  if (error) {
    return (
      <div className="p-3">
        <ErrorState title={`${name} cannot be shown`} actions={<Button onClick={retry}>Try again</Button>}>
          {errorWords(error).message}
        </ErrorState>
      </div>
    )
  }
  if (state === undefined) return <SkeletonRows rows={4} label={`Opening ${name}`} />
  return (
    <div ref={root} className="relative flex h-full min-h-0 flex-col">
      <PreviewBar
        name={name}
        state={state}
        onAct={onAct}
        onOpenInBrowser={onOpenInBrowser}
        onClose={onClose}
      />
      {isSlow ? <ProgressBar label={`Loading ${name}`} className="absolute inset-x-0 top-8 z-10" /> : null}
      {state.failure === null ? (
        <PreviewStage target={target}>
          <Standing name={name} state={state} onLoad={() => onAct('retry')} />
        </PreviewStage>
      ) : (
        <Failed
          failure={state.failure}
          name={name}
          onRetry={() => onAct('retry')}
          onOpenInBrowser={onOpenInBrowser}
        />
      )}
    </div>
  )
}

/** What stands in the page's place until it is there. */
function Standing({
  name,
  state,
  onLoad,
}: {
  readonly name: string
  readonly state: AppPreviewState
  readonly onLoad: () => void
}) {
  const isIdle = useIsLong(!state.isLoading && !state.isReady)
  if (state.isReady) return null
  if (!isIdle) return <SkeletonRows rows={4} label={`Loading ${name}`} />
  return (
    <EmptyState
      icon={<GlobeIcon />}
      title="The page is not loaded"
      actions={
        <Button variant="primary" onClick={onLoad}>
          Load the page
        </Button>
      }
    >
      It was stopped, or put away while the screen was locked or others were open.
    </EmptyState>
  )
}

function Failed({
  failure,
  name,
  onRetry,
  onOpenInBrowser,
}: {
  readonly failure: NonNullable<AppPreviewState['failure']>
  readonly name: string
  readonly onRetry: () => void
  readonly onOpenInBrowser: () => void
}) {
  const { title, advice } = failureWords(failure, name)
  return (
    <div className="min-h-0 flex-1 overflow-auto p-3">
      <ErrorState
        title={title}
        actions={
          <>
            <Button onClick={onRetry}>{failure === 'crashed' ? 'Reload' : 'Try again'}</Button>
            <Button variant="ghost" onClick={onOpenInBrowser}>
              Open in the browser
            </Button>
          </>
        }
      >
        {advice}
      </ErrorState>
    </div>
  )
}
