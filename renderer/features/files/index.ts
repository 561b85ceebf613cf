export { createFilesHost, FilesProvider } from './files-host.tsx'
export { unsavedToastKey } from './unsaved-toast.ts'
export { useOpenRemoteFile } from './use-open-remote-file.ts'
