import { ApiError } from '../api-error.ts'
import type { Accounts } from './accounts.ts'
import type { AuditEntry } from './audit.ts'
import { passwordMatches } from './passwords.ts'
import type { Sessions, UserRow } from './sessions.ts'

export interface PasswordAttempt {
  readonly email: string
  readonly password: string
}

/**
 * Signs in by password and makes a session. Attempts on an account that exists go to `audit`, also those that fail.
 *
 * @throws {ApiError} 401, 403: its message is for the person who tries.
 */
export type SignInByPassword = (
  attempt: PasswordAttempt,
  audit: (entry: AuditEntry) => void,
) => Promise<{ readonly user: UserRow; readonly token: string }>

export function createPasswordSignIn(accounts: Accounts, sessions: Sessions): SignInByPassword {
  return async ({ email, password }, audit) => {
    const user = accounts.findByEmail(email)
    // Compared also for nobody, so that the time of the answer does not tell who has an account.
    const matches = await passwordMatches(password, user?.password_hash ?? null)
    if (user) {
      audit({
        resourceType: 'api_key',
        resourceId: user.id,
        resourceTarget: user.username,
        action: 'login',
        userId: user.id,
      })
    }
    // Read again: a password that was changed meanwhile ended every session, and this one must not come after that.
    const current = accounts.findByEmail(email)
    if (!current || !matches || current.password_hash !== user?.password_hash) {
      throw new ApiError(401, { message: 'Incorrect email or password.' })
    }
    if (current.status === 'suspended') {
      throw new ApiError(401, {
        message: 'Your account is suspended. Contact an admin to reactivate your account.',
      })
    }
    if (current.login_type !== 'password') {
      throw new ApiError(403, {
        message: `Incorrect login type, attempting to use "password" but user is of login type "${current.login_type}"`,
      })
    }
    return { user: current, token: sessions.create(current.id, { loginType: 'password' }).token }
  }
}
