import { errorWords } from '../../api/error-words.ts'
import type { RpcClient } from '../../api/rpc-client.ts'
import { toast } from '../../ui/toast-store.ts'

export interface Clipboard {
  readonly copy: (text: string) => Promise<void>
  /** Empty when it cannot be read. */
  readonly read: () => Promise<string>
  /** A picture as PNG; `undefined` where there is none. */
  readonly readImage: () => Promise<Uint8Array<ArrayBuffer> | undefined>
}

/** The system's clipboard through main, on an action of the user only. Failures are told, not thrown. */
export function createClipboard(client: RpcClient): Clipboard {
  const tell = (title: string) => (error: unknown) => {
    toast({ tone: 'bad', title, detail: errorWords(error).message })
  }
  return {
    copy: async (text) => {
      if (text !== '') await client.call('app.copyText', { text }).catch(tell('Nothing is copied'))
    },
    read: async () => {
      const answer = await client
        .call('app.readClipboardText', {})
        .catch(tell('The clipboard cannot be read'))
      return answer?.text ?? ''
    },
    readImage: async () => {
      const { png } = await client.call('app.readClipboardImage', {})
      return png === null ? undefined : Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
    },
  }
}
