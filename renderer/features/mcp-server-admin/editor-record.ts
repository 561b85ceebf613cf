/** How an open form is written down: all of it but the secrets, which stay in memory. */
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { blankDraft, noSecrets, type ServerDraft, type TypedSecrets } from './server-draft.ts'

/** A form that is open: one a deployment. It outlives a look at another page and, without its secrets, a reload. */
export interface OpenEditor {
  /** The server as the form found it; null for a new one. */
  readonly base: MCPServerConfig | null
  readonly draft: ServerDraft
  readonly secrets: TypedSecrets
  /** Secrets had been typed before a reload: they were in memory alone and have to be typed again. */
  readonly lostSecrets: boolean
}

export type Editors = Readonly<Record<string, OpenEditor>>
type EditorStorage = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>

const prefix = 'outpost.mcp-editor.'

/** Writes down what is open on a deployment; undefined removes it. */
export function writeEditor(
  storage: EditorStorage,
  deploymentId: string,
  editor: OpenEditor | undefined,
): void {
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

/** What was open when the window ended, by deployment. */
export function restoreEditors(storage: EditorStorage): Editors {
  const editors: Record<string, OpenEditor> = {}
  for (let index = 0; index < storage.length; index += 1) {
    const key = storage.key(index) ?? ''
    const editor = key.startsWith(prefix) ? toEditor(parse(storage.getItem(key))) : undefined
    if (editor !== undefined) editors[key.slice(prefix.length)] = editor
  }
  return editors
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    // Cut off or written by something else: there is nothing to go on with.
    return undefined
  }
}

function toEditor(stored: unknown): OpenEditor | undefined {
  if (!isRecord(stored) || !isLike(stored['draft'], draftShape)) return undefined
  const { base, draft } = stored
  if (base !== null && !isLike(base, configShape)) return undefined
  // The shape holds what the form reads of it; the deployment's answer has been parsed before.
  const config = base as MCPServerConfig | null
  return { base: config, draft, secrets: noSecrets, lostSecrets: stored['hadSecrets'] === true }
}

const draftShape: ServerDraft = {
  ...blankDraft,
  custom_headers: [{ id: '', name: '' }],
  user_keys: [{ id: '', name: '', description: '' }],
  tool_allow_list: [''],
  tool_deny_list: [''],
}
const configShape = {
  id: '',
  display_name: '',
  slug: '',
  description: '',
  icon_url: '',
  transport: '',
  url: '',
  auth_type: '',
  has_oauth2_secret: false,
  has_api_key: false,
  has_custom_headers: false,
  custom_headers_user_keys: [''],
  custom_headers_user_key_descriptions: {},
  tool_allow_list: [''],
  tool_deny_list: [''],
  availability: '',
  enabled: false,
  model_intent: false,
  allow_in_plan_mode: false,
  forward_coder_headers: false,
  updated_at: '',
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value has the fields of a sample, each of the same kind. */
function isLike<T>(value: unknown, sample: T): value is T {
  if (Array.isArray(sample)) {
    const [item] = sample as unknown[]
    return Array.isArray(value) && value.every((each) => isLike(each, item))
  }
  if (!isRecord(sample)) return typeof value === typeof sample
  return isRecord(value) && Object.entries(sample).every(([key, item]) => isLike(value[key], item))
}
