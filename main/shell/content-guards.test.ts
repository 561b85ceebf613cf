import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '#bridge/lib/logger'
import { createMicrophoneGate } from '../security/microphone-gate.ts'
import { FakeContents, type RecordingElectron } from '../testing/recording-electron.ts'

const recording = await vi.hoisted(async () => {
  const { createRecordingElectron } = await import('../testing/recording-electron.ts')
  return createRecordingElectron()
})
vi.mock('electron', () => recording.electron)
const { guardAllContents, guardDefaultSession } = await import('./content-guards.ts')

const { app, session } = (recording satisfies RecordingElectron).electron
const gate = createMicrophoneGate(() => 0)
guardAllContents(silentLogger, gate)
guardDefaultSession(silentLogger, gate)

describe('every web contents', () => {
  let contents: FakeContents
  beforeEach(() => {
    contents = new FakeContents()
    app.emit('web-contents-created', {}, contents)
  })

  const navigation = (url: string, isMainFrame = true) => ({ url, isMainFrame, preventDefault: vi.fn() })

  it.each(['will-navigate', 'will-frame-navigate'])('is held to the entry page on %s', (event) => {
    const away = navigation('https://example.com/')
    contents.emit(event, away)
    expect(away.preventDefault).toHaveBeenCalledOnce()
    const reload = navigation('app://outpost/index.html')
    contents.emit(event, reload)
    expect(reload.preventDefault).not.toHaveBeenCalled()
    const frame = navigation('app://outpost/index.html', false)
    contents.emit(event, frame)
    expect(frame.preventDefault).toHaveBeenCalledOnce()
  })

  it('follows no redirect and attaches no webview', () => {
    for (const event of ['will-redirect', 'will-attach-webview']) {
      const attempt = navigation('app://outpost/index.html')
      contents.emit(event, attempt)
      expect(attempt.preventDefault).toHaveBeenCalledOnce()
    }
  })

  it('finds no Bluetooth device', () => {
    const attempt = { preventDefault: vi.fn() }
    const callback = vi.fn()
    contents.emit('select-bluetooth-device', attempt, [{ deviceId: 'x' }], callback)
    expect(attempt.preventDefault).toHaveBeenCalledOnce()
    expect(callback).toHaveBeenCalledWith('')
  })

  it('opens no window', () => {
    expect(contents.openHandler?.({ url: 'app://outpost/index.html' })).toEqual({ action: 'deny' })
  })
})

describe('every session', () => {
  it('refuses permissions by request and by check', () => {
    const { request, check } = recording.sessionHandlers as Record<string, (...args: unknown[]) => unknown>
    const answers: boolean[] = []
    request?.(null, 'media', (granted: boolean) => answers.push(granted), {
      requestingUrl: 'app://outpost/index.html',
      isMainFrame: true,
    })
    request?.(null, 'clipboard-sanitized-write', (granted: boolean) => answers.push(granted), {
      requestingUrl: 'app://outpost/index.html',
      isMainFrame: true,
    })
    expect(answers).toEqual([false, true])
    expect(check?.(null, 'notifications', 'app://outpost/', { isMainFrame: true })).toBe(false)
    expect(check?.(null, 'clipboard-sanitized-write', 'https://evil.test/', { isMainFrame: true })).toBe(
      false,
    )
  })

  it('opens the microphone once for the window that main lets, and the camera never', () => {
    const { request, check } = recording.sessionHandlers as Record<string, (...args: unknown[]) => unknown>
    const { BrowserWindow: FakeWindow } = recording.electron
    const [mine, other] = [1, 2].map(() => new FakeWindow({}))
    if (!mine || !other) throw new Error('There are no windows.')
    const page = { requestingUrl: 'app://outpost/index.html', isMainFrame: true }
    const ask = (contents: unknown, details: object): boolean => {
      const answers: boolean[] = []
      request?.(contents, 'media', (granted: boolean) => answers.push(granted), { ...page, ...details })
      return answers[0] === true
    }
    const look = (contents: unknown, mediaType: string): unknown =>
      check?.(contents, 'media', 'app://outpost/', { isMainFrame: true, mediaType })

    expect(ask(mine.webContents, { mediaTypes: ['audio'] })).toBe(false)
    gate.open(mine.id)
    expect(look(mine.webContents, 'audio')).toBe(true)
    expect(look(mine.webContents, 'video')).toBe(false)
    expect(look(other.webContents, 'audio')).toBe(false)
    expect(look(null, 'audio')).toBe(false)
    expect(ask(mine.webContents, { mediaTypes: ['audio', 'video'] })).toBe(false)
    expect(ask(mine.webContents, { mediaTypes: ['audio'], isMainFrame: false })).toBe(false)
    expect(ask(mine.webContents, { mediaTypes: ['audio'], requestingUrl: 'https://evil.test/' })).toBe(false)
    expect(ask(other.webContents, { mediaTypes: ['audio'] })).toBe(false)
    expect(ask(mine.webContents, { mediaTypes: ['audio'] })).toBe(true)
    expect(ask(mine.webContents, { mediaTypes: ['audio'] })).toBe(false)
    expect(look(mine.webContents, 'audio')).toBe(false)
  })

  it('gives no device of any kind', () => {
    const handlers = recording.sessionHandlers as Record<string, (...args: unknown[]) => unknown>
    expect(handlers['device']?.()).toBe(false)
    expect(handlers['usb']?.()).toEqual([])
    for (const event of ['select-hid-device', 'select-usb-device', 'select-serial-port']) {
      const attempt = { preventDefault: vi.fn() }
      const callback = vi.fn()
      session.defaultSession.emit(event, attempt, {}, callback)
      expect(attempt.preventDefault).toHaveBeenCalledOnce()
      expect(callback).toHaveBeenCalledWith('')
    }
  })

  it('saves no download of a page', () => {
    const attempt = { preventDefault: vi.fn() }
    session.defaultSession.emit('will-download', attempt, { getURL: () => 'blob:app://outpost/1' })
    expect(attempt.preventDefault).toHaveBeenCalledOnce()
  })

  it('is guarded when it is made later', () => {
    const later = Object.assign(new EventEmitter(), {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
      setUSBProtectedClassesHandler: vi.fn(),
      setDisplayMediaRequestHandler: vi.fn(),
    })
    app.emit('session-created', later)
    expect(later.setPermissionRequestHandler).toHaveBeenCalledOnce()
    expect(later.setPermissionCheckHandler).toHaveBeenCalledOnce()
  })
})

describe('requests for trust', () => {
  it('are refused: certificates, client certificates and sign-ins', () => {
    const certificate = { preventDefault: vi.fn() }
    const trusted = vi.fn()
    app.emit('certificate-error', certificate, {}, 'https://x', 'ERR', {}, trusted)
    expect(trusted).toHaveBeenCalledWith(false)
    for (const event of ['select-client-certificate', 'login']) {
      const attempt = { preventDefault: vi.fn() }
      const callback = vi.fn()
      app.emit(event, attempt, {}, {}, {}, callback)
      expect(attempt.preventDefault).toHaveBeenCalledOnce()
      expect(callback).toHaveBeenCalledWith()
    }
  })
})
