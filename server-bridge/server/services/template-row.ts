import type { Selectable } from 'kysely'
import type { TemplatesTable } from '../db/tables/templates.ts'

export type TemplateRow = Selectable<TemplatesTable>
