import { describe, expect, it } from 'vitest'
import { createOutputBatch } from './output-batch.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('output batch', () => {
  it('joins what comes in one turn, in order, into a buffer of its own', async () => {
    const sent: Uint8Array[] = []
    const batch = createOutputBatch((bytes) => sent.push(bytes))
    const pool = Buffer.alloc(64, 'x')
    batch.push(pool.subarray(0, 3))
    batch.push(Buffer.from('yz'))
    expect(sent).toEqual([])
    await turn()
    expect(sent.map((bytes) => Buffer.from(bytes).toString())).toEqual(['xxxyz'])
    expect(sent[0]?.buffer.byteLength).toBe(5)
  })

  it('sends a full batch at once', () => {
    const sent: number[] = []
    const batch = createOutputBatch((bytes) => sent.push(bytes.length))
    batch.push(new Uint8Array(64 * 1024))
    expect(sent).toEqual([64 * 1024])
  })

  it('forgets what is held when it will be replayed', async () => {
    const sent: Uint8Array[] = []
    const batch = createOutputBatch((bytes) => sent.push(bytes))
    batch.push(Buffer.from('old'))
    batch.clear()
    await turn()
    expect(sent).toEqual([])
  })
})
