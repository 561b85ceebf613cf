import type { ChatModelConfig } from '#bridge/contract/chats-models'
import { Field } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { effortName, unsaid } from '../chats/index.ts'
import type { AdvisorDraft } from './advisor-draft.ts'
import { goneModel, modelChoices, noModel } from './model-choices.ts'

export interface AdvisorChoicesProps {
  readonly value: AdvisorDraft
  readonly models: readonly ChatModelConfig[]
  readonly disabled: boolean
  readonly onChange: (value: AdvisorDraft) => void
}

/** Whether agents have it at all, where that is a setting. */
export function AdvisorSwitch({ value, disabled, onChange }: AdvisorChoicesProps) {
  return (
    <div className="flex items-center gap-3">
      <Switch
        aria-label="Agents may ask it"
        checked={value.enabled}
        disabled={disabled}
        onChange={(enabled) => onChange({ ...value, enabled })}
      />
      <span className="font-medium">Agents may ask it</span>
    </div>
  )
}

/** No value of a choice can be empty. */
const noEffort = 'none'
const own = 'The chat’s own model'

/** What the chosen model is called. */
export function advisorModelName(
  { modelConfigId }: AdvisorDraft,
  models: readonly ChatModelConfig[],
): string {
  if (modelConfigId === '') return own
  const found = models.find(({ id }) => id === modelConfigId)
  return found === undefined ? 'a model that is gone' : found.display_name || found.model
}

/** Which model is asked, and how hard it thinks where it says what it takes. */
export function AdvisorModel(props: AdvisorChoicesProps) {
  const { value, models, disabled, onChange } = props
  const { modelConfigId } = value
  const found = models.find(({ id }) => id === modelConfigId)
  const isUnusable = modelConfigId !== '' && found?.enabled !== true
  return (
    <>
      <Field
        label="Model of the advisor"
        help={
          isUnusable ? (
            <span className="text-warn-fg">
              {found === undefined
                ? 'The model that was chosen is gone.'
                : 'The chosen model is switched off.'}{' '}
              Until then agents ask the model of their chat.
            </span>
          ) : (
            'A larger model than the agents’ own gives the best advice.'
          )
        }
      >
        <Select
          className="max-w-72"
          options={modelChoices(models, modelConfigId, own)}
          value={modelConfigId === '' || modelConfigId === null ? noModel : modelConfigId}
          placeholder={goneModel}
          disabled={disabled}
          onChange={(chosen) =>
            onChange({ ...value, modelConfigId: chosen === noModel ? '' : chosen, effort: '' })
          }
        />
      </Field>
      <AdvisorEffort {...props} efforts={effortsOf(value, found)} />
    </>
  )
}

/** What may be chosen: what the model takes, and what is chosen already. */
function effortsOf({ effort }: AdvisorDraft, model: ChatModelConfig | undefined): readonly string[] {
  const told = model?.reasoning_efforts ?? []
  return [...new Set(effort === '' ? told : [...told, effort])].filter((one) => one !== '')
}

function AdvisorEffort({
  value,
  efforts,
  disabled,
  onChange,
}: AdvisorChoicesProps & { readonly efforts: readonly string[] }) {
  if (efforts.length === 0) return null
  return (
    <Field label="Reasoning effort" help="How hard it thinks before it answers.">
      <Select
        className="max-w-72"
        options={[
          { value: noEffort, label: effortName(unsaid) },
          ...efforts.map((effort) => ({ value: `effort:${effort}`, label: effortName(effort) })),
        ]}
        value={value.effort === '' ? noEffort : `effort:${value.effort}`}
        disabled={disabled}
        onChange={(chosen) =>
          onChange({ ...value, effort: chosen === noEffort ? '' : chosen.slice('effort:'.length) })
        }
      />
    </Field>
  )
}
