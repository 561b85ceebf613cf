import { gitSshKeyRoutes, type UserSecret, userSecretsRoutes } from '../../contract/user-secrets.ts'
import { notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import { mayAct, type ResourceType } from '../services/authorization.ts'
import type { GitSshKeys } from '../services/git-ssh-keys.ts'
import type { Actor, UserRow } from '../services/sessions.ts'
import type { UserSecrets } from '../services/user-secrets.ts'
import { bound } from './bind-routes.ts'

export interface UserSecretHandlerDeps {
  readonly accounts: Accounts
  readonly secrets: UserSecrets
  readonly gitKeys: GitSshKeys
}

/** Only the account itself: an owner of the deployment looks after accounts, not into them. */
function findSelf(accounts: Accounts, reference: string, actor: Actor, type: ResourceType): UserRow {
  const user = accounts.find(reference, actor)
  if (user.id !== actor.user.id || !mayAct(actor, 'read', { type, ownerId: user.id })) throw notFound()
  return user
}

const auditOf = (secret: UserSecret, action: AuditEntry['action']): AuditEntry => ({
  resourceType: 'user_secret',
  resourceId: secret.id,
  resourceTarget: secret.name,
  action,
})

/** Secrets and the git key of an account. */
export function userSecretHandlers({ accounts, secrets, gitKeys }: UserSecretHandlerDeps) {
  const self = (reference: string, actor: Actor): string =>
    findSelf(accounts, reference, actor, 'user_secret').id
  return [
    ...bound(userSecretsRoutes, {
      list: ({ params, actor }) => secrets.list(self(params.user, actor)),
      get: ({ params, actor }) => secrets.get(self(params.user, actor), params.name),
      create({ params, body, actor, audit }) {
        const secret = secrets.create(self(params.user, actor), body)
        audit(auditOf(secret, 'create'))
        return secret
      },
      import({ params, body, actor, audit }) {
        const made = secrets.importFile(self(params.user, actor), body.format, body.content)
        for (const secret of made) audit(auditOf(secret, 'create'))
        return made
      },
      update({ params, body, actor, audit }) {
        const secret = secrets.update(self(params.user, actor), params.name, body)
        audit(auditOf(secret, 'write'))
        return secret
      },
      delete({ params, actor, audit }) {
        audit(auditOf(secrets.remove(self(params.user, actor), params.name), 'delete'))
        return undefined
      },
    }),
    ...bound(gitSshKeyRoutes, {
      get: ({ params, actor }) => gitKeys.get(findSelf(accounts, params.user, actor, 'user').id),
      renew({ params, actor, audit }) {
        const user = findSelf(accounts, params.user, actor, 'user')
        const key = gitKeys.renew(user.id)
        audit({
          resourceType: 'git_ssh_key',
          resourceId: user.id,
          resourceTarget: user.username,
          action: 'write',
        })
        return key
      },
    }),
  ]
}
