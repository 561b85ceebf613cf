import type { ReactNode } from 'react'
import type { MenuItem } from '../../../ui/menu-item.ts'
import type { Draft } from './draft.ts'
import { EffortPicker } from './effort-picker.tsx'
import { McpPicker } from './mcp-picker.tsx'
import { ModelPicker } from './model-picker.tsx'
import { PlusMenu } from './plus-menu.tsx'
import type { ComposerChoices } from './use-composer-choices.ts'

export type OpenPicker = 'model' | 'effort' | 'mcp' | undefined

export interface ComposerBarProps {
  readonly deploymentId: string
  readonly choices: ComposerChoices
  readonly open: OpenPicker
  readonly onOpen: (open: OpenPicker) => void
  readonly onChange: (change: Partial<Draft>) => void
  readonly onAttach: () => void
  readonly plusItems: readonly MenuItem[]
  readonly tools: ReactNode
  readonly end: ReactNode
}

/** Below the text: what goes along, with which model and servers, and the buttons that send and stop. */
export function ComposerBar(props: ComposerBarProps) {
  const { choices, open, onOpen, onChange } = props
  return (
    <div className="flex min-w-0 items-center gap-1 px-1.5 pb-1.5">
      <PlusMenu
        planMode={choices.planMode}
        onAttach={props.onAttach}
        onPlan={(planMode) => onChange({ planMode })}
        onMcp={choices.servers.length === 0 ? undefined : () => onOpen('mcp')}
        more={props.plusItems}
      />
      <ModelPicker
        models={choices.models}
        unsupported={choices.unsupported}
        value={choices.modelConfigId}
        lastEffort={choices.lastEffort}
        onChange={(modelConfigId) => onChange({ modelConfigId })}
        open={open === 'model'}
        onOpenChange={(next) => onOpen(next ? 'model' : undefined)}
      />
      <EffortPicker
        efforts={choices.efforts}
        value={choices.effort}
        usual={choices.defaultEffort}
        canBeUnsaid={choices.canLeaveEffort}
        onChange={(effort) => onChange({ effort })}
        open={open === 'effort'}
        onOpenChange={(next) => onOpen(next ? 'effort' : undefined)}
      />
      <McpPicker
        deploymentId={props.deploymentId}
        servers={choices.servers}
        value={choices.mcpServerIds ?? []}
        onChange={(mcpServerIds) => onChange({ mcpServerIds })}
        open={open === 'mcp'}
        onOpenChange={(next) => onOpen(next ? 'mcp' : undefined)}
      />
      {props.tools}
      <span className="ml-auto flex flex-none items-center gap-1">{props.end}</span>
    </div>
  )
}
