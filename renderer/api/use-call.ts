import { useCallback, useEffect, useRef } from 'react'
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

/** What follows a change. All but `onError` belong to the page: they are not called once that is left. */
export interface ChangeHandlers<Out> {
  readonly onSuccess?: ((output: Out) => unknown) | undefined
  readonly onSettled?: (() => unknown) | undefined
  /** Also once the page is left, and for each of several changes: who asked for it goes by it. */
  readonly onError?: ((error: Error) => unknown) | undefined
}

/** Of each state by itself: what is known in one of them is told by it. */
type WithHandlers<Result, In, Out> = Result extends unknown
  ? Omit<Result, 'mutate'> & { readonly mutate: (input: In, handlers?: ChangeHandlers<Out>) => void }
  : never

export type Change<N extends MutationName> = WithHandlers<
  UseMutationResult<Output<N>, Error, Input<N>>,
  Input<N>,
  Output<N>
>

/** A change by the user: `mutate(input)`, with its own pending and error state. `onSettled` also after a failure. */
export function useChange<N extends MutationName>(
  name: N,
  options: { readonly onSettled?: () => unknown } = {},
): Change<N> {
  const { client } = useApi()
  const change = useMutation({ mutationFn: (input: Input<N>) => client.call(name, input), ...options })
  const { mutateAsync } = change
  const mutate = useCallback(
    (input: Input<N>, { onSuccess, onSettled, onError }: ChangeHandlers<Output<N>> = {}): void => {
      // The library's own forgets its handlers with the page, and a failure would be lost.
      mutateAsync(input, {
        onSuccess: (output) => void onSuccess?.(output),
        onSettled: () => void onSettled?.(),
      }).catch((error: unknown) => onError?.(error as Error))
    },
    [mutateAsync],
  )
  return { ...change, mutate }
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
