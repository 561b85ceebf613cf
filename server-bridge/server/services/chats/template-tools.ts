import { z } from 'zod'
import type { TemplateVersionParameter } from '../../../contract/template-versions.ts'
import type { Database } from '../../db/database.ts'
import type { ReadableTemplates } from '../readable-templates.ts'
import type { Actor } from '../sessions.ts'
import type { TemplateRow } from '../template-row.ts'
import type { TemplateVersions } from '../template-versions.ts'
import type { Templates } from '../templates.ts'
import { defineOwnerTool, type OwnerTool } from './owner-tools.ts'

export interface TemplateToolsDeps {
  readonly db: Database
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly readable: ReadableTemplates
  /** Whether chats may use the template. */
  readonly isTemplateAllowed: (templateId: string) => boolean
}

const PAGE = 10
const EXCERPT_CHARS = 500
const MAX_README_CHARS = 16 * 1024

/** A template that the owner may use, and chats too. @throws {ApiError} 404 @throws {Error} for the model */
export function findTemplate(deps: TemplateToolsDeps, id: string, actor: Actor): TemplateRow {
  const template = deps.readable.template(id.toLowerCase(), actor)
  if (!deps.isTemplateAllowed(template.id))
    throw new Error(
      `An administrator has not allowed chats to use the template ${JSON.stringify(template.name)}.`,
    )
  return template
}

/** What the owner can make a workspace of (agents-api 11). */
export function createTemplateTools(deps: TemplateToolsDeps): readonly OwnerTool[] {
  return [
    defineOwnerTool({
      name: 'list_templates',
      description:
        'Lists the templates that a workspace can be made of, those used most first. Look with read_template at one before you make a workspace of it.',
      args: z.object({
        query: z.string().max(200).optional().describe('Words that its name or description has.'),
        page: z.int().min(1).default(1),
      }),
      isOffered: () => true,
      async run({ query, page }, { actor }) {
        return { result: listTemplates(deps, actor, { query: query ?? '', page }) }
      },
    }),
    defineOwnerTool({
      name: 'read_template',
      description: 'Tells what a template is for, the values it asks for, and its presets of them.',
      args: z.object({ template_id: z.guid() }),
      isOffered: () => true,
      async run({ template_id: id }, { actor }) {
        return { result: readTemplate(deps, findTemplate(deps, id, actor)) }
      },
    }),
  ]
}

function listTemplates(
  deps: TemplateToolsDeps,
  actor: Actor,
  { query, page }: { readonly query: string; readonly page: number },
) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const all = deps.templates
    .search('', actor)
    .filter((row) => deps.isTemplateAllowed(row.id))
    .map((row) => ({ row, template: deps.templates.toWire(row) }))
    .filter(({ template: { name, display_name, description } }) => {
      const text = `${name} ${display_name} ${description}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
  const own = ownWorkspaces(deps.db, actor.user.id)
  const shown = all.slice((page - 1) * PAGE, page * PAGE)
  const recommended = own.last !== undefined && all.some(({ row }) => row.id === own.last) ? own.last : undefined
  const only = all.length === 1 ? all[0]?.row.id : undefined
  return {
    templates: shown.map(({ row, template }) => ({
      id: row.id,
      name: row.name,
      ...(template.display_name === '' ? {} : { display_name: template.display_name }),
      ...(template.description === '' ? {} : { description: template.description }),
      ...excerptOf(deps, row),
      ...(template.active_user_count > 0 ? { active_developers: template.active_user_count } : {}),
      your_workspace_count: own.counts.get(row.id) ?? 0,
      ...(row.id === own.last ? { last_used_by_you: true } : {}),
    })),
    page,
    ...(page * PAGE < all.length ? { next_page: page + 1 } : {}),
    ...((recommended ?? only) === undefined ? {} : { recommended_template_id: recommended ?? only }),
    next_step:
      all.length === 0
        ? 'There is no such template. Try other words, or ask the user.'
        : 'Choose one, look at it with read_template, and make a workspace with create_workspace.',
  }
}

function excerptOf({ versions }: TemplateToolsDeps, row: TemplateRow): { readonly readme_excerpt?: string } {
  const readme = withoutFrontMatter(versions.get(row.active_version_id).readme).trim()
  return readme === '' ? {} : { readme_excerpt: cut(readme, EXCERPT_CHARS) }
}

function readTemplate({ templates, versions }: TemplateToolsDeps, row: TemplateRow) {
  const template = templates.toWire(row)
  const version = versions.get(row.active_version_id)
  return {
    template: {
      id: row.id,
      name: row.name,
      display_name: template.display_name,
      description: template.description,
      ...(template.deprecated ? { deprecated: template.deprecation_message } : {}),
      readme: cut(withoutFrontMatter(version.readme).trim(), MAX_README_CHARS),
    },
    parameters: versions.parameters(version).map(toParameter),
    presets: versions.presets(version).map((preset) => ({
      id: preset.ID,
      name: preset.Name,
      ...(preset.Description === '' ? {} : { description: preset.Description }),
      default: preset.Default,
      parameters: Object.fromEntries(preset.Parameters.map(({ Name, Value }) => [Name, Value])),
    })),
  }
}

function toParameter(parameter: TemplateVersionParameter) {
  return {
    name: parameter.name,
    ...(parameter.display_name === undefined ? {} : { display_name: parameter.display_name }),
    description: parameter.description_plaintext || parameter.description,
    type: parameter.type,
    required: parameter.required,
    mutable: parameter.mutable,
    ...(parameter.required ? {} : { default: parameter.default_value }),
    ...(parameter.options.length === 0
      ? {}
      : { options: parameter.options.map(({ name, value, description }) => ({ name, value, description })) }),
  }
}

/** How many workspaces of which template somebody has, and of which the one is that they used last. */
function ownWorkspaces(db: Database, userId: string) {
  const rows = db.all(
    db.sql
      .selectFrom('workspaces')
      .select(['template_id', 'last_used_at'])
      .where('owner_id', '=', userId)
      .where('deleted', '=', 0)
      .orderBy('last_used_at', 'desc'),
  )
  const counts = new Map<string, number>()
  for (const { template_id: id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1)
  return { counts, last: rows[0]?.template_id }
}

const withoutFrontMatter = (readme: string): string => readme.replace(/^---\n[^]*?\n---\n/, '')
const cut = (text: string, chars: number): string => (text.length > chars ? `${text.slice(0, chars)}…` : text)
