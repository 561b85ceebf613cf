import { useEffect, useState } from 'react'
import type { NetworkInput } from '#ipc/network-input'
import type { Output } from '../../api/procedure-types.ts'
import { useApi } from '../../api/api-context.tsx'
import { useRead } from '../../api/use-call.ts'

/** Long enough not to ask for every letter of a host name. */
const settleMs = 600

export interface Probe {
  /** What answered at the address as typed now. */
  readonly found: Output<'deployments.probe'> | undefined
  readonly error: Error | null
  readonly isLooking: boolean
  /** Looks at once, on blur and Enter. */
  readonly now: () => void
}

/**
 * Looks at the address being typed, once it rests. An older answer is never shown for a newer address.
 *
 * @param network how it is reached, where that is set; a new one looks again.
 */
export function useProbe(typed: string, network?: NetworkInput): Probe {
  const url = typed.trim()
  const [asked, setAsked] = useState('')
  useEffect(() => {
    // Half a scheme is no address yet; asking would only show an error while the user types.
    if (!/^(https?:\/\/)?[^/\s]{2,}/i.test(url)) return undefined
    const timer = setTimeout(() => setAsked(url), settleMs)
    return () => clearTimeout(timer)
  }, [url])
  const { queryClient } = useApi()
  // What answered while one looked says nothing later: the deployment may be added by then, or gone.
  useEffect(() => () => queryClient.removeQueries({ queryKey: ['deployments.probe'] }), [queryClient])
  const probe = useRead(
    'deployments.probe',
    asked !== '' && asked === url ? { url: asked, ...(network === undefined ? {} : { network }) } : undefined,
  )
  return {
    found: asked === url ? probe.data : undefined,
    error: asked === url ? probe.error : null,
    isLooking: asked === url && probe.isFetching,
    now: () => {
      if (url !== '' && asked === url && probe.isError) void probe.refetch()
      else setAsked(url)
    },
  }
}
