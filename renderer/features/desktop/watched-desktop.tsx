import { useEffect, useId, useRef, useState, useSyncExternalStore } from 'react'
import { Button } from '../../ui/button.tsx'
import { useIsOnScreen } from '../../lib/is-on-screen.ts'
import type { DesktopChannel } from './desktop-channel.ts'
import { useDesktopHost } from './desktop-host.tsx'
import { DesktopSession } from './desktop-session.ts'
import { DesktopStanding } from './desktop-standing.tsx'
import { desktopWords } from './desktop-words.ts'
import { useDesktopScreen } from './use-desktop-screen.ts'
import { watchTurn } from './watch-turn.ts'

export interface WatchedDesktopProps {
  readonly deploymentId: string
  readonly chatId: string
  readonly workspaceId: string
}

/**
 * What a desktop shows, only to look at. It is connected while it can be seen, and one of them at a time in a window: the
 * others wait for their turn. Needs a Suspense above it.
 */
export function WatchedDesktop(props: WatchedDesktopProps) {
  const place = useRef<HTMLDivElement>(null)
  const isSeen = useIsOnScreen(place)
  const id = useId()
  const holder = useSyncExternalStore(watchTurn.subscribe, watchTurn.holder)
  useEffect(() => (isSeen ? watchTurn.wait(id) : undefined), [id, isSeen])
  return (
    <div ref={place} className="h-72 min-h-0">
      {!isSeen ? null : holder === id ? (
        <Connected {...props} />
      ) : (
        <div className="flex h-full flex-col items-center justify-center gap-2 text-fg-2">
          Another desktop is shown.
          <Button size="sm" onClick={() => watchTurn.take(id)}>
            Show this one
          </Button>
        </div>
      )}
    </div>
  )
}

function Connected(target: WatchedDesktopProps) {
  const host = useDesktopHost()
  const [session] = useState(() => new DesktopSession(host.port(), { desktopId: host.newId(), ...target }))
  useEffect(() => session.open(), [session])
  const state = useSyncExternalStore(session.subscribe, session.state)
  if (state.kind !== 'connected')
    return <DesktopStanding words={desktopWords(state, false)} onAction={session.retry} />
  const { channel } = state
  return <Picture channel={channel} onFailed={(reason) => session.giveUp(channel, reason)} />
}

function Picture({
  channel,
  onFailed,
}: {
  readonly channel: DesktopChannel
  readonly onFailed: (reason: string) => void
}) {
  const parent = useRef<HTMLDivElement>(null)
  const { isReady } = useDesktopScreen(parent, channel, { size: 'fit', isControlled: false, onFailed })
  return (
    <div role="img" aria-label="The agent’s desktop, live" className="relative h-full min-h-0">
      {/* Only to look at: nothing of it takes the focus. */}
      <div ref={parent} inert className="h-full min-h-0 bg-sunken" />
      {isReady ? null : (
        <p className="absolute inset-0 grid place-items-center text-fg-2">Waiting for the picture</p>
      )}
    </div>
  )
}
