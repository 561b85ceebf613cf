import type { Deployment } from '#ipc/deployments'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SparkleIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { plainText } from '../../lib/plain-text.ts'
import { useWindowActions } from '../window/index.ts'
import { useChatModels } from './use-chats.ts'

interface ModelLack {
  readonly title: string
  readonly text: string
}

/** Why no message can be sent for want of a model; undefined when one can be, or while that is not known. */
function useModelLack(deployment: Deployment): ModelLack | undefined {
  const { data } = useChatModels(deployment.id)
  if (data === undefined || data.models.some(({ unavailable }) => unavailable === undefined)) return undefined
  const isAdmin = deployment.user?.isOwner === true
  const way = isAdmin
    ? 'Set up a provider with its key, and a model of it.'
    : `Ask an administrator of ${deployment.name} to set one up.`
  const [first] = data.models
  if (first?.unavailable === undefined)
    return { title: 'No model is set up', text: `Agents need a model. ${way}` }
  return {
    title: 'No model can be used',
    text: `${plainText(first.displayName || first.model, 60)}: ${plainText(first.unavailable, 200)} ${isAdmin ? '' : way}`.trim(),
  }
}

function SetUpModels({ size }: { readonly size?: 'sm' }) {
  const actions = useWindowActions()
  return (
    <Button size={size} variant={size === undefined ? 'primary' : 'secondary'} onClick={actions.goToModels}>
      Set up models
    </Button>
  )
}

/** Above the text of a chat whose deployment has no model. */
export function NoModelNotice({ deployment }: { readonly deployment: Deployment }) {
  const lack = useModelLack(deployment)
  if (lack === undefined) return null
  return (
    <Notice
      tone="warn"
      title={lack.title}
      className="mb-2"
      actions={deployment.user?.isOwner === true ? <SetUpModels size="sm" /> : undefined}
    >
      {lack.text}
    </Notice>
  )
}

/** In place of the start page of a deployment without a model; nothing where it has one. */
export function useNoModelPage(deployment: Deployment) {
  const lack = useModelLack(deployment)
  if (lack === undefined) return undefined
  return (
    <EmptyState
      icon={<SparkleIcon />}
      tone="warn"
      title={lack.title}
      actions={deployment.user?.isOwner === true ? <SetUpModels /> : undefined}
    >
      {lack.text}
    </EmptyState>
  )
}
