import type { Template } from '#bridge/contract/templates'
import { templateFacts } from './template-facts.ts'
import { TemplateIcon } from './template-icon.tsx'

export interface TemplateCardProps {
  readonly template: Template
  /** What pressing it does, for its name. */
  readonly actionLabel: string
  readonly onSelect: () => void
}

/** A template as a card that is one button. */
export function TemplateCard({ template, actionLabel, onSelect }: TemplateCardProps) {
  const name = template.display_name || template.name
  const facts = templateFacts(template).join(' · ')
  return (
    <button
      type="button"
      aria-label={actionLabel}
      onClick={onSelect}
      className="flex size-full items-start gap-3 rounded-lg border border-line-strong bg-card p-3.5 text-left hover:border-line-ui hover:bg-hover"
    >
      <TemplateIcon template={template} />
      <span className="min-w-0 flex-1">
        <span className="cut block font-semibold">{name}</span>
        <span className="line-clamp-2 text-sm text-fg-2">
          {template.deprecated
            ? `Deprecated. ${template.deprecation_message}`
            : template.description || 'No description.'}
        </span>
        {facts === '' ? null : <span className="num mt-1.5 block text-sm text-fg-3">{facts}</span>}
      </span>
    </button>
  )
}
