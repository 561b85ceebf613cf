export { useSettings, useUpdateSettings } from './use-settings.ts'
export { StorageNotices } from './storage-notices.tsx'
