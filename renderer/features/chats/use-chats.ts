import { useState } from 'react'
import type { ChatsList } from '#ipc/chats'
import { useRead } from '../../api/use-call.ts'
import { useSubscription, type SubscriptionResult } from '../../api/use-subscription.ts'

/** Roots that a list asks for more at a time. */
export const chatsPerPage = 50

/** Whether the deployment has chats, and what the user may do there. */
export function useChatSupport(deploymentId: string | undefined) {
  return useRead('chats.support', deploymentId === undefined ? undefined : { deploymentId })
}

/** The first chats of a deployment, shared by the page, the rail and the palette. */
export function useLatestChats(deploymentId: string | undefined): SubscriptionResult<ChatsList> {
  const { data: support } = useChatSupport(deploymentId)
  return useSubscription(
    'chats.watchList',
    deploymentId !== undefined && support?.chats === 'ready'
      ? { deploymentId, q: '', limit: chatsPerPage }
      : undefined,
  )
}

/** Chats that fit a query, live. What was known stays until the answer to another question is there. */
export function useChatList(
  deploymentId: string,
  { q, text }: { readonly q: string; readonly text: string },
  limit: number,
): SubscriptionResult<ChatsList> & { readonly isBehind: boolean } {
  const live = useSubscription('chats.watchList', {
    deploymentId,
    q,
    ...(text === '' ? {} : { text }),
    limit,
  })
  const [kept, setKept] = useState(live.data)
  if (live.data !== undefined && live.data !== kept) setKept(live.data)
  return { ...live, data: live.data ?? kept, isBehind: live.data === undefined }
}

/** The models of a deployment that chats can be made with. */
export function useChatModels(deploymentId: string) {
  return useRead('chats.models', { deploymentId })
}

/** The organizations that a new chat can be made in; fewer than two are no choice. */
export function useChatOrganizations(deploymentId: string) {
  return useRead('chats.organizations', { deploymentId })
}
