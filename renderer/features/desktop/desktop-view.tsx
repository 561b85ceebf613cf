import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent } from 'react'
import { sizeKey } from '../../lib/keyboard/size-key.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { AppWindowIcon, MonitorIcon } from '../../ui/icons.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import type { DesktopChannel } from './desktop-channel.ts'
import { useDesktopHost } from './desktop-host.tsx'
import type { DesktopSize } from './desktop-screen.ts'
import { DesktopSession } from './desktop-session.ts'
import { DesktopStanding } from './desktop-standing.tsx'
import { desktopWords, type DesktopAction } from './desktop-words.ts'
import { useDesktopScreen } from './use-desktop-screen.ts'

export interface DesktopViewProps {
  readonly deploymentId: string
  readonly chatId: string
  /** For the connection timeline. */
  readonly workspaceId?: string | undefined
  /** Changes when what kept it from showing may be over: another agent, another state of it. */
  readonly readiness: string
  /** Starts the workspace; left out where that cannot be done now. */
  readonly onStart?: (() => void) | undefined
  readonly onSignIn: () => void
  /** Shows it in a window of its own; left out where it has one. */
  readonly onOwnWindow?: (() => void) | undefined
}

/** The desktop of a chat's workspace. Needs a Suspense above it. */
export function DesktopView(props: DesktopViewProps) {
  const { deploymentId, chatId, workspaceId, readiness, onStart } = props
  const host = useDesktopHost()
  const [session] = useState(
    () => new DesktopSession(host.port(), { desktopId: host.newId(), deploymentId, chatId, workspaceId }),
  )
  useEffect(() => session.open(), [session])
  const state = useSyncExternalStore(session.subscribe, session.state)
  useRetryWhenReady(session, readiness)
  const act: Readonly<Record<DesktopAction, () => void>> = {
    retry: session.retry,
    'sign-in': props.onSignIn,
    'start-workspace': () => onStart?.(),
  }
  if (state.kind !== 'connected') {
    const words = desktopWords(state, onStart !== undefined)
    return <DesktopStanding words={words} onAction={(what) => act[what]()} />
  }
  const { channel } = state
  return (
    <ShownDesktop
      channel={channel}
      onFailed={(reason) => session.giveUp(channel, reason)}
      onOwnWindow={props.onOwnWindow}
    />
  )
}

/** A workspace that was started meanwhile needs no click. */
function useRetryWhenReady(session: DesktopSession, readiness: string): void {
  const known = useRef(readiness)
  useEffect(() => {
    if (known.current === readiness) return
    known.current = readiness
    const { kind } = session.state()
    if (kind === 'failed' || kind === 'waiting') session.retry()
  }, [session, readiness])
}

interface ShownDesktopProps {
  readonly channel: DesktopChannel
  readonly onFailed: (reason: string) => void
  readonly onOwnWindow: (() => void) | undefined
}

const wayOut = 'Shift+Escape'

function ShownDesktop({ channel, onFailed, onOwnWindow }: ShownDesktopProps) {
  const [size, setSize] = useState<DesktopSize>('fit')
  const [isControlled, setControlled] = useState(false)
  const parent = useRef<HTMLDivElement>(null)
  const toggle = useRef<HTMLButtonElement>(null)
  const { isReady, screen } = useDesktopScreen(parent, channel, { size, isControlled, onFailed })

  const take = (): void => {
    setControlled(true)
    screen.current?.focus()
  }
  const giveBack = (): void => {
    setControlled(false)
    toggle.current?.focus()
  }
  // Before the viewer, which keeps every key that it sees.
  const onKeyDownCapture = (event: KeyboardEvent): void => {
    const next = sizeKey(event)
    const isWayOut = isControlled && event.key === 'Escape' && event.shiftKey
    if (next === undefined && !isWayOut) return
    event.preventDefault()
    event.stopPropagation()
    if (next !== undefined) setSize(next)
    else giveBack()
  }

  return (
    <div className="flex h-full min-h-0 flex-col" onKeyDownCapture={onKeyDownCapture}>
      <div className="flex min-h-9 flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-1">
        <Button
          ref={toggle}
          size="sm"
          variant={isControlled ? 'primary' : 'secondary'}
          icon={<MonitorIcon />}
          disabled={!isReady}
          aria-keyshortcuts={isControlled ? wayOut : undefined}
          trailing={isControlled ? <Kbd keys={wayOut} /> : undefined}
          onClick={isControlled ? giveBack : take}
        >
          {isControlled ? 'Give back control' : 'Take control'}
        </Button>
        <span role="status" className={isControlled ? 'sr-only' : 'cut min-w-0 flex-1 text-sm text-fg-2'}>
          {isControlled
            ? 'Keys go to the desktop. Shift and Escape give back control.'
            : isReady
              ? 'You only watch.'
              : 'Waiting for the picture'}
        </span>
        <span className="ml-auto" />
        <Segmented
          aria-label="Size of the desktop"
          options={[
            { value: 'fit', label: 'Fit' },
            { value: 'native', label: '100%' },
          ]}
          value={size}
          onChange={setSize}
        />
        {onOwnWindow === undefined ? null : (
          <IconButton
            size="sm"
            label="Show it in its own window"
            icon={<AppWindowIcon />}
            onClick={onOwnWindow}
          />
        )}
      </div>
      <div
        ref={parent}
        role="group"
        aria-label="Desktop of the workspace"
        data-terminal-keys={isControlled ? '' : undefined}
        className={
          isControlled
            ? 'min-h-0 flex-1 bg-sunken outline-2 -outline-offset-2 outline-accent'
            : 'min-h-0 flex-1 bg-sunken'
        }
      />
    </div>
  )
}
