import { Suspense, useEffect, type ReactNode } from 'react'
import type { Chat } from '#bridge/contract/chats'
import { useApi } from '../api/api-context.tsx'
import { hasCode } from '../api/bridge-error.ts'
import { errorWords } from '../api/error-words.ts'
import { useSubscription } from '../api/use-subscription.ts'
import { chatTitle, isOfSomebodyElse } from '../features/chats/index.ts'
import { DesktopView } from '../features/desktop/desktop-view.tsx'
import { readinessOf } from '../features/desktop/readiness.ts'
import type { ChatPlace } from '../features/desktop/use-own-window.ts'
import { useSettings } from '../features/settings/index.ts'
import { workspaceActions } from '../features/workspaces/index.ts'
import { plainText } from '../lib/plain-text.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { MonitorIcon } from '../ui/icons.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { ToastHost } from '../ui/toast-host.tsx'
import { toast } from '../ui/toast-store.ts'
import { TooltipProvider } from '../ui/tooltip.tsx'
import { DesktopTitleBar } from './desktop-title-bar.tsx'
import { ErrorBoundary } from './frame/error-boundary.tsx'
import { useTheme } from './frame/theme.ts'
import { reportError } from './report-errors.ts'

/** All of a window that shows the desktop of one chat. */
export function DesktopWindowPage(chat: ChatPlace) {
  const { client } = useApi()
  const { settings } = useSettings()
  const place = useSubscription('desktopWindows.watchPlace', chat)
  const live = useSubscription('chats.watchChat', chat)
  useTheme(settings.theme === 'high-contrast' ? 'hc' : settings.theme)
  const title = live.data && chatTitle(live.data)
  useEffect(() => {
    // Which is the window's own title, too.
    document.title = title === undefined ? 'Desktop' : `${title} – Desktop`
  }, [title])
  const showChat = (): void => {
    client.call('desktopWindows.showChat', chat).catch((error: unknown) => {
      toast({ tone: 'bad', title: 'The chat is not shown', detail: errorWords(error).message })
    })
  }
  const failure = live.error ?? place.error
  const userId = place.data?.userId
  // While the deployment is away, the desktop says so itself and comes back by itself.
  const isKnown = live.data !== undefined && place.data !== undefined
  return (
    <TooltipProvider>
      <div className="grid h-full grid-cols-[minmax(0,1fr)] grid-rows-[var(--h-titlebar)_minmax(0,1fr)]">
        <DesktopTitleBar
          title={title}
          deploymentName={place.data && plainText(place.data.deploymentName, 64)}
          onShowChat={showChat}
        />
        <main className="min-h-0 overflow-hidden border-t border-line bg-page">
          <ErrorBoundary
            onReload={() => location.reload()}
            onError={(error) => reportError(client, error, 'desktop window')}
          >
            {failure && (isGone(failure) || !isKnown) ? (
              <Failure
                error={failure}
                onRetry={() => {
                  live.retry()
                  place.retry()
                }}
              />
            ) : live.data && userId ? (
              <OwnDesktop
                place={chat}
                chat={live.data}
                isMine={!isOfSomebodyElse(live.data, userId)}
                onShowChat={showChat}
              />
            ) : (
              <SkeletonRows rows={4} label="Loading the desktop" />
            )}
          </ErrorBoundary>
        </main>
      </div>
      <ToastHost />
    </TooltipProvider>
  )
}

function isGone(error: Error): boolean {
  return hasCode(error, 'not_found') || hasCode(error, 'forbidden')
}

function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  return (
    <div className="p-3">
      <ErrorState
        title={isGone(error) ? 'This chat is not there' : 'The desktop is not available'}
        actions={<Button onClick={onRetry}>Try again</Button>}
      >
        {isGone(error) ? 'It was removed, or it is not shared with you any more.' : errorWords(error).message}
      </ErrorState>
    </div>
  )
}

interface OwnDesktopProps {
  readonly place: ChatPlace
  readonly chat: Chat
  readonly isMine: boolean
  readonly onShowChat: () => void
}

/** The desktop where there can be one; else why there is none. */
function OwnDesktop({ place, chat, isMine, onShowChat }: OwnDesktopProps) {
  const { workspace_id: workspaceId } = chat
  const none = (title: string, text: ReactNode) => (
    <EmptyState
      icon={<MonitorIcon />}
      tone="warn"
      title={title}
      actions={<Button onClick={onShowChat}>Show the chat</Button>}
    >
      {text}
    </EmptyState>
  )
  if (!isMine) return none('This desktop is not yours', 'Only the owner of a chat sees its desktop.')
  if (chat.archived) return none('The chat is archived', 'It has no desktop until it is restored.')
  if (workspaceId === undefined)
    return none('The chat has no workspace', 'A desktop is that of a workspace. The chat can get one.')
  return <WorkspaceDesktopOnly place={place} workspaceId={workspaceId} onShowChat={onShowChat} />
}

function WorkspaceDesktopOnly({
  place,
  workspaceId,
  onShowChat,
}: Pick<OwnDesktopProps, 'place' | 'onShowChat'> & { readonly workspaceId: string }) {
  const { client } = useApi()
  const { deploymentId } = place
  const { data, error, retry } = useSubscription('workspaces.watch', { deploymentId, workspaceId })
  if (!data) {
    if (!error) return <SkeletonRows rows={4} label="Loading the workspace" />
    return (
      <div className="p-3">
        <ErrorState
          title="The workspace cannot be looked up"
          actions={<Button onClick={retry}>Try again</Button>}
        >
          {errorWords(error).message}
        </ErrorState>
      </div>
    )
  }
  const start = (): void => {
    client.call('desktopWindows.startWorkspace', place).catch((reason: unknown) => {
      toast({ tone: 'bad', title: `${data.name} is not started`, detail: errorWords(reason).message })
    })
  }
  return (
    <Suspense fallback={<SkeletonRows rows={4} label="Loading the desktop" />}>
      <DesktopView
        {...place}
        workspaceId={workspaceId}
        readiness={readinessOf(data)}
        onStart={workspaceActions(data).canStart ? start : undefined}
        onSignIn={onShowChat}
      />
    </Suspense>
  )
}
