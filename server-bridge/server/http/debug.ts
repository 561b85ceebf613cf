import { debugRoutes } from '../../contract/debug.ts'
import type { Health } from '../services/health.ts'
import { bound } from './bind-routes.ts'
import { readCredential } from './credential.ts'
import { requireAdmin } from './deployment-admin.ts'

const SETTINGS_ID = '00000000-0000-0000-0000-000000000000'
/** What a reader that does not read its echoes may make us keep. */
const MAX_BUFFERED_BYTES = 1024 * 1024

/** Checks of the deployment itself. */
export function debugHandlers({ health }: { readonly health: Health }) {
  return bound(debugRoutes, {
    health({ query, actor, request }) {
      requireAdmin(actor, 'read', 'debug_info')
      const token = readCredential(request.headers, new URL(request.url).searchParams) ?? ''
      return health.report(token, query.force === true)
    },
    getHealthSettings({ actor }) {
      requireAdmin(actor, 'read', 'debug_info')
      return { dismissed_healthchecks: health.dismissed() }
    },
    setHealthSettings({ body, actor, audit }) {
      requireAdmin(actor, 'update', 'deployment_config')
      const wanted = [...new Set(body.dismissed_healthchecks)].toSorted()
      if (wanted.join() === health.dismissed().join()) return new Response(null, { status: 304 })
      health.setDismissed(wanted)
      audit({
        resourceType: 'health_settings',
        resourceId: SETTINGS_ID,
        resourceTarget: '',
        action: 'write',
      })
      return { dismissed_healthchecks: wanted }
    },
    echo({ actor }) {
      requireAdmin(actor, 'read', 'debug_info')
      return (socket) =>
        socket.on('message', (data: Buffer, isBinary) => {
          if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate()
          else socket.send(data, { binary: isBinary })
        })
    },
  })
}
