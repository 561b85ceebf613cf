import { defineRoute, type HttpMethod } from '../../contract/route.ts'
import { ApiError } from '../api-error.ts'
import { bound } from './bind-routes.ts'

const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const MOVED: Readonly<Record<string, string>> = {
  providers: '/api/v2/ai/providers',
  'user-provider-configs': '/api/v2/users/{user}/ai-provider-keys',
}

/** Where older servers had providers (agents-api 2). */
export function goneChatHandlers() {
  return Object.entries(MOVED).flatMap(([name, place]) =>
    [`/api/experimental/chats/${name}`, `/api/experimental/chats/${name}/{rest}`].flatMap((path) =>
      METHODS.flatMap((method) => {
        const route = defineRoute({ method, path, auth: 'user', status: 410, errors: [401] })
        return bound(
          { route },
          {
            route: () => {
              throw new ApiError(410, { message: `This has moved to ${place}.` })
            },
          },
        )
      }),
    ),
  )
}
