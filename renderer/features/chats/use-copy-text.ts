import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'

/** Puts a text on the clipboard, and says when it is not there. */
export function useCopyText(): (text: string) => void {
  const { client } = useApi()
  return (text) => {
    client.call('app.copyText', { text }).catch((error: unknown) => {
      toast({ tone: 'bad', title: 'Not copied', detail: errorWords(error).message })
    })
  }
}
