import { chatAdvisorRoutes } from '../../contract/chats-advisor.ts'
import { advisorExperiment, type Experiment } from '../../contract/experiments.ts'
import { forbidden } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { Advisor } from '../services/chats/advisor.ts'
import { bound } from './bind-routes.ts'
import { experimentIsOff } from './experiment-is-off.ts'

export interface ChatAdvisorHandlerDeps {
  readonly advisor: Advisor
  readonly experiments: readonly Experiment[]
}

/** How an administrator wants the advisor of agents; everybody reads it. */
export function chatAdvisorHandlers({ advisor, experiments }: ChatAdvisorHandlerDeps) {
  const requireAdvisor = (): void => {
    if (!experiments.includes(advisorExperiment)) throw experimentIsOff(advisorExperiment)
  }
  return bound(chatAdvisorRoutes, {
    get() {
      requireAdvisor()
      return advisor.config()
    },
    update({ actor, body }) {
      if (!mayAct(actor, 'update', { type: 'deployment_config' })) throw forbidden()
      requireAdvisor()
      advisor.update(body)
      return undefined
    },
  })
}
