import { createContext, useContext, type ReactNode } from 'react'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BridgePort } from '../../api/bridge-port.ts'
import type { RpcClient } from '../../api/rpc-client.ts'
import type { CursorPlace, EditorKit } from '../editor/index.ts'

/** A file that something else in the window wants to see. */
export interface WantedFile {
  readonly deploymentId: string
  readonly workspaceId: string
  /** Of the agent on which it is; `undefined`: the one whose files show. */
  readonly agentName: string | undefined
  readonly path: string
  readonly isFolder: boolean
  readonly goTo: CursorPlace | undefined
}

/** What files of workspaces are made of. It is there from the start; what is made of it comes with the first look at files. */
export interface FilesHost {
  readonly rpc: RpcClient
  readonly port: () => BridgePort
  /** Tells main which files were dropped. Answers the id to ask for them by. */
  readonly dropFiles: (files: readonly object[]) => string
  readonly loadKit: () => Promise<EditorKit>
  readonly newId: () => string
  /** Taken by the page that shows it. */
  readonly wanted: StoreApi<{ readonly file: WantedFile | undefined }>
}

export function createFilesHost(deps: Omit<FilesHost, 'wanted'>): FilesHost {
  return { ...deps, wanted: createStore(() => ({ file: undefined })) }
}

const FilesContext = createContext<FilesHost | undefined>(undefined)

export function FilesProvider(props: { readonly host: FilesHost; readonly children: ReactNode }) {
  return <FilesContext value={props.host}>{props.children}</FilesContext>
}

/** What the window's files are made of. */
export function useFilesHost(): FilesHost {
  const host = useContext(FilesContext)
  if (!host) throw new Error('useFilesHost needs a FilesProvider above it')
  return host
}
