import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { ChatPreferences } from '#ipc/own-agents'
import { useApi } from '../../api/api-context.tsx'
import type { Output } from '../../api/procedure-types.ts'
import { useRead } from '../../api/use-call.ts'
import { toast } from '../../ui/toast-store.ts'
import { toastFailure } from '../ai-models/index.ts'

type Told = Output<'ownAgents.preferences'>
/** One toast for all of these settings, since several are often chosen one after the other. */
export const settingToast = 'own-agents'

export type Preference = keyof ChatPreferences

/** How the user wants chats on the deployment; null where it keeps no preferences. */
export function usePreferences(deploymentId: string | undefined) {
  return useRead('ownAgents.preferences', deploymentId === undefined ? undefined : { deploymentId })
}

/** The words that this app can send. */
const known: ReadonlySet<string> = new Set([
  ...['auto', 'preview', 'always_expanded', 'always_collapsed'],
  ...['enter', 'modifier_enter'],
])

/** `said`: what happened, for the toast. */
export type SetPreference = <P extends Preference>(name: P, value: ChatPreferences[P], said: string) => void

/**
 * Changes a preference. It holds at once and is saved at once, one change after the other; a toast takes it back. When it
 * cannot be saved, what the deployment has holds again.
 */
export function useSetPreference(deploymentId: string): SetPreference {
  const { client } = useApi()
  const cache = useQueryClient()
  const running = useRef<Promise<unknown>>(Promise.resolve())
  const key = ['ownAgents.preferences', { deploymentId }]
  const set: SetPreference = (name, value, said) => {
    const previous = cache.getQueryData<Told>(key)?.[name]
    // An older answer that is under way must not put the old choice back.
    void cache.cancelQueries({ queryKey: key })
    const show = (next: string | undefined) =>
      cache.setQueryData<Told>(key, (told) => (told ? { ...told, [name]: next } : told))
    show(value)
    running.current = running.current
      .then(() => client.call('ownAgents.setPreferences', { deploymentId, changes: { [name]: value } }))
      .then(
        () =>
          toast({
            ...{ key: settingToast, tone: 'ok', title: said },
            // A word that only a newer deployment knows cannot be sent back.
            ...(previous === undefined || !known.has(previous)
              ? {}
              : {
                  action: {
                    label: 'Undo',
                    onSelect: () => set(name, previous as typeof value, 'It is as it was'),
                  },
                }),
          }),
        async (error: unknown) => {
          toastFailure('The choice is not saved')(error)
          show(previous)
          await cache.invalidateQueries({ queryKey: key })
        },
      )
  }
  return set
}
