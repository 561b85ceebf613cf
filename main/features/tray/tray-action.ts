/** What a click in the tray means, carried as the id of its item. */
import { z } from 'zod'

const workspaceTarget = { deploymentId: z.string(), workspaceId: z.string() }
const trayActionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open') }),
  z.strictObject({ kind: z.literal('quit') }),
  z.strictObject({ kind: z.literal('more'), deploymentId: z.string() }),
  z.strictObject({ kind: z.literal('start'), ...workspaceTarget }),
  z.strictObject({ kind: z.literal('stop'), ...workspaceTarget }),
  z.strictObject({ kind: z.literal('show'), ...workspaceTarget }),
  z.strictObject({ kind: z.literal('tunnel'), tunnelId: z.string(), enabled: z.boolean() }),
  z.strictObject({ kind: z.literal('terminal'), ...workspaceTarget }),
  z.strictObject({ kind: z.literal('chat'), deploymentId: z.string(), chatId: z.string() }),
])
export type TrayAction = z.output<typeof trayActionSchema>

/** The id of an item that means this action. */
export function trayAction(action: TrayAction): string {
  return JSON.stringify(action)
}

/** The action of an item's id. */
export function parseTrayAction(id: string): TrayAction {
  return trayActionSchema.parse(JSON.parse(id))
}
