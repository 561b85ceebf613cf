import type { InMemoryPage } from './in-memory-page.ts'

/** Resolves once the first deployment can be used. */
export async function untilConnected(page: InMemoryPage): Promise<void> {
  const watch = page.subscribe('deployments.watch', {})
  await watch.next((view) => view.deployments[0]?.state.kind === 'connected')
  watch.cancel()
}
