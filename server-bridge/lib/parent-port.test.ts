import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { openParentPort } from './parent-port.ts'

test('speaks with Electron’s parent by its port, transferred ports included', () => {
  const posted: unknown[] = []
  const parentPort = Object.assign(new EventEmitter(), {
    postMessage: (message: unknown) => posted.push(message),
  })
  const port = openParentPort({ parentPort } as unknown as NodeJS.Process)
  const heard: unknown[] = []
  const stop = port?.onMessage((message, ports) => heard.push([message, ports]))
  port?.post('out')
  parentPort.emit('message', { data: 'in', ports: ['a port'] })
  stop?.()
  parentPort.emit('message', { data: 'late', ports: [] })
  expect(posted).toEqual(['out'])
  expect(heard).toEqual([['in', ['a port']]])
})

test('speaks with the parent of a fork, and tells when it is gone', () => {
  const posted: unknown[] = []
  const host = Object.assign(new EventEmitter(), {
    connected: true,
    send: (message: unknown) => posted.push(message),
  })
  const port = openParentPort(host as unknown as NodeJS.Process)
  const heard: unknown[] = []
  let closes = 0
  port?.onMessage((message) => heard.push(message))
  port?.onClose(() => (closes += 1))
  host.emit('message', 'in')
  port?.post('out')
  host.connected = false
  host.emit('disconnect')
  port?.post('too late')
  expect([heard, posted, closes]).toEqual([['in'], ['out'], 1])
})

test('is nothing without a parent', () => {
  expect(openParentPort(new EventEmitter() as unknown as NodeJS.Process)).toBeUndefined()
})
