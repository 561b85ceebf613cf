export { BuildPanel } from './build-panel.tsx'
export { agentsOf, defaultAgent, isUsable, workspaceActions, workspaceState } from './workspace-state.ts'
export { useWorkspaceCommands, type WorkspaceCommands } from './use-workspace-commands.ts'
export { stopPlan } from './workspace-times.ts'
