import { useState } from 'react'
import type { ChatModelConfig } from '#bridge/contract/chats-models'
import { Badge } from '../../ui/badge.tsx'
import { TextButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { EllipsisIcon, PencilIcon, StarIcon, Trash2Icon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { type ShortColumn, ShortTable } from '../../ui/short-table.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast } from '../../ui/toast-store.ts'
import { inWords, toastFailure } from './failure.tsx'
import { priceText } from './model-draft.ts'
import { useModelChanges } from './use-ai-models.ts'

export interface ModelTableProps {
  readonly deploymentId: string
  readonly providerName: string
  readonly models: readonly ChatModelConfig[]
  readonly isProviderOn: boolean
  readonly onEdit: (model: ChatModelConfig) => void
}

/** What people call a model. */
export function modelName({ display_name, model }: Pick<ChatModelConfig, 'display_name' | 'model'>): string {
  return display_name === '' ? model : display_name
}

/** The models of one provider. */
export function ModelTable({ deploymentId, providerName, models, isProviderOn, onEdit }: ModelTableProps) {
  const columns: readonly ShortColumn<ChatModelConfig>[] = [
    {
      id: 'name',
      header: 'Name',
      rowHeader: true,
      cell: (model) => (
        <span className="flex min-w-0 items-center gap-2">
          <TextButton className="cut text-fg" onClick={() => onEdit(model)}>
            {modelName(model)}
          </TextButton>
          {model.is_default ? <Badge tone="accent">Default</Badge> : null}
        </span>
      ),
    },
    {
      id: 'model',
      header: 'Model',
      className: 'hidden @xl:table-cell',
      cell: ({ model, display_name: name }) => (
        <span className="block cut code-text text-fg-2 copyable" title={model}>
          {/* Without a name of its own it is named by this already. */}
          {name === '' ? null : model}
        </span>
      ),
    },
    {
      id: 'context',
      header: 'Context',
      align: 'end',
      className: 'w-24',
      cell: (model) => model.context_limit.toLocaleString('en-US'),
    },
    {
      id: 'prices',
      header: 'In / out per million',
      align: 'end',
      className: 'w-40',
      cell: (model) => <Prices model={model} />,
    },
    {
      id: 'enabled',
      header: 'On',
      className: 'w-16 pl-3',
      cell: (model) => <ModelSwitch deploymentId={deploymentId} model={model} isProviderOn={isProviderOn} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      hideHeader: true,
      className: 'w-12',
      cell: (model) => <ModelMenu deploymentId={deploymentId} model={model} onEdit={onEdit} />,
    },
  ]
  return (
    <ShortTable label={`Models of ${providerName}`} columns={columns} rows={models} rowKey={({ id }) => id} />
  )
}

function Prices({ model }: { readonly model: ChatModelConfig }) {
  const cost = model.model_config?.cost
  const input = priceText(cost?.input_price_per_million_tokens)
  const output = priceText(cost?.output_price_per_million_tokens)
  if (input === undefined && output === undefined) return <span className="text-fg-3">No price</span>
  return (
    <>
      {input ?? '–'} <span className="text-fg-3">/</span> {output ?? '–'}
    </>
  )
}

function ModelSwitch(props: {
  readonly deploymentId: string
  readonly model: ChatModelConfig
  readonly isProviderOn: boolean
}) {
  const { deploymentId, model, isProviderOn } = props
  const { updateModel } = useModelChanges(deploymentId)
  const switched = updateModel.isPending ? updateModel.variables.changes.enabled : undefined
  const name = modelName(model)
  return (
    <span className="flex items-center">
      <Switch
        aria-label={`Use ${name}`}
        checked={switched ?? model.enabled}
        disabled={!isProviderOn}
        onChange={(enabled) =>
          updateModel.mutate(
            { deploymentId, modelConfigId: model.id, changes: { enabled } },
            { onError: toastFailure(`${name} is ${enabled ? 'still off' : 'still on'}`) },
          )
        }
      />
    </span>
  )
}

function ModelMenu(props: {
  readonly deploymentId: string
  readonly model: ChatModelConfig
  readonly onEdit: (model: ChatModelConfig) => void
}) {
  const { deploymentId, model, onEdit } = props
  const [isDeleting, setIsDeleting] = useState(false)
  const { updateModel, deleteModel } = useModelChanges(deploymentId)
  const name = modelName(model)
  const makeDefault = () =>
    updateModel.mutate(
      { deploymentId, modelConfigId: model.id, changes: { is_default: true } },
      {
        onSuccess: () => toast({ tone: 'ok', title: `New chats use ${name}` }),
        onError: toastFailure(`${name} is not the default`),
      },
    )
  const items: MenuItem[] = [
    { label: 'Edit', icon: <PencilIcon />, onSelect: () => onEdit(model) },
    {
      label: 'Make default',
      icon: <StarIcon />,
      disabled: model.is_default || !model.enabled,
      onSelect: makeDefault,
    },
    { kind: 'separator' },
    { label: 'Delete…', icon: <Trash2Icon />, danger: true, onSelect: () => setIsDeleting(true) },
  ]
  return (
    <>
      <Menu
        align="end"
        items={items}
        trigger={<IconButton label={`More about ${name}`} icon={<EllipsisIcon />} />}
      />
      {isDeleting ? (
        <ConfirmDialog
          open
          onOpenChange={setIsDeleting}
          title={`Delete ${name}?`}
          description="Chats that use it go on with another model. What they cost stays counted."
          confirmLabel="Delete model"
          danger
          onConfirm={async () => {
            await deleteModel.mutateAsync({ deploymentId, modelConfigId: model.id }).catch(inWords)
            toast({ title: `${name} is deleted` })
          }}
        />
      ) : null}
    </>
  )
}
