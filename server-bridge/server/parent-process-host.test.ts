import { describe, expect, it } from 'vitest'
import type { ServerToParent } from '../contract/serve-control.ts'
import { createParentProcessHost } from './parent-process-host.ts'

describe('a process that the parent starts', () => {
  const posted: ServerToParent[] = []
  const host = createParentProcessHost((message) => posted.push(message))

  it('is asked for, spoken to and heard by its id', () => {
    const child = host.spawn('agent')
    const [request] = posted
    const processId = request?.type === 'process-spawn' ? request.processId : ''
    expect(child.pid).toBeUndefined()
    host.receive({ type: 'process-spawned', processId, pid: 42 })
    expect(child.pid).toBe(42)
    const heard: unknown[] = []
    const leave = child.onMessage((message) => heard.push(message))
    host.receive({ type: 'process-message', processId, message: 'one' })
    leave()
    host.receive({ type: 'process-message', processId, message: 'two' })
    host.receive({ type: 'process-message', processId: 'another', message: 'three' })
    expect(heard).toEqual(['one'])
    child.post({ hello: true })
    child.kill()
    expect(posted.slice(1)).toEqual([
      { type: 'process-post', processId, message: { hello: true } },
      { type: 'process-kill', processId },
    ])
  })

  it('tells its end once, also to who asks later', async () => {
    const child = host.spawn('agent')
    const request = posted.at(-1)
    const processId = request?.type === 'process-spawn' ? request.processId : ''
    const ends: (number | null)[] = []
    child.onExit((code) => ends.push(code))
    host.receive({ type: 'process-exited', processId, exitCode: 3 })
    host.receive({ type: 'process-exited', processId, exitCode: 4 })
    expect(ends).toEqual([3])
    expect(await new Promise((resolve) => child.onExit(resolve))).toBe(3)
    const before = posted.length
    child.kill()
    expect(posted).toHaveLength(before)
  })

  it('can only be an agent', () => {
    expect(() => host.spawn('bridge')).toThrow(/no "bridge"/)
  })
})
