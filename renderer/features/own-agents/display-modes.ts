import { createContext, useContext } from 'react'
import { usePreferences } from './use-preferences.ts'

/** How a conversation shows what an agent thought and did; a word that is not known counts as `auto`. */
export interface DisplayModes {
  readonly thinking: string
  readonly commands: string
  readonly changes: string
}

const automatic: DisplayModes = { thinking: 'auto', commands: 'auto', changes: 'auto' }

/** The choices of the user on the deployment. */
export function useDisplayModes(deploymentId: string): DisplayModes {
  const { data } = usePreferences(deploymentId)
  return {
    thinking: data?.thinking_display_mode ?? automatic.thinking,
    commands: data?.shell_tool_display_mode ?? automatic.commands,
    changes: data?.code_diff_display_mode ?? automatic.changes,
  }
}

export const DisplayModesContext = createContext(automatic)

/** The same for the rows of a conversation. */
export const useShownModes = (): DisplayModes => useContext(DisplayModesContext)
