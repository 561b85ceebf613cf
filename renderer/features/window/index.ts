export {
  useWindowActions,
  WindowActionsProvider,
  type SettingsSection,
  type WindowActions,
  type WorkspaceTab,
} from './window-actions.tsx'
