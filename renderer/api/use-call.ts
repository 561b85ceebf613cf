import { useEffect, useRef } from 'react'
import { useMutation, useQuery, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query'
import { useApi } from './api-context.tsx'
import type { Input, MutationName, Output, QueryName } from './procedure-types.ts'

/** Reads once and caches. `undefined` as input asks for nothing. */
export function useRead<N extends QueryName>(
  name: N,
  input: Input<N> | undefined,
): UseQueryResult<Output<N>> {
  const { client } = useApi()
  return useQuery({
    queryKey: [name, input],
    enabled: input !== undefined,
    queryFn: ({ signal }) => client.call(name, input as Input<N>, signal),
  })
}

/** A change by the user: `mutate(input)`, with its own pending and error state. `onSettled` also after a failure. */
export function useChange<N extends MutationName>(
  name: N,
  options: { readonly onSettled?: () => unknown } = {},
): UseMutationResult<Output<N>, Error, Input<N>> {
  const { client } = useApi()
  return useMutation({ mutationFn: (input: Input<N>) => client.call(name, input), ...options })
}

/** A change that may take long: `cancel` gives it up and forgets its error, and so does leaving the page. */
export function useCancellableChange<N extends MutationName>(
  name: N,
): UseMutationResult<Output<N>, Error, Input<N>> & { readonly cancel: () => void } {
  const { client } = useApi()
  const running = useRef<AbortController | undefined>(undefined)
  const change = useMutation({
    mutationFn: (input: Input<N>) => {
      running.current?.abort()
      running.current = new AbortController()
      return client.call(name, input, running.current.signal)
    },
  })
  useEffect(() => () => running.current?.abort(), [])
  const cancel = (): void => {
    running.current?.abort()
    change.reset()
  }
  return { ...change, cancel }
}
