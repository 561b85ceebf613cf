export { createBridgePort, type BridgePort } from './bridge-port.ts'
export { createClipboard } from './clipboard.ts'
export { SessionPicker } from './session-picker.tsx'
export {
  changeGroup,
  groupOf,
  moveGroup,
  neighbourKey,
  type TerminalGroup,
  type TerminalTab,
} from './terminal-groups.ts'
export { dividerOf, dividers, paneBeside, setShare, type Side } from './terminal-layout.ts'
export { placeOf } from './terminal-place.ts'
export { TerminalTabBar } from './terminal-tab-bar.tsx'
export { createTerminalTabsStore } from './terminal-tabs-store.ts'
export { TerminalsProvider, useTerminalNews, useTerminals, useTerminalTabs } from './terminals-context.tsx'
export { createTerminals, type TerminalPlace, type Terminals } from './terminals.ts'
export { useRenaming } from './use-renaming.ts'
export { useSaveOutput } from './use-save-output.ts'
