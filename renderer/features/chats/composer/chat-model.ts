import type { ChatModelChoice } from '#ipc/chats'
import { createKept } from '../../../lib/kept-state.ts'

/** What was chosen last on a deployment, for the next new chat. */
export interface LastChoices {
  readonly organizationId?: string
  readonly modelConfigId?: string
  readonly effort?: string
  readonly workspaceId?: string
  readonly mcpServerIds?: readonly string[]
}

/** The last choices by deployment. */
export const lastChoices = createKept<Readonly<Record<string, LastChoices>>>(
  'chats.choices',
  {},
  parseChoices,
)

export function rememberChoices(deploymentId: string, choices: LastChoices): void {
  lastChoices.set({ ...lastChoices.get(), [deploymentId]: choices })
}

/** The MCP servers of the last chat. In another organization there are others, so what was left out there says nothing. */
export function lastServers(
  last: LastChoices,
  organizationId: string | undefined,
): readonly string[] | undefined {
  const isElsewhere = ![undefined, organizationId].includes(last.organizationId)
  return isElsewhere && organizationId !== undefined ? undefined : last.mcpServerIds
}

type Stored = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null
}

function parseChoices(stored: unknown): Readonly<Record<string, LastChoices>> | undefined {
  if (!isRecord(stored)) return undefined
  return Object.fromEntries(
    Object.entries(stored).map(([deploymentId, entry]) => [
      deploymentId,
      isRecord(entry) ? parseEntry(entry) : {},
    ]),
  )
}

function parseEntry({
  organizationId,
  modelConfigId,
  effort,
  workspaceId,
  mcpServerIds,
}: Stored): LastChoices {
  return {
    ...(typeof organizationId === 'string' ? { organizationId } : {}),
    ...(typeof modelConfigId === 'string' ? { modelConfigId } : {}),
    ...(typeof effort === 'string' ? { effort } : {}),
    ...(typeof workspaceId === 'string' ? { workspaceId } : {}),
    ...(Array.isArray(mcpServerIds)
      ? { mcpServerIds: mcpServerIds.filter((id): id is string => typeof id === 'string') }
      : {}),
  }
}

/** The first of the wished models that can be used; else the default one; else any. */
export function usableModel(
  models: readonly ChatModelChoice[],
  wished: readonly (string | undefined)[],
): ChatModelChoice | undefined {
  const usable = models.filter(({ unavailable }) => unavailable === undefined)
  for (const configId of wished) {
    const found = usable.find((model) => model.configId === configId)
    if (found) return found
  }
  return usable.find(({ isDefault }) => isDefault) ?? usable[0]
}

/** The first of the wished efforts that the model takes; else what it does unasked, where that is told. */
export function usableEffort(
  model: Pick<ChatModelChoice, 'efforts' | 'defaultEffort'> | undefined,
  wished: readonly (string | undefined)[],
): string | undefined {
  const efforts = model?.efforts ?? []
  return wished.find((effort) => effort !== undefined && efforts.includes(effort)) ?? model?.defaultEffort
}

interface ChosenModel {
  readonly modelConfigId: string | undefined
  readonly effort: string | undefined
}

/** What is asked with which effort, as a message says it. */
export function chosenModel({ modelConfigId, effort }: ChosenModel): {
  readonly modelConfigId?: string
  readonly reasoningEffort?: string
} {
  return {
    ...(modelConfigId === undefined ? {} : { modelConfigId }),
    ...(effort === undefined ? {} : { reasoningEffort: effort }),
  }
}

/** For the next new chat. What the model does unasked is no choice: it may be another one by then. */
export function rememberModel(
  deploymentId: string,
  {
    modelConfigId,
    effort,
    efforts,
    defaultEffort,
  }: ChosenModel & {
    readonly efforts: readonly string[]
    readonly defaultEffort: string | undefined
  },
): void {
  if (modelConfigId === undefined) return
  const { effort: before, ...last } = lastChoices.get()[deploymentId] ?? {}
  const next = efforts.length === 0 ? before : effort === defaultEffort ? undefined : effort
  rememberChoices(deploymentId, { ...last, modelConfigId, ...(next === undefined ? {} : { effort: next }) })
}
