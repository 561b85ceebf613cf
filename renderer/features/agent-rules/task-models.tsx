import type { ChatModelConfig } from '#bridge/contract/chats-models'
import type { AgentModels, AgentTask, AgentTaskModel } from '#ipc/agent-rules'
import { useRead } from '../../api/use-call.ts'
import { Card } from '../../ui/card.tsx'
import { Select } from '../../ui/select.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Failure, toastFailure } from '../ai-models/index.ts'
import { SettingRow } from '../settings/index.ts'
import { goneModel, modelChoices, noModel } from './model-choices.ts'
import { useRuleChanges } from './use-agent-rules.ts'

export interface TaskModelsProps {
  readonly deploymentId: string
  readonly models: readonly ChatModelConfig[]
}

const words: Readonly<Record<AgentTask, { readonly label: string; readonly help: string }>> = {
  general: { label: 'Sub-agents', help: 'Agents that an agent gives a task to.' },
  explore: { label: 'Sub-agents that only look', help: 'They read and search, and change nothing.' },
  title_generation: { label: 'Titles', help: 'Names chats, and says in a few words what a turn did.' },
  compaction: { label: 'Summaries', help: 'Sums up what was said when a chat gets long.' },
}

/** With which models agents do what is beside the conversation. */
export function TaskModels({ deploymentId, models }: TaskModelsProps) {
  const chosen = useRead('agentRules.models', { deploymentId })
  if (chosen.isError && chosen.data === undefined)
    return (
      <Failure
        title="The models for tasks cannot be shown"
        error={chosen.error}
        isRetrying={chosen.isFetching}
        onRetry={() => void chosen.refetch()}
      />
    )
  if (chosen.data === undefined)
    return (
      <Card title="Models for tasks" flush>
        <SkeletonRows rows={3} label="Loading the models for tasks" />
      </Card>
    )
  const { tasks, allowsPersonal } = chosen.data
  if (tasks.length === 0 && allowsPersonal === null) return null
  return (
    <Card title="Models for tasks" flush>
      {tasks.map((task) => (
        <TaskRow key={task.task} deploymentId={deploymentId} models={models} chosen={task} />
      ))}
      {allowsPersonal === null ? null : (
        <PersonalRow deploymentId={deploymentId} allowsPersonal={allowsPersonal} />
      )}
    </Card>
  )
}

function TaskRow({
  deploymentId,
  models,
  chosen: { task, modelConfigId, isMalformed },
}: TaskModelsProps & { readonly chosen: AgentTaskModel }) {
  const { setTaskModel } = useRuleChanges(deploymentId)
  const { label, help } = words[task]
  const current = setTaskModel.isPending ? setTaskModel.variables.wished : modelConfigId
  const found = models.find(({ id }) => id === modelConfigId)
  const isUnusable = isMalformed || (modelConfigId !== '' && found?.enabled !== true)
  const options = modelChoices(
    models,
    modelConfigId,
    task === 'title_generation' || task === 'compaction' ? 'Chosen by the server' : 'The chat’s own model',
  )
  return (
    <SettingRow
      label={label}
      help={
        isUnusable && !setTaskModel.isPending ? (
          <span className="text-warn-fg">
            {found === undefined
              ? 'The model that was chosen is gone. Choose another one.'
              : 'The model that was chosen cannot be used. Switch it on or choose another one.'}
          </span>
        ) : (
          help
        )
      }
    >
      <div className="w-52">
        <Select
          aria-label={`Model: ${label}`}
          options={options}
          value={current === '' ? noModel : current}
          placeholder={goneModel}
          disabled={setTaskModel.isPending}
          onChange={(value) => {
            const wished = value === noModel ? '' : value
            if (wished !== modelConfigId)
              setTaskModel.mutate(
                { deploymentId, task, seen: modelConfigId, wished },
                { onError: toastFailure('The model stays as it was') },
              )
          }}
        />
      </div>
    </SettingRow>
  )
}

function PersonalRow({
  deploymentId,
  allowsPersonal,
}: {
  readonly deploymentId: string
  readonly allowsPersonal: NonNullable<AgentModels['allowsPersonal']>
}) {
  const { setPersonalModels } = useRuleChanges(deploymentId)
  const switched = setPersonalModels.isPending ? setPersonalModels.variables.allows : allowsPersonal
  return (
    <SettingRow
      label="People may choose for themselves"
      help="Everybody chooses the models of their own chats and sub-agents, in place of those above."
    >
      <Switch
        aria-label="People may choose for themselves"
        checked={switched}
        onChange={(allows) =>
          setPersonalModels.mutate(
            { deploymentId, allows },
            { onError: toastFailure('The switch stays as it was') },
          )
        }
      />
    </SettingRow>
  )
}
