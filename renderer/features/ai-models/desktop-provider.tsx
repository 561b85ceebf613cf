import type { ComputerUseProvider } from '#bridge/contract/chats-config'
import { hasCode } from '../../api/bridge-error.ts'
import { useRead } from '../../api/use-call.ts'
import { Card } from '../../ui/card.tsx'
import type { Option } from '../../ui/option.ts'
import { Select } from '../../ui/select.tsx'
import { SettingRow } from '../settings/index.ts'
import { Failure, toastFailure } from './failure.tsx'
import { type ModelsList, useModelChanges } from './use-ai-models.ts'

const choices = [
  { value: 'anthropic', label: 'Anthropic' },
  { value: 'openai', label: 'OpenAI' },
] as const satisfies readonly Option<ComputerUseProvider>[]

export interface DesktopProviderProps {
  readonly deploymentId: string
  readonly list: ModelsList
}

/** Whose models act on the desktops of workspaces; nothing where the deployment has no desktops. */
export function DesktopProvider({ deploymentId, list }: DesktopProviderProps) {
  const setting = useRead('aiModels.computerUse', { deploymentId })
  const { setComputerUse } = useModelChanges(deploymentId)
  if (setting.isError)
    return hasCode<'aiModels.computerUse'>(setting.error, 'unsupported') ? null : (
      <Failure
        title="The models for desktops cannot be shown"
        error={setting.error}
        isRetrying={setting.isFetching}
        onRetry={() => void setting.refetch()}
      />
    )
  // Most deployments have none: no place is kept for it.
  if (setting.data === undefined) return null
  const wanted = setComputerUse.isPending ? setComputerUse.variables.provider : setting.data.provider
  const known = choices.find(({ value }) => value === wanted)
  const { accepted } = setting.data
  const offered = choices.filter(({ value }) => accepted.includes(value))
  const refused = choices.filter(({ value }) => !accepted.includes(value)).map(({ label }) => label)
  return (
    <Card title="Desktops" flush>
      <SettingRow
        label="Agents that use a desktop"
        help={[
          known === undefined || hasModel(list, known.value)
            ? 'Whose models see the desktop of a workspace and act there by mouse and keys.'
            : `${known.label} has no model here that is switched on, so no agent can use a desktop.`,
          ...(refused.length === 0
            ? []
            : [`Models of ${refused.join(' and ')} cannot: this deployment has no tool of theirs for it.`]),
        ].join(' ')}
      >
        {offered.length === 1 && offered[0]?.value === wanted ? (
          <span>{offered[0].label}</span>
        ) : (
          <Select
            aria-label="Provider of models that use a desktop"
            className="w-40"
            size="md"
            options={offered}
            value={offered.find(({ value }) => value === wanted)?.value ?? null}
            placeholder={known?.label ?? wanted}
            disabled={setComputerUse.isPending}
            onChange={(provider) =>
              setComputerUse.mutate(
                { deploymentId, provider },
                { onError: toastFailure('The provider for desktops stays as it was') },
              )
            }
          />
        )}
      </SettingRow>
    </Card>
  )
}

function hasModel({ providers, models }: ModelsList, type: ComputerUseProvider): boolean {
  const ids = new Set(providers.filter((one) => one.type === type && one.enabled).map(({ id }) => id))
  return models.some((model) => model.enabled && ids.has(model.ai_provider_id))
}
