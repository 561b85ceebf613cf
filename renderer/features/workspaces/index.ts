export { BuildPanel, type BuildPanelProps } from './build-panel.tsx'
export {
  agentsOf,
  agentState,
  defaultAgent,
  isUsable,
  workspaceActions,
  workspaceState,
  type StateWords,
} from './workspace-state.ts'
export { useWorkspaceCommands, type WorkspaceCommands } from './use-workspace-commands.ts'
export { stopPlan } from './workspace-times.ts'
