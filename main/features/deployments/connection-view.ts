/** What a connection shows of itself. */
import type { User } from '#bridge/contract/users'
import type { Deployment, DeploymentState } from '#ipc/deployments'

export interface ConnectionView {
  readonly state: DeploymentState
  readonly url: string
  readonly version: string | null
  readonly user: Deployment['user']
}

/** The signed-in user as the window shows them. */
export function signedInUser(user: User): NonNullable<Deployment['user']> {
  return {
    id: user.id,
    username: user.username,
    name: user.name ?? '',
    isOwner: user.roles.some((role) => role.name === 'owner'),
  }
}
