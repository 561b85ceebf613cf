import { create } from 'zustand'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { blankDraft, draftOf, noSecrets, type ServerDraft, type TypedSecrets } from './server-draft.ts'

/** A form that is open: one a deployment. It outlives a look at another page and, without its secrets, a reload. */
export interface OpenEditor {
  /** The server as the form found it; null for a new one. */
  readonly base: MCPServerConfig | null
  readonly draft: ServerDraft
  readonly secrets: TypedSecrets
  /** Secrets had been typed before a reload: they were in memory alone and have to be typed again. */
  readonly lostSecrets: boolean
}

type Editors = Readonly<Record<string, OpenEditor>>
type EditorStorage = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>

const prefix = 'outpost.mcp-editor.'

/** The forms that are open, by deployment. */
export const useEditors = create<Editors>(() => restoreEditors(localStorage))

/** Opens a form, in place of one that may be open. */
export function openEditor(deploymentId: string, base: MCPServerConfig | null): void {
  keepEditor(deploymentId, {
    base,
    draft: base === null ? blankDraft : draftOf(base),
    secrets: noSecrets,
    lostSecrets: false,
  })
}

/** Writes down what is open; undefined closes it. */
export function keepEditor(deploymentId: string, editor: OpenEditor | undefined): void {
  useEditors.setState((editors) => {
    const { [deploymentId]: _, ...others } = editors
    return editor === undefined ? others : { ...others, [deploymentId]: editor }
  }, true)
  writeEditor(localStorage, deploymentId, editor)
}

function writeEditor(storage: EditorStorage, deploymentId: string, editor: OpenEditor | undefined): void {
  if (editor === undefined) {
    storage.removeItem(prefix + deploymentId)
    return
  }
  const { base, draft, secrets, lostSecrets } = editor
  const hadSecrets = lostSecrets || hasTypedSecrets(secrets)
  storage.setItem(prefix + deploymentId, JSON.stringify({ base, draft, hadSecrets }))
}

/** Whether a secret was typed, or a stored one is to be removed. */
export function hasTypedSecrets({ clientSecret, apiKey, headerValues }: TypedSecrets): boolean {
  return (
    clientSecret !== undefined ||
    apiKey !== undefined ||
    Object.values(headerValues).some((value) => value !== '')
  )
}

/** What was open when the window ended. */
export function restoreEditors(storage: EditorStorage): Editors {
  const editors: Record<string, OpenEditor> = {}
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index) ?? ''
    const editor = key.startsWith(prefix) ? parseEditor(storage.getItem(key)) : undefined
    if (editor !== undefined) editors[key.slice(prefix.length)] = editor
  }
  return editors
}

function parseEditor(text: string | null): OpenEditor | undefined {
  try {
    const stored: unknown = JSON.parse(text ?? '')
    if (!isRecord(stored) || !isLike(stored['draft'], draftShape)) return undefined
    if (stored['base'] !== null && !isConfig(stored['base'])) return undefined
    return {
      base: stored['base'],
      draft: stored['draft'],
      secrets: noSecrets,
      lostSecrets: stored['hadSecrets'] === true,
    }
  } catch {
    // Cut off or written by something else: there is nothing to go on with.
    return undefined
  }
}

const draftShape: ServerDraft = {
  ...blankDraft,
  custom_headers: [{ id: '', name: '' }],
  user_keys: [{ id: '', name: '', description: '' }],
  tool_allow_list: [''],
  tool_deny_list: [''],
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isConfig(value: unknown): value is MCPServerConfig {
  if (!isRecord(value)) return false
  const { id, updated_at: updatedAt } = value
  // The cast is what the next line checks.
  const draft: unknown = typeof id === 'string' ? draftOf(value as unknown as MCPServerConfig) : undefined
  return typeof updatedAt === 'string' && isLike(draft, draftShape)
}

/** Whether a value has the fields of a sample, each of the same kind. */
function isLike<T>(value: unknown, sample: T): value is T {
  if (Array.isArray(sample)) {
    const [item] = sample as unknown[]
    return Array.isArray(value) && value.every((each) => isLike(each, item))
  }
  if (!isRecord(sample)) return typeof value === typeof sample
  return isRecord(value) && Object.entries(sample).every(([key, item]) => isLike(value[key], item))
}
