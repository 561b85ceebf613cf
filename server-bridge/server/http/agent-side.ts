import { agentSideRoutes } from '../../contract/agent-runtime.ts'
import { workspaceAppStatusStates } from '../../contract/workspace-apps.ts'
import { isZeroUuid } from '../../contract/zero-values.ts'
import { ApiError, badRequest } from '../api-error.ts'
import type { AgentLogs } from '../services/agent-logs.ts'
import type { AppStatuses } from '../services/app-statuses.ts'
import type { GitSshKeys } from '../services/git-ssh-keys.ts'
import { bound } from './bind-routes.ts'

export interface AgentSideDeps {
  readonly logs: AgentLogs
  readonly statuses: AppStatuses
  readonly gitKeys: Pick<GitSshKeys, 'forAgents'>
}

const LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'error'])
const MAX_MESSAGE_CHARS = 160

/** What an agent may do by plain requests (stable-api, "Agent-side REST"). Not audited: it is no person's doing. */
export function agentSideHandlers({ logs, statuses, gitKeys }: AgentSideDeps) {
  return bound(agentSideRoutes, {
    patchLogs({ agent: { agent }, body }) {
      if (body.logs.length === 0) throw badRequest('No logs provided.')
      const lines = body.logs.map((line) => ({ ...line, level: line.level === '' ? 'info' : line.level }))
      if (lines.some(({ level }) => !LEVELS.has(level))) throw badRequest('Invalid log level provided.')
      const isDefault = isZeroUuid(body.log_source_id)
      if (!isDefault && !logs.hasSource(agent.id, body.log_source_id)) {
        throw badRequest('The log source does not exist: make it first.')
      }
      const log_source_id = isDefault ? logs.defaultSource(agent.id) : body.log_source_id
      const hadRoom = logs.append(
        agent.id,
        lines.map((line) => ({ ...line, log_source_id })),
      )
      if (!hadRoom) throw new ApiError(413, { message: 'Logs limit exceeded' })
      return undefined
    },
    addLogSource({ agent: { agent }, body }) {
      logs.addSource(agent.id, body)
      return body
    },
    gitSshKey({ agent: { agent, ownerId } }) {
      // The template's `api_key_scope` (terraform-provider-coder, resource coder_agent): the agent's scope has no user
      // data then, which Coder's handler of this route answers with 403 (coderd/gitsshkey.go).
      if (agent.api_key_scope === 'no_user_data') throw new ApiError(403, { message: 'Forbidden.' })
      return gitKeys.forAgents(ownerId)
    },
    patchAppStatus({ agent: place, body }) {
      if (!workspaceAppStatusStates.some((state) => state === body.state)) {
        throw new ApiError(400, {
          message: 'Invalid state provided.',
          detail: `invalid state: ${JSON.stringify(body.state)}`,
          validations: [
            { field: 'state', detail: `State must be one of: ${workspaceAppStatusStates.join(', ')}.` },
          ],
        })
      }
      if ([...body.message].length > MAX_MESSAGE_CHARS) {
        throw new ApiError(400, {
          message: 'Message is too long.',
          detail: `Message must be less than ${MAX_MESSAGE_CHARS} characters.`,
          validations: [
            { field: 'message', detail: `Message must be less than ${MAX_MESSAGE_CHARS} characters.` },
          ],
        })
      }
      if (!statuses.add(place, body)) {
        throw new ApiError(400, {
          message: 'Failed to get workspace app.',
          detail: `No app found with slug ${JSON.stringify(body.app_slug)}`,
        })
      }
      return undefined
    },
  })
}
