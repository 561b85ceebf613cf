import type { Template } from '#bridge/contract/templates'
import { createRuleDrafts } from './rule-draft.ts'

/** Which templates agents may use. */
export interface TemplateChoice {
  readonly mode: 'all' | 'some'
  readonly ids: readonly string[]
}

/** Choices that were made and not saved. */
export const templateDrafts = createRuleDrafts<TemplateChoice>()

/** The list as it is saved: an empty one allows all. */
export function choiceOf(ids: readonly string[]): TemplateChoice {
  return { mode: ids.length === 0 ? 'all' : 'some', ids }
}

/** The list as it is sent. */
export function sentIds({ mode, ids }: TemplateChoice): string[] {
  return mode === 'all' ? [] : [...ids]
}

/** Whether two allow the same. */
export function isSameChoice(a: TemplateChoice, b: TemplateChoice): boolean {
  if (a.mode !== b.mode) return false
  return a.mode === 'all' || [...a.ids].sort().join() === [...b.ids].sort().join()
}

/** What a template is called. */
export function templateName({
  display_name: displayName,
  name,
}: Pick<Template, 'display_name' | 'name'>): string {
  return displayName === '' ? name : displayName
}

/** Those on the list that no new workspace can be made of: the deployment refuses a list with them. */
export function staleIds(ids: readonly string[], templates: readonly Template[]): string[] {
  const usable = new Set(templates.filter(({ deprecated }) => !deprecated).map(({ id }) => id))
  return ids.filter((id) => !usable.has(id))
}

/** Templates whose name or description has all the words. */
export function foundTemplates(templates: readonly Template[], search: string): Template[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return templates
    .filter((template) => {
      const text = `${template.display_name} ${template.name} ${template.description}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    .sort((a, b) => templateName(a).localeCompare(templateName(b)))
}
