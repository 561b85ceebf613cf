import { createKept, useKept } from '../../lib/kept-state.ts'
import { isMac } from '../../lib/platform.ts'
import { useDeployments } from '../deployments/index.ts'
import { usePreferences, useSetPreference } from './use-preferences.ts'

export type SendKey = 'enter' | 'mod-enter'

/** Which key sends where the deployment keeps no such choice; Shift and Enter is always a new line. */
export const windowSendKey = createKept<SendKey>('chats.sendKey', 'enter', (stored) =>
  stored === 'enter' || stored === 'mod-enter' ? stored : undefined,
)

/** The key as it is written on this computer's keyboard. */
export function sendKeyName(key: SendKey): string {
  if (key === 'enter') return 'Enter'
  return isMac() ? '⌘ Enter' : 'Ctrl Enter'
}

const wordOf = { enter: 'enter', 'mod-enter': 'modifier_enter' } as const

/** The key that sends on the active deployment: its own choice, else the window's. */
export function useSendKey(): readonly [SendKey, (key: SendKey) => void] {
  const { active } = useDeployments()
  const ofWindow = useKept(windowSendKey)
  const { data: told } = usePreferences(active?.id)
  const setPreference = useSetPreference(active?.id ?? '')
  const word = told?.agent_chat_send_shortcut
  const key = word === 'modifier_enter' ? 'mod-enter' : word === 'enter' ? 'enter' : ofWindow
  const set = (next: SendKey): void => {
    if (next === key) return
    // Also what holds until the deployment has said its choice, and where it cannot be asked.
    windowSendKey.set(next)
    if (word !== undefined)
      setPreference('agent_chat_send_shortcut', wordOf[next], `${sendKeyName(next)} sends a message`)
  }
  return [key, set]
}
