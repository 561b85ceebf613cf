import { useEffect, useRef, type ReactNode } from 'react'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { AppWindowIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { toast } from '../../ui/toast-store.ts'
import { useShowOwnWindow, type ChatPlace } from './use-own-window.ts'

const everything = {}

/** The desktop of a chat beside it, unless it has a window of its own: there is one connection, not two. */
export function ChatDesktop({
  deploymentId,
  chatId,
  children,
}: ChatPlace & { readonly children: ReactNode }) {
  const { data, error, retry } = useSubscription('desktopWindows.watch', everything)
  const place = useRef<HTMLDivElement>(null)
  const isElsewhere = data?.open.some((one) => one.deploymentId === deploymentId && one.chatId === chatId)
  const wasElsewhere = useRef(isElsewhere)
  useEffect(() => {
    // The button that had the focus is gone with what it was in.
    const isChanged = wasElsewhere.current !== undefined && wasElsewhere.current !== isElsewhere
    if (isChanged && document.activeElement === document.body) place.current?.focus()
    wasElsewhere.current = isElsewhere
  }, [isElsewhere])
  if (isElsewhere === undefined) {
    if (!error) return <SkeletonRows rows={4} label="Loading the desktop" />
    return (
      <div className="p-3">
        <ErrorState title="The desktop is not available" actions={<Button onClick={retry}>Try again</Button>}>
          {errorWords(error).message}
        </ErrorState>
      </div>
    )
  }
  return (
    <div ref={place} tabIndex={-1} className="h-full min-h-0 outline-none">
      {isElsewhere ? <Elsewhere deploymentId={deploymentId} chatId={chatId} /> : children}
    </div>
  )
}

function Elsewhere(chat: ChatPlace) {
  const close = useChange('desktopWindows.close')
  const show = useShowOwnWindow(chat)
  return (
    <div role="status" className="h-full">
      <EmptyState
        icon={<AppWindowIcon />}
        title="Shown in its own window"
        actions={
          <>
            <Button
              variant="primary"
              onClick={() =>
                close.mutate(chat, {
                  onError: (error) =>
                    toast({ tone: 'bad', title: 'The window stays', detail: errorWords(error).message }),
                })
              }
            >
              Bring back
            </Button>
            <Button onClick={show}>Show that window</Button>
          </>
        }
      >
        Closing that window brings the desktop back here, too.
      </EmptyState>
    </div>
  )
}
