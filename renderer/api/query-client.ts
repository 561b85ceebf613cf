import { QueryClient } from '@tanstack/react-query'

/**
 * Reads are answered by main, which has its own retries and knows when a deployment is away: asking again from here
 * would only repeat its answer. The bridge works without a network.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', staleTime: 10_000, refetchOnWindowFocus: true },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
