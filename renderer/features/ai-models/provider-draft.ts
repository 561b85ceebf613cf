import type { AIProvider, AIProviderType, BedrockSettings } from '#bridge/contract/ai-providers'
import type { AIProviderChanges, NewAIProvider } from '#ipc/ai-models'
import { kindOf, providerKinds } from './provider-kinds.ts'

export interface BedrockDraft {
  readonly region: string
  readonly accessKey: string
  readonly accessKeySecret: string
  readonly roleArn: string
  readonly model: string
  readonly smallFastModel: string
}

/** A provider as it is being typed. */
export interface ProviderDraft {
  readonly type: AIProviderType
  readonly displayName: string
  readonly name: string
  /** Nobody has typed a name yet, so it follows what people call it. */
  readonly nameFollows: boolean
  readonly baseUrl: string
  readonly newKey: string
  /** Ids of stored keys that go when it is saved. */
  readonly removedKeys: readonly string[]
  readonly bedrock: BedrockDraft
}

export type ProviderField = 'displayName' | 'name' | 'baseUrl' | 'newKey' | keyof BedrockDraft

const blankBedrock: BedrockDraft = {
  region: 'us-east-1',
  accessKey: '',
  accessKeySecret: '',
  roleArn: '',
  model: '',
  smallFastModel: '',
}

/** What a new provider of a kind starts with. */
export function newProviderDraft(
  type: AIProviderType,
  { isOutpost, taken }: { readonly isOutpost: boolean; readonly taken: readonly string[] },
): ProviderDraft {
  const kind = kindOf(type) ?? providerKinds[0]
  return {
    type,
    displayName: kind?.displayName ?? '',
    name: freeName(kind?.name ?? type, taken),
    nameFollows: true,
    baseUrl: kind?.address[isOutpost ? 'outpost' : 'coder'] ?? '',
    newKey: '',
    removedKeys: [],
    bedrock: blankBedrock,
  }
}

/** The draft that changes nothing of a provider. */
export function providerDraftOf(provider: AIProvider): ProviderDraft {
  return {
    type: provider.type as AIProviderType,
    displayName: provider.display_name,
    name: provider.name,
    nameFollows: false,
    baseUrl: provider.base_url,
    newKey: '',
    removedKeys: [],
    bedrock: bedrockOf(provider.settings),
  }
}

function bedrockOf(settings: unknown): BedrockDraft {
  const text = (name: string): string => {
    const value: unknown =
      typeof settings === 'object' && settings !== null ? Reflect.get(settings, name) : undefined
    return typeof value === 'string' ? value : ''
  }
  return {
    ...blankBedrock,
    region: text('region'),
    roleArn: text('role_arn'),
    model: text('model'),
    smallFastModel: text('small_fast_model'),
  }
}

/** A name that no other provider has: `ollama`, `ollama-2`. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  let number = 2
  while (taken.includes(`${name}-${String(number)}`)) number += 1
  return `${name}-${String(number)}`
}

/** The draft after a change of some fields; a name that nobody has touched follows what people call it. */
export function changeProvider(
  draft: ProviderDraft,
  change: Partial<ProviderDraft>,
  taken: readonly string[],
): ProviderDraft {
  const next = { ...draft, ...change, ...movedAddress(draft, change) }
  if (change.name !== undefined) return { ...next, nameFollows: false }
  if (!next.nameFollows || change.displayName === undefined) return next
  return { ...next, name: freeName(nameOf(next.displayName) || (kindOf(next.type)?.name ?? ''), taken) }
}

const bedrockAddress = (region: string): string => `https://bedrock-runtime.${region.trim()}.amazonaws.com`

/** The address of Bedrock goes with the region, unless somebody typed one of their own. */
function movedAddress(
  draft: ProviderDraft,
  { bedrock }: Partial<ProviderDraft>,
): Pick<Partial<ProviderDraft>, 'baseUrl'> {
  if (bedrock === undefined || draft.baseUrl !== bedrockAddress(draft.bedrock.region)) return {}
  return { baseUrl: bedrockAddress(bedrock.region) }
}

function nameOf(displayName: string): string {
  return displayName
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
}

export type ProviderProblems = Readonly<Partial<Record<ProviderField, string>>>

