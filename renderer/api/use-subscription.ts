import { useCallback, useSyncExternalStore } from 'react'
import { useApi } from './api-context.tsx'
import type { Input, Output, SubscriptionName } from './procedure-types.ts'
import type { SubscriptionSnapshot } from './subscriptions.ts'

export interface SubscriptionResult<T> extends SubscriptionSnapshot<T> {
  readonly retry: () => void
}

const off: SubscriptionSnapshot<never> = { status: 'loading', data: undefined, error: undefined }

/** Live data from main, shared with every component that asks for the same. `undefined` as input asks for nothing. */
export function useSubscription<N extends SubscriptionName>(
  name: N,
  input: Input<N> | undefined,
): SubscriptionResult<Output<N>> {
  const { subscriptions } = useApi()
  // Callers write the input in place; its text says whether it is another one.
  const key = input === undefined ? undefined : JSON.stringify(input)
  const subscribe = useCallback(
    (listener: () => void) =>
      key === undefined ? () => undefined : subscriptions.listen(name, JSON.parse(key) as Input<N>, listener),
    [subscriptions, name, key],
  )
  const snapshot = useSyncExternalStore<SubscriptionSnapshot<Output<N>>>(subscribe, () =>
    key === undefined ? off : subscriptions.read(name, JSON.parse(key) as Input<N>),
  )
  const retry = useCallback(() => {
    if (key !== undefined) subscriptions.retry(name, JSON.parse(key) as Input<N>)
  }, [subscriptions, name, key])
  return { ...snapshot, retry }
}
