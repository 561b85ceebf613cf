import { dynamicParametersRoutes } from '../../contract/dynamic-parameters.ts'
import { isUuid } from '../../contract/uuid.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { badRequest } from '../api-error.ts'
import type { DynamicParameters } from '../services/dynamic-parameters.ts'
import type { Actor } from '../services/sessions.ts'
import type { ReadableTemplates } from '../services/readable-templates.ts'
import { serveDynamicParameters } from '../ws/dynamic-parameters-socket.ts'
import { bound } from './bind-routes.ts'

export interface DynamicParameterHandlerDeps {
  readonly readable: ReadableTemplates
  readonly dynamicParameters: DynamicParameters
  readonly clock: Clock
  readonly logger: Logger
}

/** `me`, a uuid, or nothing for the caller. @throws {ApiError} 400 for anything else. */
function ownerOf(userId: string | undefined, actor: Actor): string {
  if (userId === undefined || userId === 'me') return actor.user.id
  if (isUuid(userId)) return userId.toLowerCase()
  throw badRequest('Query parameters have invalid values.', `"${userId}" is neither a uuid nor "me".`)
}

export function dynamicParameterHandlers(deps: DynamicParameterHandlerDeps) {
  const { readable, dynamicParameters, clock, logger } = deps
  return bound(dynamicParametersRoutes, {
    connect({ params, query, actor }) {
      const version = readable.version(params.templateversion, actor)
      const ownerId = ownerOf(query.user_id, actor)
      const session = dynamicParameters.open(version, actor)
      return (socket) =>
        serveDynamicParameters(socket, {
          session,
          ownerId,
          clock,
          logFailure: (error) => logger.error('Parameters could not be evaluated', { error: String(error) }),
        })
    },
    evaluate({ params, body, actor }) {
      const session = dynamicParameters.open(readable.version(params.templateversion, actor), actor)
      // Always 0, whatever the request says.
      return session.evaluate({ id: 0, inputs: body.inputs, ownerId: body.owner_id })
    },
  })
}
