export { SettingRow } from './setting-row.tsx'
export { useSettings, useUpdateSettings } from './use-settings.ts'
export { StorageNotices } from './storage-notices.tsx'
