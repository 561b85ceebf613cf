/** Who may have the RPC port: the main frame of a window we made, showing our page, once per load. */
import { isAppUrl } from './origin.ts'

export type RpcSenderRefusal = 'unknown_window' | 'not_main_frame' | 'foreign_page' | 'already_connected'

export function refuseRpcSender(sender: {
  readonly isKnownWindow: boolean
  readonly isMainFrame: boolean
  readonly url: string
  readonly alreadyConnected: boolean
}): RpcSenderRefusal | undefined {
  if (!sender.isKnownWindow) return 'unknown_window'
  if (!sender.isMainFrame) return 'not_main_frame'
  if (!isAppUrl(sender.url)) return 'foreign_page'
  if (sender.alreadyConnected) return 'already_connected'
  return undefined
}
