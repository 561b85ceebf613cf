import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'

export interface ChatPlace {
  readonly deploymentId: string
  readonly chatId: string
}

/** Opens the window of a chat's desktop, or brings it forward. */
export function useShowOwnWindow(chat: ChatPlace): () => void {
  const { client } = useApi()
  return () => {
    client.call('desktopWindows.show', chat).catch((error: unknown) => {
      toast({ tone: 'bad', title: 'The desktop has no window of its own', detail: errorWords(error).message })
    })
  }
}
