import { createElement } from 'react'
import type { Template } from '#bridge/contract/templates'
import {
  BotIcon,
  BoxIcon,
  CodeXmlIcon,
  CpuIcon,
  DatabaseIcon,
  GitBranchIcon,
  LayersIcon,
  TerminalIcon,
  type Icon,
} from '../../ui/icons.tsx'

/**
 * A template's picture lies on its server and the window loads nothing from there, so its name chooses among ours.
 */
const byWord: readonly (readonly [RegExp, Icon])[] = [
  [/\b(?:ai|agents?)\b/i, BotIcon],
  [/\b(?:git|repo|repository)\b/i, GitBranchIcon],
  [/data|postgres|sql|warehouse/i, DatabaseIcon],
  [/gpu|cuda|ml|notebook|jupyter/i, CpuIcon],
  [/docker|container|kubernetes|k8s|compose/i, BoxIcon],
  [/shell|scratch|linux|local|folder|terminal/i, TerminalIcon],
  [/go|node|rust|python|java|web|code/i, CodeXmlIcon],
]

/** The icon for a template's name; layers where no word is known. */
export function iconFor(name: string): Icon {
  return byWord.find(([word]) => word.test(name))?.[1] ?? LayersIcon
}

/** The template's tile. */
export function TemplateIcon({ template }: { readonly template: Pick<Template, 'name'> }) {
  return (
    <span className="grid size-10 flex-none place-items-center rounded-lg bg-accent-soft text-accent-fg hc-edge">
      {createElement(iconFor(template.name), { className: 'size-5' })}
    </span>
  )
}
