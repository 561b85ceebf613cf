/** Attaches the navigation, window and permission policy to every web contents and session, later ones too. */
import { app, BrowserWindow, session, type Session, type WebContents } from 'electron'
import type { Logger } from '#bridge/lib/logger'
import type { MicrophoneGate } from '../security/microphone-gate.ts'
import { mayNavigate, windowOpenAnswer } from '../security/navigation.ts'
import { mayUsePermission } from '../security/permissions.ts'
import { contentsPolicy } from './contents-policies.ts'

export function guardAllContents(logger: Logger, microphone: MicrophoneGate): void {
  app.on('web-contents-created', (_, contents) => {
    guardContents(contents, logger)
  })
  app.on('session-created', (created) => {
    guardSession(created, logger, microphone)
  })
  // Pages load only from our own scheme, so a request that gets as far as asking for trust is refused. Their callback is
  // always the last argument.
  app.on('certificate-error', (event, ...rest) => {
    event.preventDefault()
    logger.warn('Refused a certificate in a page', { origin: originOf(rest[1]), error: rest[2] })
    rest[4](false)
  })
  app.on('select-client-certificate', (event, ...rest) => {
    event.preventDefault()
    rest[3]()
  })
  app.on('login', (event, ...rest) => {
    event.preventDefault()
    rest[3]()
  })
}

/** To be called once `ready`, before the first window. */
export function guardDefaultSession(logger: Logger, microphone: MicrophoneGate): void {
  guardSession(session.defaultSession, logger, microphone)
}

function guardContents(contents: WebContents, logger: Logger): void {
  const refuse = (what: string, url: string) => {
    // A preview may try as often as it likes, and the address may hold a secret of its own.
    if (contentsPolicy(contents) !== undefined) logger.debug('Kept a preview in its app', { what })
    else logger.warn('Refused a page to leave the app', { what, url: url.slice(0, 200) })
  }
  const may = (url: string, isMainFrame: boolean): boolean =>
    contentsPolicy(contents)?.mayNavigate(url, isMainFrame) ?? mayNavigate(url, isMainFrame)
  contents.on('will-navigate', (event) => {
    if (!may(event.url, event.isMainFrame)) {
      event.preventDefault()
      refuse('will-navigate', event.url)
    }
  })
  contents.on('will-frame-navigate', (event) => {
    if (!may(event.url, event.isMainFrame)) {
      event.preventDefault()
      refuse('will-frame-navigate', event.url)
      // Of a main frame both events tell: once is enough for whoever answers.
      if (event.isMainFrame) contentsPolicy(contents)?.onRefused(event.url, 'navigation')
    }
  })
  contents.on('will-redirect', (event) => {
    if (contentsPolicy(contents)?.mayNavigate(event.url, event.isMainFrame) === true) return
    event.preventDefault()
    refuse('will-redirect', event.url)
    if (event.isMainFrame) contentsPolicy(contents)?.onRefused(event.url, 'redirect')
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
    refuse('will-attach-webview', '')
  })
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault()
    callback('')
  })
  contents.setWindowOpenHandler(({ url }) => {
    refuse('window.open', url)
    contentsPolicy(contents)?.onRefused(url, 'window')
    return windowOpenAnswer()
  })
}

function guardSession(target: Session, logger: Logger, microphone: MicrophoneGate): void {
  // Files are saved by main and its dialog (`app.saveText`). A page's own download would write what a server says, under
  // the name it says.
  target.on('will-download', (event, item) => {
    event.preventDefault()
    logger.warn('Refused a download of a page', { origin: originOf(item.getURL()) })
  })
  target.setPermissionRequestHandler((contents, permission, callback, details) => {
    const { isMainFrame, requestingUrl } = details
    const media = 'mediaTypes' in details ? details.mediaTypes : undefined
    const request = { permission, origin: originOf(requestingUrl), isMainFrame, media }
    callback(mayUsePermission(request, () => microphone.pass(windowOf(contents))))
  })
  target.setPermissionCheckHandler((contents, permission, origin, { isMainFrame, mediaType }) => {
    const request = { permission, origin: origin.replace(/\/$/, ''), isMainFrame, media: [mediaType] }
    return mayUsePermission(request, () => microphone.isOpen(windowOf(contents)))
  })
  target.setDevicePermissionHandler(() => false)
  target.setUSBProtectedClassesHandler(() => [])
  target.setDisplayMediaRequestHandler((_request, callback) => {
    callback({})
  })
  for (const event of ['select-hid-device', 'select-usb-device', 'select-serial-port'] as const) {
    refuseDevices(target, event)
  }
}

function refuseDevices(
  target: Session,
  event: 'select-hid-device' | 'select-usb-device' | 'select-serial-port',
): void {
  // The three events differ only in their details; each has the callback last.
  const on = target.on.bind(target) as (name: string, listener: (...args: unknown[]) => void) => void
  on(event, (...args) => {
    const preventable = args[0] as { preventDefault(): void }
    preventable.preventDefault()
    const callback = args.at(-1) as (id: string) => void
    callback('')
  })
}

/** The window a page is the page of. */
function windowOf(contents: WebContents | null): number | undefined {
  return contents === null ? undefined : BrowserWindow.fromWebContents(contents)?.id
}

function originOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/.exec(url)?.[0] ?? ''
}
