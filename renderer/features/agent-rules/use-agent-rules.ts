import { useQueryClient } from '@tanstack/react-query'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'

/** What can be changed for all agents; each brings what is shown up to date, also when somebody else was faster. */
export function useRuleChanges(deploymentId: string) {
  const cache = useQueryClient()
  const refresh = (...names: readonly string[]) => ({
    onSettled: () =>
      Promise.all(names.map((name) => cache.invalidateQueries({ queryKey: [name, { deploymentId }] }))),
  })
  const instructions = refresh('agentRules.instructions')
  const models = refresh('agentRules.models')
  return {
    setSystemPrompt: useChange('agentRules.setSystemPrompt', instructions),
    setPlanMode: useChange('agentRules.setPlanMode', instructions),
    setLifecycle: useChange('agentRules.setLifecycle', refresh('agentRules.lifecycle')),
    setTemplates: useChange('agentRules.setTemplates', refresh('agentRules.templates')),
    setTaskModel: useChange('agentRules.setTaskModel', models),
    setAdvisor: useChange('agentRules.setAdvisor', refresh('agentRules.advisor')),
    setPersonalModels: useChange('agentRules.setPersonalModels', models),
  }
}

/** Why a setting is not saved. Nothing where a notice says already that somebody else was faster. */
export function refusalOf(
  change: { readonly error: Error | null },
  draft: { readonly isChanged: boolean },
): string | undefined {
  if (change.error === null) return undefined
  if (draft.isChanged && hasCode<'agentRules.setSystemPrompt'>(change.error, 'changed_meanwhile'))
    return undefined
  return errorWords(change.error).message
}
