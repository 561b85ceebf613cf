import type { RpcClient } from '../../api/rpc-client.ts'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'
import { oneLine } from './transcript/hostile-text.ts'

/** As much of a name as main takes; the end of a longer one says what kind of file it is. */
const maxName = 255

/** Saves a file of a chat where the user says, and tells how that went. */
export async function saveFile(
  client: RpcClient,
  deploymentId: string,
  fileId: string,
  name: string,
): Promise<void> {
  const known = name.slice(-maxName) || 'File'
  const shown = oneLine(known, 80)
  try {
    const { saved } = await client.call('chats.saveFile', { deploymentId, fileId, name: known })
    if (saved) toast({ tone: 'ok', title: `${shown} is saved` })
  } catch (error) {
    toast({ tone: 'bad', title: `${shown} is not saved`, detail: errorWords(error).message })
  }
}
