import { signInRoutes } from '../../contract/sign-in.ts'
import { ApiError, badRequest, forbidden } from '../api-error.ts'
import { type Accounts, requireStrongPassword } from '../services/accounts.ts'
import { passwordMatches, passwordProblem } from '../services/passwords.ts'
import { bound } from './bind-routes.ts'

/**
 * Ways to sign in that this deployment does not have, answered as a Coder without them does: no mailer, so no passcode
 * is ever sent and every passcode is wrong; no OIDC, so nothing to convert to.
 */
export function signInHandlers(accounts: Accounts) {
  return bound(signInRoutes, {
    validatePassword({ body }) {
      const problem = passwordProblem(body.password)
      return { valid: problem === undefined, details: problem ?? '' }
    },
    requestPasscode: () => undefined,
    changePasswordWithPasscode({ body }) {
      requireStrongPassword(body.password)
      throw badRequest('Incorrect email or one-time passcode.')
    },
    oidcClaims: () => {
      throw badRequest('User is not an OIDC user.')
    },
    loginType({ params, actor }) {
      const user = accounts.find(params.user, actor)
      if (user.id !== actor.user.id) {
        throw forbidden("You are not authorized to view another user's login type.")
      }
      return { login_type: user.login_type }
    },
    async convertLogin({ params, body, actor }) {
      const user = accounts.find(params.user, actor)
      if (user.id !== actor.user.id) throw forbidden()
      if (!(await passwordMatches(body.password, user.password_hash))) {
        throw new ApiError(401, { message: 'Incorrect email or password.' })
      }
      throw badRequest(`This deployment has no sign-in of the type ${JSON.stringify(body.to_type)}.`)
    },
  })
}
