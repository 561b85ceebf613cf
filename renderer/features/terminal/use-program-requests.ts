import { useEffect, useState } from 'react'
import { useChange } from '../../api/use-call.ts'
import { useSettings } from '../settings/index.ts'
import type { CommandEnd } from './command-marks.ts'
import type { Clipboard } from './clipboard.ts'
import type { TerminalTab } from './terminal-groups.ts'
import type { TerminalSession } from './terminal-session.ts'
import { useTerminals } from './terminals-context.tsx'

export interface AnsweredRequests {
  /** What a program wants in the clipboard, while the user has not said whether it may. */
  readonly clipboard: string | undefined
  /** Holds for this terminal until it is closed. */
  readonly allowClipboard: (allowed: boolean) => void
  /** The bell rang; shown for a moment. */
  readonly isRinging: boolean
}

const ringMs = 200

/** Answers what programs ask of the window: by the settings, or by asking the user. */
export function useProgramRequests(
  tab: TerminalTab,
  session: TerminalSession,
  clipboard: Clipboard,
): AnsweredRequests {
  // Whether main did it is not told: a bell and a notification are no more than that.
  const attention = useChange('app.askAttention')
  const notification = useChange('app.notifyCommandEnd')
  const terminals = useTerminals()
  const { settings } = useSettings()
  const [wanted, setWanted] = useState<string>()
  const [isRinging, setRinging] = useState(false)
  const { screen } = session
  const { bell, notifyAfterSeconds } = settings.terminal

  const onClipboard = (text: string): void => {
    // What is replayed after a new connection was asked for long ago.
    if (session.isReplaying()) return
    if (session.clipboardAllowed === undefined) setWanted(text)
    else if (session.clipboardAllowed) void clipboard.copy(text)
  }
  const onBell = (): void => {
    if (bell === 'off' || session.isReplaying()) return
    setRinging(true)
    if (bell === 'attention' && !isLookedAt()) attention.mutate({})
  }
  const onCommandEnd = ({ durationMs, exitCode }: CommandEnd): void => {
    const seconds = Math.round(durationMs / 1000)
    if (notifyAfterSeconds === 0 || seconds < notifyAfterSeconds || isLookedAt() || session.isReplaying())
      return
    const { deploymentId, workspaceId, workspaceName } = tab
    notification.mutate({ deploymentId, workspaceId, workspaceName, seconds, exitCode: exitCode ?? null })
  }
  useEffect(() => screen.onClipboardWrite(onClipboard))
  useEffect(() => screen.onBell(onBell))
  useEffect(() => screen.onCommandEnd(onCommandEnd))
  useEffect(
    () => screen.onDirectory((path) => terminals.setDirectory(tab.key, path)),
    [screen, terminals, tab.key],
  )
  useEffect(() => {
    if (!isRinging) return undefined
    const timer = setTimeout(() => setRinging(false), ringMs)
    return () => clearTimeout(timer)
  }, [isRinging])

  return {
    clipboard: wanted,
    allowClipboard: (allowed) => {
      session.allowClipboard(allowed)
      if (allowed && wanted !== undefined) void clipboard.copy(wanted)
      setWanted(undefined)
      screen.focus()
    },
    isRinging,
  }
}

function isLookedAt(): boolean {
  return !document.hidden && document.hasFocus()
}
