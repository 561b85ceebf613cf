/** What was typed into a create form, kept per template until the workspace is created. */
export interface CreateDraft {
  readonly name: string
  readonly values: Readonly<Record<string, string>>
}

type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const key = (deploymentId: string, templateId: string): string =>
  `outpost.create.${deploymentId}.${templateId}`

export function readDraft(
  storage: DraftStorage,
  deploymentId: string,
  templateId: string,
): CreateDraft | undefined {
  const text = storage.getItem(key(deploymentId, templateId))
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isDraft(value) ? value : undefined
  } catch {
    // Cut off or written by another version: the form starts with its defaults.
    return undefined
  }
}

export function writeDraft(
  storage: DraftStorage,
  deploymentId: string,
  templateId: string,
  draft: CreateDraft | undefined,
): void {
  if (draft) storage.setItem(key(deploymentId, templateId), JSON.stringify(draft))
  else storage.removeItem(key(deploymentId, templateId))
}

function isDraft(value: unknown): value is CreateDraft {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('values' in value)) return false
  const { name, values } = value
  return (
    typeof name === 'string' &&
    typeof values === 'object' &&
    values !== null &&
    Object.values(values).every((item) => typeof item === 'string')
  )
}
