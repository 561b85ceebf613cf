import { describe, expect, it } from 'vitest'
import { createFakePort } from '../testing/fake-port.ts'
import { sampleId } from '../testing/wire-samples.ts'
import { createFilesClient, failedWith, placeKey } from './files-client.ts'

const place = { deploymentId: 'local', workspaceId: sampleId(2) }

function start() {
  const port = createFakePort()
  let count = 0
  const client = createFilesClient(port, () => sampleId(40, (count += 1)))
  return { port, client, requestId: sampleId(40, 1) }
}

describe('the client for files', () => {
  it('gives events as they come, acknowledges each, and then the answer', async () => {
    const { port, client, requestId } = start()
    const events: string[] = []
    const answer = client.ask(
      place,
      { op: 'list', path: '/home' },
      { onEvent: ({ kind }) => events.push(kind) },
    )
    port.receive({ type: 'files-event', requestId, event: { kind: 'entries', entries: [] } })
    port.receive({
      type: 'files-answer',
      requestId,
      result: { ok: true, value: { count: 0, isTruncated: false } },
    })
    expect(await answer).toEqual({ count: 0, isTruncated: false })
    expect(events).toEqual(['entries'])
    expect(port.sent.at(-1)).toEqual({ type: 'files-ack', requestId, events: 1 })
  })

  it('fails with what the bridge says', async () => {
    const { port, client, requestId } = start()
    const answer = client.ask(place, { op: 'stat', path: '/x' })
    const error = { code: 'not_found', message: '“/x” is not there.' } as const
    port.receive({ type: 'files-answer', requestId, result: { ok: false, error } })
    await expect(answer).rejects.toSatisfy((thrown) => failedWith(thrown, 'not_found'))
  })

  it('sends what waited once a port comes, and does nothing twice that was sent', async () => {
    const { port, client } = start()
    const sent = client.ask(place, { op: 'make-folder', path: '/a' })
    port.disconnect()
    await expect(sent).rejects.toSatisfy((thrown) => failedWith(thrown, 'disconnected'))
    const waiting = client.ask(place, { op: 'make-folder', path: '/b' })
    port.connect()
    expect(port.sent.map((message) => 'request' in message && message.request)).toEqual([
      { op: 'make-folder', path: '/a' },
      { op: 'make-folder', path: '/b' },
    ])
    port.receive({ type: 'files-answer', requestId: sampleId(40, 2), result: { ok: true, value: null } })
    expect(await waiting).toBeNull()
  })

  it('tells the bridge when nobody waits any more', async () => {
    const { port, client, requestId } = start()
    const abort = new AbortController()
    const answer = client.ask(place, { op: 'home' }, { signal: abort.signal })
    abort.abort()
    await expect(answer).rejects.toSatisfy((thrown) => failedWith(thrown, 'cancelled'))
    expect(port.sent.at(-1)).toEqual({ type: 'files-cancel', requestId })
  })

  it('knows how the way into a place is, until the bridge is gone', () => {
    const { port, client } = start()
    port.receive({ type: 'files-place', place, state: { kind: 'open' } })
    expect(client.places.getState().get(placeKey(place))).toEqual({ kind: 'open' })
    port.disconnect()
    expect(client.places.getState().size).toBe(0)
  })
})
