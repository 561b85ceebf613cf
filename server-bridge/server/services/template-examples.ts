import type { TemplateExample } from '../../contract/templates.ts'
import { splitFrontMatter } from '../../lib/split-front-matter.ts'
import { ApiError } from '../api-error.ts'
import type { ListShippedTemplates } from './shipped-templates.ts'

/** The templates that come with the deployment, to begin one's own with. */
export interface TemplateExamples {
  list(): Promise<TemplateExample[]>
  /** The archive of one. @throws {ApiError} 404 */
  archive(id: string): Promise<Uint8Array>
}

export function createTemplateExamples(listShipped: ListShippedTemplates): TemplateExamples {
  return {
    async list() {
      const shipped = await listShipped()
      return shipped.map((template) => ({
        id: template.name,
        url: '',
        name: template.displayName || template.name,
        description: template.description,
        icon: template.icon,
        tags: [...template.tags],
        markdown: splitFrontMatter(template.readme).content,
      }))
    },
    async archive(id) {
      const found = (await listShipped()).find((template) => template.name === id)
      if (!found) throw new ApiError(404, { message: 'Example not found.' })
      return found.archive
    },
  }
}
