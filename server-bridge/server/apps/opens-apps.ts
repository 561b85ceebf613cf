import { mayAct } from '../services/authorization.ts'
import type { HostedApp } from '../services/hosted-apps.ts'
import type { Actor } from '../services/sessions.ts'

/** Whether the key of the caller is one for apps, and for this workspace where it is narrowed to some. */
export function opensApps(actor: Actor, { workspaceId }: HostedApp): boolean {
  return mayAct(actor, 'application_connect', {
    type: 'workspace',
    ownerId: actor.user.id,
    id: workspaceId,
  })
}
