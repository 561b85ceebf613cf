import { useQueryClient } from '@tanstack/react-query'
import type { UserSkillMetadata } from '#bridge/contract/user-skills'
import { useChange, useRead } from '../../api/use-call.ts'

/** What the user taught the agents of their chats; null where the deployment has no such skills. */
export function useSkills(deploymentId: string) {
  return useRead('ownAgents.skills', { deploymentId })
}

/** Whether there is something to show of them: the skills, or why they cannot be read. */
export function useHasSkills(deploymentId: string): boolean {
  const { isError, data } = useSkills(deploymentId)
  return isError || (data !== undefined && data !== null)
}

const none: readonly UserSkillMetadata[] = []

/** The same for who can do without. */
export function useKnownSkills(deploymentId: string): readonly UserSkillMetadata[] {
  return useSkills(deploymentId).data ?? none
}

/** Writes, changes and deletes skills. What is known of them is brought up to date, also after a failure. */
export function useSkillChanges(deploymentId: string) {
  const cache = useQueryClient()
  const options = {
    onSettled: () =>
      Promise.all(
        ['ownAgents.skills', 'ownAgents.skill'].map((name) =>
          cache.invalidateQueries({ queryKey: [name, { deploymentId }] }),
        ),
      ),
  }
  return {
    create: useChange('ownAgents.createSkill', options),
    update: useChange('ownAgents.updateSkill', options),
    remove: useChange('ownAgents.deleteSkill', options),
  }
}
