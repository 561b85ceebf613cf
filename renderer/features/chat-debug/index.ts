export { DebugPanel } from './debug-panel.tsx'
export { DebugSettings } from './debug-settings.tsx'
export { showDebugSettings, useDebugLogging, useDebugSettingsShown } from './use-debug.ts'
