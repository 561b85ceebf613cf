export { createFilesHost, FilesProvider, useFilesHost } from './files-host.tsx'
export { useOpenRemoteFile } from './use-open-remote-file.ts'