/** What has to be put right before it can be saved. */
export function providerProblems(
  draft: ProviderDraft,
  { isNew, taken }: { readonly isNew: boolean; readonly taken: readonly string[] },
): ProviderProblems {
  return {
    ...(isNew ? nameProblem(draft.name, taken) : {}),
    ...(isWebAddress(draft.baseUrl.trim())
      ? {}
      : { baseUrl: 'Write a web address, such as https://models.example.com/v1.' }),
    ...(draft.newKey.trim().length > 10_240 ? { newKey: 'A key has at most 10,240 characters.' } : {}),
    ...(draft.type === 'bedrock' ? bedrockProblems(draft.bedrock, isNew) : {}),
  }
}

function nameProblem(name: string, taken: readonly string[]): ProviderProblems {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 64)
    return { name: 'Use small letters, digits and single hyphens between them.' }
  return taken.includes(name) ? { name: 'Another provider has this name. Choose a different one.' } : {}
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username } = new URL(text)
  return (protocol === 'https:' || protocol === 'http:') && username === ''
}

function bedrockProblems(draft: BedrockDraft, isNew: boolean): ProviderProblems {
  const accessKey = draft.accessKey.trim()
  const secret = draft.accessKeySecret.trim()
  const needsBoth = accessKey !== '' || secret !== '' || (isNew && draft.roleArn.trim() === '')
  return {
    ...(draft.region.trim() === '' ? { region: 'Write the region, such as us-east-1.' } : {}),
    ...(needsBoth && accessKey === '' ? { accessKey: 'Write the id of the access key.' } : {}),
    ...(needsBoth && secret === '' ? { accessKeySecret: 'Write the secret of the access key.' } : {}),
    ...(draft.roleArn.trim() === '' || /^arn:[\w-]+:iam::\d*:role\/.+$/.test(draft.roleArn.trim())
      ? {}
      : { roleArn: 'Write the ARN of a role, such as arn:aws:iam::123456789012:role/Bedrock.' }),
  }
}

function bedrockSettings(draft: BedrockDraft): BedrockSettings {
  const typed = {
    region: draft.region,
    role_arn: draft.roleArn,
    model: draft.model,
    small_fast_model: draft.smallFastModel,
    // What is left empty stays as it is stored.
    access_key: draft.accessKey,
    access_key_secret: draft.accessKeySecret,
  }
  const filled = Object.entries(typed).flatMap(([name, value]) =>
    value.trim() === '' ? [] : [[name, value.trim()] as const],
  )
  return { _type: 'bedrock', _version: 1, ...Object.fromEntries(filled) }
}

/** A new provider as it is sent. */
export function newProvider(draft: ProviderDraft): NewAIProvider {
  const key = draft.newKey.trim()
  return {
    type: draft.type,
    name: draft.name,
    display_name: draft.displayName.trim(),
    enabled: true,
    base_url: draft.baseUrl.trim(),
    ...(key === '' || kindOf(draft.type)?.key === 'none' ? {} : { api_keys: [key] }),
    ...(draft.type === 'bedrock' ? { settings: bedrockSettings(draft.bedrock) } : {}),
  }
}

/** What the draft changes of a provider; keys that stay are named by their id. */
export function providerChanges(provider: AIProvider, draft: ProviderDraft): AIProviderChanges {
  const before = providerDraftOf(provider)
  const key = draft.newKey.trim()
  const keepsKeys = key === '' && draft.removedKeys.length === 0
  const kept = provider.api_keys.filter(({ id }) => !draft.removedKeys.includes(id)).map(({ id }) => ({ id }))
  return {
    ...(draft.displayName === before.displayName ? {} : { display_name: draft.displayName.trim() }),
    ...(draft.baseUrl === before.baseUrl ? {} : { base_url: draft.baseUrl.trim() }),
    ...(keepsKeys ? {} : { api_keys: [...kept, ...(key === '' ? [] : [{ api_key: key }])] }),
    ...(draft.type === 'bedrock' && isChanged(before.bedrock, draft.bedrock)
      ? { settings: bedrockSettings(draft.bedrock) }
      : {}),
  }
}

function isChanged(before: BedrockDraft, now: BedrockDraft): boolean {
  return JSON.stringify(before) !== JSON.stringify(now)
}
