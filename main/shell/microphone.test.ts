import { describe, expect, it, vi } from 'vitest'
import { createMicrophoneGate } from '../security/microphone-gate.ts'
import { createRecordingElectron } from '../testing/recording-electron.ts'

/** The port on a system that says so. */
async function start(platform: NodeJS.Platform, mediaAccess: 'granted' | 'denied') {
  const { electron, calls } = createRecordingElectron({ mediaAccess })
  vi.resetModules()
  vi.doMock('electron', () => electron)
  const { createMicrophone } = await import('./microphone.ts')
  const gate = createMicrophoneGate(() => 0)
  return { microphone: createMicrophone(platform, gate), gate, calls }
}

describe('the microphone', () => {
  it.each([
    ['darwin', 'askForMediaAccess', ['microphone']],
    ['win32', 'getMediaAccessStatus', ['microphone']],
  ] as const)('is asked for of %s, which may say no', async (platform, name, args) => {
    const allowed = await start(platform, 'granted')
    expect(await allowed.microphone.allow(1)).toBe(true)
    expect(allowed.calls).toEqual([{ name, args }])
    expect(allowed.gate.isOpen(1)).toBe(true)
    const denied = await start(platform, 'denied')
    expect(await denied.microphone.allow(1)).toBe(false)
    expect(denied.gate.isOpen(1)).toBe(false)
  })

  it('is simply opened on Linux', async () => {
    const { microphone, gate, calls } = await start('linux', 'denied')
    expect(await microphone.allow(7)).toBe(true)
    expect([gate.isOpen(7), gate.isOpen(1)]).toEqual([true, false])
    expect(calls).toEqual([])
  })

  it('comes with a dictation of its own on macOS alone', async () => {
    const mac = await start('darwin', 'granted')
    expect(mac.microphone.hasSystemDictation).toBe(true)
    mac.microphone.startSystemDictation()
    expect(mac.calls).toEqual([{ name: 'sendActionToFirstResponder', args: ['startDictation:'] }])
    expect((await start('linux', 'granted')).microphone.hasSystemDictation).toBe(false)
  })
})
