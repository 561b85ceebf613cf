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
