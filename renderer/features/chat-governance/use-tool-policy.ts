import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { ToolPolicy } from '#bridge/contract/chats-approvals'
import { useApi } from '../../api/api-context.tsx'
import type { Input, Output } from '../../api/procedure-types.ts'
import { useRead } from '../../api/use-call.ts'
import { toast } from '../../ui/toast-store.ts'
import { toastFailure } from '../ai-models/index.ts'
import { ruleAt, type RulePlace, sentRules, withRule } from './tool-policy.ts'

export type Whose = Input<'chatGovernance.toolPolicy'>['whose']
export type Policy = Output<'chatGovernance.toolPolicy'>

/** The rules for tools of one side, as the deployment has them. */
export function useToolPolicy(deploymentId: string, whose: Whose) {
  return useRead('chatGovernance.toolPolicy', { deploymentId, whose })
}

/** `said`: what happened, for the toast. */
export type SetRule = (place: RulePlace, policy: ToolPolicy | undefined, said: string) => void

/**
 * Sets a rule, or takes it away. It is shown at once and saved at once, one change after the other since each save
 * replaces all rules; a toast takes it back. When it cannot be saved, what the deployment has is shown again.
 */
export function useSetRule(deploymentId: string, whose: Whose): SetRule {
  const { client } = useApi()
  const cache = useQueryClient()
  const running = useRef<Promise<unknown>>(Promise.resolve())
  const key = ['chatGovernance.toolPolicy', { deploymentId, whose }]
  const save = async (): Promise<void> => {
    const present = cache.getQueryData<Policy>(key)
    if (present === undefined) return
    const policy = { rules: sentRules(present.rules) }
    await client.call('chatGovernance.setToolPolicy', { deploymentId, whose, policy })
  }
  const set: SetRule = (place, policy, said) => {
    const before = cache.getQueryData<Policy>(key)
    if (before === undefined) return
    const previous = ruleAt(before.rules, place)
    // An older answer that is under way must not put the old rule back.
    void cache.cancelQueries({ queryKey: key })
    cache.setQueryData<Policy>(key, { ...before, rules: withRule(before.rules, place, policy) })
    running.current = running.current.then(save).then(
      async () => {
        toast({
          key: 'tool-rule',
          tone: 'ok',
          title: said,
          action: { label: 'Undo', onSelect: () => set(place, previous, 'The rule is as it was') },
        })
        // What holds without own rules follows the deployment's.
        if (whose === 'deployment')
          await cache.invalidateQueries({
            queryKey: ['chatGovernance.toolPolicy', { deploymentId, whose: 'own' }],
          })
      },
      async (error: unknown) => {
        toastFailure('The rule is not saved')(error)
        await cache.invalidateQueries({ queryKey: key })
      },
    )
  }
  return set
}
