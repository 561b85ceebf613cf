import { usersRoutes } from '../../contract/users.ts'
import { ApiError } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { Organizations } from '../services/organizations.ts'
import type { SignInByPassword } from '../services/password-sign-in.ts'
import type { Sessions } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'
import { clearedSessionCookie, sessionCookie } from './credential.ts'
import { jsonAnswer } from './json-answer.ts'

export interface UserHandlerDeps {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly signIn: SignInByPassword
  readonly organizations: Organizations
  /** Runs once, after the first user was made: the shipped templates need an owner. */
  readonly onFirstUser: (userId: string) => Promise<void>
}

/** The first account, and signing in and out. */
export function userHandlers({ accounts, sessions, signIn, organizations, onFirstUser }: UserHandlerDeps) {
  return [
    ...bound(usersRoutes, {
      getFirst() {
        if (accounts.hasAny()) return { message: 'The initial user has already been created!' }
        throw new ApiError(404, { message: 'The initial user has not been created!' })
      },
      async createFirst({ body, audit }) {
        const refusal = new ApiError(409, { message: 'The initial user has already been created.' })
        if (accounts.hasAny()) throw refusal
        const user = await accounts.createFirst({ ...body, role: 'owner' })
        if (!user) throw refusal
        audit({
          resourceType: 'user',
          resourceId: user.id,
          resourceTarget: user.username,
          action: 'create',
          userId: user.id,
        })
        await onFirstUser(user.id)
        return { user_id: user.id, organization_id: organizations.default().id }
      },
      authMethods: () => ({
        password: { enabled: true },
        github: { enabled: false, default_provider_configured: false },
        oidc: { enabled: false, signInText: '', iconUrl: '' },
      }),
      async login({ body, audit }) {
        const { token } = await signIn(body, audit)
        return jsonAnswer(201, { session_token: token }, { 'set-cookie': sessionCookie(token) })
      },
      logout({ actor, audit }) {
        sessions.end(actor.keyId)
        audit({
          resourceType: 'api_key',
          resourceId: actor.keyId,
          resourceTarget: actor.user.username,
          action: 'logout',
        })
        return jsonAnswer(200, { message: 'Logged out!' }, { 'set-cookie': clearedSessionCookie })
      },
      get: ({ params, actor }) => accounts.toWire(accounts.find(params.user, actor)),
    }),
  ]
}
