import { type UserSkill, userSkillsRoutes } from '../../contract/user-skills.ts'
import { notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import { mayAct } from '../services/authorization.ts'
import type { UserSkills } from '../services/chats/user-skills.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'

const auditOf = (skill: UserSkill, action: AuditEntry['action']): AuditEntry => ({
  resourceType: 'user_skill',
  resourceId: skill.id,
  resourceTarget: skill.name,
  action,
})

/** What people taught the agents of their own chats; nobody else reads or changes it. */
export function userSkillHandlers({
  accounts,
  userSkills,
}: {
  readonly accounts: Accounts
  readonly userSkills: UserSkills
}) {
  const self = (reference: string, actor: Actor): string => {
    const user = accounts.find(reference, actor)
    const isOwn = user.id === actor.user.id
    if (!isOwn || !mayAct(actor, 'read', { type: 'user_skill', ownerId: user.id })) throw notFound()
    return user.id
  }
  return bound(userSkillsRoutes, {
    list: ({ params, actor }) =>
      userSkills.list(self(params.user, actor)).map(({ content: _, ...metadata }) => metadata),
    get({ params, actor }) {
      const skill = userSkills.find(self(params.user, actor), params.name)
      if (!skill) throw notFound()
      return skill
    },
    create({ params, body, actor, audit }) {
      const skill = userSkills.create(self(params.user, actor), body.content)
      audit(auditOf(skill, 'create'))
      return skill
    },
    update({ params, body, actor, audit }) {
      const skill = userSkills.update(self(params.user, actor), params.name, body.content)
      audit(auditOf(skill, 'write'))
      return skill
    },
    delete({ params, actor, audit }) {
      audit(auditOf(userSkills.remove(self(params.user, actor), params.name), 'delete'))
      return undefined
    },
  })
}
