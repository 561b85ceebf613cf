import { useQueryClient } from '@tanstack/react-query'
import type { ChatModelChoice } from '#ipc/chats'
import type { OwnModel } from '#ipc/own-agents'
import type { Input } from '../../api/procedure-types.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Card } from '../../ui/card.tsx'
import type { Option } from '../../ui/option.ts'
import { Select } from '../../ui/select.tsx'
import { toast } from '../../ui/toast-store.ts'
import { Failure, toastFailure } from '../ai-models/index.ts'
import { SettingRow } from '../settings/index.ts'
import { settingToast } from './use-preferences.ts'

const rows = {
  root: { label: 'New chats', help: 'Where no other model is chosen for the chat.' },
  general: { label: 'Sub-agents that work', help: 'Those to whom a chat hands a part of its task.' },
  explore: { label: 'Sub-agents that explore', help: 'Those that only look.' },
} as const

/** The models of the user's own chats; nothing where an administrator has not allowed to choose. */
export function OwnModels({ deploymentId }: { readonly deploymentId: string }) {
  const own = useRead('ownAgents.models', { deploymentId })
  const known = useRead('chats.models', own.data ? { deploymentId } : undefined)
  const failed = own.isError ? own : known.isError ? known : undefined
  if (failed !== undefined)
    return (
      <Failure
        title="Your models cannot be shown"
        error={failed.error}
        isRetrying={failed.isFetching}
        onRetry={() => void failed.refetch()}
      />
    )
  if (!own.data || known.data === undefined) return null
  return (
    <Card title="My models" flush>
      {own.data.map((model) => (
        <OwnModelRow key={model.context} deploymentId={deploymentId} own={model} models={known.data.models} />
      ))}
    </Card>
  )
}

interface OwnModelRowProps {
  readonly deploymentId: string
  readonly own: OwnModel
  readonly models: readonly ChatModelChoice[]
}

function OwnModelRow({ deploymentId, own, models }: OwnModelRowProps) {
  const cache = useQueryClient()
  const change = useChange('ownAgents.setModel', {
    onSettled: () => cache.invalidateQueries({ queryKey: ['ownAgents.models', { deploymentId }] }),
  })
  const { label, help } = rows[own.context]
  const saved = valueOf(own.mode, own.modelConfigId)
  const set = (value: string, said: string): void => {
    const isModel = value.startsWith('model ')
    const input: Input<'ownAgents.setModel'> = {
      deploymentId,
      context: own.context,
      mode: isModel ? 'model' : value === 'chat_default' ? 'chat_default' : 'deployment_default',
      modelConfigId: isModel ? value.slice('model '.length) : '',
    }
    void change.mutateAsync(input).then(() => {
      const undo = saved === null || own.isGone ? undefined : () => set(saved, 'It is as it was')
      toast({
        ...{ key: settingToast, tone: 'ok', title: said },
        ...(undo === undefined || value === saved ? {} : { action: { label: 'Undo', onSelect: undo } }),
      })
    }, toastFailure('The model is not saved'))
  }
  const pending = change.isPending
    ? valueOf(change.variables.mode, change.variables.modelConfigId)
    : undefined
  const options = optionsOf(own, models)
  return (
    <SettingRow
      label={label}
      help={
        own.isGone ? <span className="text-warn-fg">The chosen model is gone. Choose another.</span> : help
      }
    >
      <div className="w-[220px]">
        <Select
          aria-label={label}
          size="md"
          options={options}
          value={pending ?? (own.isGone ? null : saved)}
          placeholder={own.isGone ? 'Gone' : 'Another choice'}
          onChange={(value) => {
            const name = options.find((option) => option.value === value)?.label ?? ''
            if (value !== saved || own.isGone) set(value, `${label}: ${name}`)
          }}
        />
      </div>
    </SettingRow>
  )
}

const valueOf = (mode: OwnModel['mode'], modelConfigId: string): string | null =>
  mode === undefined ? null : mode === 'model' ? `model ${modelConfigId}` : mode

function optionsOf(own: OwnModel, models: readonly ChatModelChoice[]): Option[] {
  const shared = models.find(({ configId }) => configId === own.deploymentModelId)
  const main = models.find(({ isDefault }) => isDefault)
  const named = (model: ChatModelChoice | undefined, otherwise: string) =>
    model === undefined ? otherwise : plainText(model.displayName, 80)
  const defaults: Option[] =
    own.context === 'root'
      ? [{ value: 'chat_default', label: 'The default', description: named(main, '') }]
      : [
          {
            value: 'deployment_default',
            label: 'As the deployment has it',
            description: named(shared, 'The model of the chat'),
          },
          { value: 'chat_default', label: 'The model of the chat' },
        ]
  return [
    ...defaults,
    ...models.map((model) => ({
      value: `model ${model.configId}`,
      label: plainText(model.displayName, 80),
      description: model.unavailable,
      disabled: model.unavailable !== undefined,
    })),
  ]
}
