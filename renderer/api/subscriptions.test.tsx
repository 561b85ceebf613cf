import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { describe, expect, it } from 'vitest'
import { createFakeBridge, failure } from '../testing/fake-bridge.ts'
import { sampleId, sampleJobLog, sampleWorkspace } from '../testing/wire-samples.ts'
import { ApiProvider } from './api-context.tsx'
import { createApi } from './create-api.ts'
import { useSubscription } from './use-subscription.ts'

function setUp() {
  const fake = createFakeBridge()
  const api = createApi(fake.bridge)
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <ApiProvider api={api}>{children}</ApiProvider>
  )
  return { fake, api, wrapper }
}

const ofLocal = { deploymentId: 'local', q: '' }

describe('a shared subscription', () => {
  it('is opened once for two components and follows what main pushes', async () => {
    const { fake, wrapper } = setUp()
    fake.feed('workspaces.watchList', () => ({ workspaces: [], count: 0 }))
    const first = renderHook(() => useSubscription('workspaces.watchList', ofLocal), { wrapper })
    const second = renderHook(
      () => useSubscription('workspaces.watchList', { q: '', deploymentId: 'local' }),
      {
        wrapper,
      },
    )
    await waitFor(() => expect(first.result.current.status).toBe('live'))
    expect(fake.inputsOf('workspaces.watchList')).toHaveLength(1)
    act(() => fake.push('workspaces.watchList', { workspaces: [sampleWorkspace()], count: 1 }))
    expect(first.result.current.data?.count).toBe(1)
    expect(second.result.current.data?.count).toBe(1)
  })

  it('keeps the last data beside an error, and opens again on retry', async () => {
    const { fake, wrapper } = setUp()
    fake.feed('workspaces.watchList', () => ({ workspaces: [], count: 7 }))
    const { result } = renderHook(() => useSubscription('workspaces.watchList', ofLocal), { wrapper })
    await waitFor(() => expect(result.current.status).toBe('live'))
    act(() => fake.fail('workspaces.watchList', failure('unreachable', 'Away.')))
    expect(result.current).toMatchObject({
      status: 'failed',
      data: { count: 7 },
      error: { code: 'unreachable' },
    })
    act(() => result.current.retry())
    await waitFor(() => expect(result.current.status).toBe('live'))
    expect(result.current.error).toBeUndefined()
  })

  it('opens failed ones of a deployment again when it is back, and leaves others alone', async () => {
    const { fake, api, wrapper } = setUp()
    fake.feed('workspaces.watchList', () => ({ workspaces: [], count: 0 }))
    renderHook(() => useSubscription('workspaces.watchList', ofLocal), { wrapper })
    renderHook(() => useSubscription('workspaces.watchList', { deploymentId: 'acme', q: '' }), { wrapper })
    await waitFor(() => expect(fake.openSubscriptions('workspaces.watchList')).toBe(2))
    act(() => fake.fail('workspaces.watchList', failure('unreachable', 'Away.')))
    act(() => api.subscriptions.retryDeployment('acme'))
    await waitFor(() => expect(fake.openSubscriptions('workspaces.watchList')).toBe(1))
    expect(fake.inputsOf('workspaces.watchList').at(-1)).toMatchObject({ deploymentId: 'acme' })
  })

  it('gathers log lines without doubles when they are sent again after a reconnect', async () => {
    const { fake, wrapper } = setUp()
    fake.feed('workspaces.followBuildLogs', () => [sampleJobLog(1, 'a', 'one'), sampleJobLog(2, 'a', 'two')])
    const input = { deploymentId: 'local', buildId: sampleId(4) }
    const { result } = renderHook(() => useSubscription('workspaces.followBuildLogs', input), { wrapper })
    await waitFor(() => expect(result.current.data).toHaveLength(2))
    act(() =>
      fake.push('workspaces.followBuildLogs', [sampleJobLog(2, 'a', 'two'), sampleJobLog(3, 'b', 'three')]),
    )
    expect(result.current.data?.map(({ output }) => output)).toEqual(['one', 'two', 'three'])
    act(() => fake.end('workspaces.followBuildLogs'))
    expect(result.current.status).toBe('done')
  })
})
