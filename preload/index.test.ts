import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BridgeFacts } from './contract/bridge-api.ts'

const recorded = vi.hoisted(() => ({
  exposed: [] as [string, Record<string, unknown>][],
  posted: [] as [string, unknown, MessagePort[]][],
  sent: [] as unknown[][],
  listened: [] as string[],
}))
vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (...args: [string, Record<string, unknown>]) => recorded.exposed.push(args),
  },
  ipcRenderer: {
    postMessage: (...args: [string, unknown, MessagePort[]]) => recorded.posted.push(args),
    send: (...args: unknown[]) => recorded.sent.push(args),
    on: (channel: string) => recorded.listened.push(channel),
  },
  webUtils: { getPathForFile: ({ name }: File) => (name === 'made-by-page' ? '' : `/home/ada/${name}`) },
}))

const facts: BridgeFacts = { platform: 'linux', appVersion: '1.0.0', customTitleBar: true, packaged: true }
const { argv } = process

beforeAll(async () => {
  process.argv = ['electron', `--outpost-facts=${JSON.stringify(facts)}`]
  await import('./index.ts')
})
afterAll(() => {
  process.argv = argv
  for (const [, , ports] of recorded.posted) for (const port of ports) port.close()
})

describe('the preload script', () => {
  it('exposes one object with exactly these keys: no channel names, no Electron', () => {
    expect(recorded.exposed.map(([name, bridge]) => [name, Object.keys(bridge).sort()])).toEqual([
      ['bridge', ['dropFiles', 'facts', 'onMessage', 'requestBridgePort', 'send']],
    ])
  })

  it('gives facts that cannot be changed', () => {
    const bridge = recorded.exposed[0]![1]
    expect(bridge['facts']).toEqual(facts)
    expect(Object.isFrozen(bridge['facts'])).toBe(true)
  })

  it('uses two channels, whatever the page hands in', () => {
    const bridge = recorded.exposed[0]![1] as { requestBridgePort: (...args: unknown[]) => void }
    bridge.requestBridgePort('nonce', 'another-channel')
    expect(recorded.sent).toEqual([['outpost:bridge-port', 'nonce']])
    expect(recorded.posted.map(([channel, , ports]) => [channel, ports.length])).toEqual([['outpost:rpc', 1]])
    expect(recorded.listened).toEqual(['outpost:bridge-port'])
  })

  it('tells main the paths of dropped files, and the page only a name for them', () => {
    recorded.sent.length = 0
    const bridge = recorded.exposed[0]![1] as { dropFiles: (files: readonly File[]) => string }
    const dropId = bridge.dropFiles([new File([], 'note'), new File([], 'made-by-page')])
    expect(dropId).toMatch(/^[0-9a-f-]{36}$/)
    expect(recorded.sent).toEqual([['outpost:dropped-files', dropId, ['/home/ada/note']]])
  })

  it('listens to no message of a window, in which any frame could speak', () => {
    const source = readFileSync(new URL('index.ts', import.meta.url), 'utf8')
    expect(source).not.toMatch(/addEventListener|onmessage(?<!port1\.onmessage)/)
  })
})
