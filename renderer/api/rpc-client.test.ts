import { describe, expect, it, vi } from 'vitest'
import type { MainToRenderer, RendererToMain } from '#ipc/envelope'
import { BridgeError, hasCode } from './bridge-error.ts'
import { createRpcClient } from './rpc-client.ts'

function wire() {
  const sent: RendererToMain[] = []
  let deliver: (message: MainToRenderer) => void = () => undefined
  const client = createRpcClient({
    send: (message) => void sent.push(message),
    onMessage: (listener) => {
      deliver = listener
      return () => undefined
    },
  })
  return { client, sent, deliver: (message: MainToRenderer) => deliver(message) }
}

const about = { version: '1', electron: '1', chrome: '1', node: '1', logFolder: '/l' }

describe('the client over the bridge', () => {
  it('answers a call with the output of the same id', async () => {
    const { client, sent, deliver } = wire()
    const first = client.call('app.about', {})
    const second = client.call('app.openLogFolder', {})
    deliver({ type: 'result', id: sent[1]!.id, output: null })
    deliver({ type: 'result', id: sent[0]!.id, output: about })
    await expect(second).resolves.toBeNull()
    await expect(first).resolves.toEqual(about)
  })

  it('throws one error with code, details and trace id', async () => {
    const { client, sent, deliver } = wire()
    const call = client.call('deployments.signIn', {
      deploymentId: 'a',
      credential: { kind: 'token', token: 't' },
    })
    const error = { code: 'token_refused', message: 'No.', details: { a: 1 }, traceId: 'x' }
    deliver({ type: 'error', id: sent[0]!.id, error })
    const thrown: unknown = await call.catch((reason: unknown) => reason)
    expect(thrown).toBeInstanceOf(BridgeError)
    expect(thrown).toMatchObject(error)
    expect(hasCode<'deployments.signIn'>(thrown, 'token_refused')).toBe(true)
  })

  it('tells main about an abort and ignores the answer that was under way', async () => {
    const { client, sent, deliver } = wire()
    const abort = new AbortController()
    const call = client.call('app.about', {}, abort.signal)
    abort.abort()
    await expect(call).rejects.toThrow()
    expect(sent.at(-1)).toEqual({ type: 'cancel', id: sent[0]!.id })
    deliver({ type: 'result', id: sent[0]!.id, output: about })
  })

  it('sends nothing for a signal that is aborted already', async () => {
    const { client, sent } = wire()
    await expect(client.call('app.about', {}, AbortSignal.abort())).rejects.toThrow()
    expect(sent).toEqual([])
  })

  it('passes outputs of a subscription until it is let go, and cancels it then', () => {
    const { client, sent, deliver } = wire()
    const observer = { next: vi.fn(), error: vi.fn(), done: vi.fn() }
    const stop = client.subscribe('keychain.watch', {}, observer)
    const { id } = sent[0]!
    deliver({ type: 'next', id, output: { kind: 'checking' } })
    stop()
    deliver({ type: 'next', id, output: { kind: 'checking' } })
    expect(observer.next).toHaveBeenCalledTimes(1)
    expect(sent.at(-1)).toEqual({ type: 'cancel', id })
  })

  it('does not cancel what has ended by itself', () => {
    const { client, sent, deliver } = wire()
    const observer = { next: vi.fn(), error: vi.fn(), done: vi.fn() }
    const stop = client.subscribe('keychain.watch', {}, observer)
    deliver({ type: 'done', id: sent[0]!.id })
    stop()
    expect(observer.done).toHaveBeenCalledOnce()
    expect(sent).toHaveLength(1)
  })
})
