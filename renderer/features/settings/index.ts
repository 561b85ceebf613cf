export { firstSettings, useSettings, useUpdateSettings, type SettingsView } from './use-settings.ts'
export { StorageNotices } from './storage-notices.tsx'
