import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { createContext, useContext, type ReactNode } from 'react'
import type { BridgeFacts } from '#ipc/bridge-api'
import type { RpcClient } from './rpc-client.ts'
import type { Subscriptions } from './subscriptions.ts'

/** What every page needs to speak with main. */
export interface Api {
  readonly client: RpcClient
  readonly subscriptions: Subscriptions
  readonly queryClient: QueryClient
  readonly facts: BridgeFacts
}

const ApiContext = createContext<Api | undefined>(undefined)

export function ApiProvider({ api, children }: { readonly api: Api; readonly children: ReactNode }) {
  return (
    <ApiContext value={api}>
      <QueryClientProvider client={api.queryClient}>{children}</QueryClientProvider>
    </ApiContext>
  )
}

/** The window's way to main. */
export function useApi(): Api {
  const api = useContext(ApiContext)
  if (!api) throw new Error('useApi needs an ApiProvider above it')
  return api
}
