import { errorWords } from '../api/error-words.ts'
import type { RpcClient } from '../api/rpc-client.ts'
import { toast } from '../ui/toast-store.ts'

/** Opens a link in the browser through main's one gate. `source` decides whether the user is asked first. */
export function openLink(client: RpcClient, url: string, source: 'app' | 'terminal' | 'content'): void {
  client.call('app.openExternal', { url, source }).catch((error: unknown) => {
    toast({ tone: 'bad', title: 'The link is not opened', detail: errorWords(error).message })
  })
}
