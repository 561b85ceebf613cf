import { useState } from 'react'
import type { AIProvider } from '#bridge/contract/ai-providers'
import type { ChatModelConfig } from '#bridge/contract/chats-models'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { KeyRoundIcon, PencilIcon, PlusIcon, Trash2Icon } from '../../ui/icons.tsx'
import { Switch } from '../../ui/switch.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { toast } from '../../ui/toast-store.ts'
import { inWords, toastFailure } from './failure.tsx'
import { ModelTable } from './model-table.tsx'
import { kindOf, providerName } from './provider-kinds.ts'
import { useModelChanges } from './use-ai-models.ts'

export interface ProviderCardProps {
  readonly deploymentId: string
  readonly provider: AIProvider
  readonly models: readonly ChatModelConfig[]
  readonly onEdit: () => void
  readonly onAddModel: () => void
  readonly onEditModel: (model: ChatModelConfig) => void
}

/** One provider: what it is, its keys, whether it is used, and its models. */
export function ProviderCard(props: ProviderCardProps) {
  const { deploymentId, provider, models, onEdit, onAddModel } = props
  const [isDeleting, setIsDeleting] = useState(false)
  const { updateProvider } = useModelChanges(deploymentId)
  const name = providerName(provider)
  const kind = kindOf(provider.type)
  const switched = updateProvider.isPending ? updateProvider.variables.changes.enabled : undefined
  const isOn = switched ?? provider.enabled
  const toggle = (enabled: boolean) =>
    updateProvider.mutate(
      { deploymentId, providerId: provider.id, changes: { enabled } },
      { onError: toastFailure(`${name} is ${enabled ? 'still off' : 'still on'}`) },
    )
  return (
    <Card
      flush
      title={name}
      meta={
        <span className="flex items-center gap-2">
          {kind?.label === name ? null : (kind?.label ?? provider.type)}
          {kind?.isSupported === false ? <Badge tone="warn">Not for chats</Badge> : null}
          {isOn ? null : <Badge>Off</Badge>}
        </span>
      }
      actions={
        <>
          <Switch aria-label={`Use ${name}`} checked={isOn} onChange={toggle} />
          <IconButton className="ml-2" label={`Edit ${name}`} icon={<PencilIcon />} onClick={onEdit} />
          <IconButton label={`Delete ${name}`} icon={<Trash2Icon />} onClick={() => setIsDeleting(true)} />
        </>
      }
    >
      <div className="flex min-h-9 flex-wrap items-center gap-x-5 gap-y-1 border-b border-line px-3.5 py-1.5">
        <span className="cut code-text text-fg-2 copyable">{provider.base_url}</span>
        <ProviderKeys provider={provider} onEdit={onEdit} />
      </div>
      {models.length === 0 ? (
        <p className="px-3.5 py-3 text-fg-3">No models yet, so chats cannot use {name}.</p>
      ) : (
        <ModelTable
          deploymentId={deploymentId}
          providerName={name}
          models={models}
          isProviderOn={isOn}
          onEdit={props.onEditModel}
        />
      )}
      <div className="border-t border-line px-1.5 py-1">
        <Button variant="ghost" icon={<PlusIcon />} disabled={!isOn} onClick={onAddModel}>
          Add model
        </Button>
        {isOn ? null : <span className="ml-2 text-sm text-fg-3">Switch the provider on to add models.</span>}
      </div>
      {isDeleting ? (
        <DeleteProvider
          deploymentId={deploymentId}
          provider={provider}
          modelCount={models.length}
          onClose={() => setIsDeleting(false)}
        />
      ) : null}
    </Card>
  )
}

/** What can be told of the keys, and that one is missing. */
function ProviderKeys({ provider, onEdit }: { readonly provider: AIProvider; readonly onEdit: () => void }) {
  const needs = kindOf(provider.type)?.key
  if (needs === 'none') return null
  if (provider.api_keys.length === 0)
    return needs === 'optional' ? (
      <span className="text-sm text-fg-3">Without a key</span>
    ) : (
      <span className="flex items-center gap-2">
        <Badge tone="warn" icon={<KeyRoundIcon />}>
          No key
        </Badge>
        <Button size="sm" aria-label={`Add a key to ${providerName(provider)}`} onClick={onEdit}>
          Add key
        </Button>
      </span>
    )
  return (
    <ul aria-label="Keys" className="flex flex-wrap gap-x-4 gap-y-1">
      {provider.api_keys.map(({ id, masked, created_at: createdAt }) => (
        <li key={id} className="flex items-center gap-1.5 text-sm text-fg-3">
          <KeyRoundIcon className="size-3.5" />
          <span className="code-text text-fg-2">{masked}</span>
          <span>
            added <RelativeTime value={createdAt} />
          </span>
        </li>
      ))}
    </ul>
  )
}

interface DeleteProviderProps {
  readonly deploymentId: string
  readonly provider: AIProvider
  readonly modelCount: number
  readonly onClose: () => void
}

function DeleteProvider({ deploymentId, provider, modelCount, onClose }: DeleteProviderProps) {
  const { deleteProvider } = useModelChanges(deploymentId)
  const name = providerName(provider)
  const confirm = async () => {
    await deleteProvider.mutateAsync({ deploymentId, providerId: provider.id }).catch(inWords)
    toast({ title: `${name} is deleted` })
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`Delete ${name}?`}
      description={`Its keys${modelsWord(modelCount)} go with it, and chats that use them need another model.`}
      confirmLabel="Delete provider"
      typedName={provider.name}
      danger
      onConfirm={confirm}
    />
  )
}

function modelsWord(count: number): string {
  if (count === 0) return ''
  return count === 1 ? ' and 1 model' : ` and ${String(count)} models`
}
