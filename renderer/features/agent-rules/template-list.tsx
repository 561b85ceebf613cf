import { useState } from 'react'
import type { Template } from '#bridge/contract/templates'
import { Badge } from '../../ui/badge.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { foundTemplates, templateName } from './template-choice.ts'

export interface TemplateListProps {
  readonly templates: readonly Template[]
  readonly chosen: readonly string[]
  readonly disabled: boolean
  readonly onChange: (ids: readonly string[]) => void
}

/** The templates of the deployment, to choose from. */
export function TemplateList({ templates, chosen, disabled, onChange }: TemplateListProps) {
  const [search, setSearch] = useState('')
  const found = foundTemplates(templates, search)
  const hasOrganizations = new Set(templates.map(({ organization_id: id }) => id)).size > 1
  if (templates.length === 0) return <p className="text-fg-2">This deployment has no templates.</p>
  return (
    <div className="flex flex-col gap-2">
      <SearchField value={search} onChange={setSearch} placeholder="Search templates" className="max-w-80" />
      <ul
        aria-label="Templates"
        className="flex max-h-72 flex-col overflow-auto rounded-md border border-line-strong"
      >
        {found.map((template) => (
          <li key={template.id} className="min-w-0 border-line px-3 py-2 not-last:border-b">
            <Checkbox
              checked={chosen.includes(template.id)}
              disabled={disabled || (template.deprecated && !chosen.includes(template.id))}
              onChange={(isChosen) =>
                onChange(isChosen ? [...chosen, template.id] : chosen.filter((id) => id !== template.id))
              }
              label={
                <span className="flex min-w-0 flex-wrap items-center gap-2 break-words">
                  {templateName(template)}
                  {template.deprecated ? <Badge>Deprecated</Badge> : null}
                </span>
              }
              help={about(template, hasOrganizations)}
            />
          </li>
        ))}
        {found.length === 0 ? <li className="px-3 py-2 text-fg-3">No template has these words.</li> : null}
      </ul>
    </div>
  )
}

function about(template: Template, hasOrganizations: boolean): string {
  const organization = template.organization_display_name || template.organization_name
  return [
    ...(templateName(template) === template.name ? [] : [template.name]),
    ...(hasOrganizations ? [organization] : []),
    ...(template.deprecated ? ['No new workspace can be made of it'] : []),
  ].join(' · ')
}
