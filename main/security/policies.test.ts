import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy, responseHeaders } from './content-security-policy.ts'
import { createMicrophoneGate } from './microphone-gate.ts'
import { mayNavigate, windowOpenAnswer } from './navigation.ts'
import { mayUsePermission } from './permissions.ts'
import { refuseRpcSender } from './rpc-sender.ts'
import { forbiddenSwitch } from './switches.ts'
import { windowOptions } from './window-options.ts'

describe('content security policy', () => {
  it('is exactly this', () => {
    expect(contentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
        "media-src blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; frame-src 'none'; object-src 'none'; " +
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        'trusted-types outpost-editor',
    )
  })

  it('is on every answer, with the sniffing off', () => {
    expect(responseHeaders('text/html')).toMatchObject({
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
    })
  })
})

describe('navigation', () => {
  it('allows the entry in the main frame only', () => {
    expect(mayNavigate('app://outpost/index.html', true)).toBe(true)
    expect(mayNavigate('app://outpost/index.html#/workspaces', true)).toBe(true)
    expect(mayNavigate('app://outpost/index.html', false)).toBe(false)
  })

  it.each([
    'app://other/index.html',
    'app://outpost/other.html',
    'file:///index.html',
    'about:blank',
    'blob:app://outpost/1',
    'data:text/html,x',
    'javascript:alert(1)',
    'https://example.com/',
    'app://outpost@evil/index.html',
    'app://outpost/index.html?x',
  ])('refuses %s', (url) => {
    expect(mayNavigate(url, true)).toBe(false)
  })

  it('opens no window, whatever is asked', () => {
    expect(windowOpenAnswer()).toEqual({ action: 'deny' })
  })
})

describe('permissions', () => {
  /** Every name the installed typings know, so that a new one is decided about here before it is shipped. */
  const typings = readFileSync(createRequire(import.meta.url).resolve('electron/electron.d.ts'), 'utf8')
  const namesOf = (method: string): string[] => {
    const signature = new RegExp(`${method}\\(handler: .*permission: ((?:'[\\w-]+'(?: \\| )?)+)`).exec(
      typings,
    )
    return [...(signature?.[1] ?? '').matchAll(/'([\w-]+)'/g)].map(([, name]) => name ?? '')
  }
  const requested = namesOf('setPermissionRequestHandler')
  const checked = namesOf('setPermissionCheckHandler')
  const names = [...new Set([...requested, ...checked, 'a-name-of-tomorrow', '__proto__', ''])]

  it('are read from the typings, all of them', () => {
    for (const known of [requested, checked]) {
      expect(known.length).toBeGreaterThan(20)
      expect(known).toEqual(
        expect.arrayContaining(['clipboard-read', 'media', 'openExternal', 'usb', 'unknown']),
      )
    }
  })

  const ask = (change: Partial<Parameters<typeof mayUsePermission>[0]>, mayListen = true): boolean =>
    mayUsePermission(
      { permission: 'media', origin: 'app://outpost', isMainFrame: true, media: ['audio'], ...change },
      () => mayListen,
    )

  it('gives our page the sanitised clipboard write and nothing else', () => {
    const granted = names.filter((permission) => ask({ permission }, false))
    expect(granted).toEqual(['clipboard-sanitized-write'])
  })

  it('gives it the microphone beside, and no camera, while a dictation begins', () => {
    expect(names.filter((permission) => ask({ permission }))).toEqual(['clipboard-sanitized-write', 'media'])
    for (const media of [undefined, [], ['video'], ['audio', 'video'], ['unknown'], [undefined]]) {
      expect(ask({ media }), String(media)).toBe(false)
    }
  })

  it('gives frames and other origins nothing', () => {
    for (const permission of names) {
      expect(ask({ permission, isMainFrame: false })).toBe(false)
      expect(ask({ permission, origin: 'https://outpost' })).toBe(false)
      expect(ask({ permission, origin: 'app://outpost.evil' })).toBe(false)
    }
  })
})

describe('the gate of the microphone', () => {
  it('lets one window pass once, within ten seconds', () => {
    let now = 1000
    const gate = createMicrophoneGate(() => now)
    expect(gate.pass(1)).toBe(false)
    gate.open(1)
    expect([gate.isOpen(2), gate.isOpen(undefined), gate.isOpen(1)]).toEqual([false, false, true])
    expect([gate.pass(2), gate.pass(undefined), gate.pass(1), gate.pass(1)]).toEqual([
      false,
      false,
      true,
      false,
    ])
    gate.open(1)
    now += 10_000
    expect([gate.isOpen(1), gate.pass(1)]).toEqual([false, false])
  })
})

describe('the RPC port', () => {
  const good = {
    isKnownWindow: true,
    isMainFrame: true,
    url: 'app://outpost/index.html',
    alreadyConnected: false,
  }

  it('goes to the main frame of our own page, once a load', () => {
    expect(refuseRpcSender(good)).toBeUndefined()
    expect(refuseRpcSender({ ...good, isKnownWindow: false })).toBe('unknown_window')
    expect(refuseRpcSender({ ...good, isMainFrame: false })).toBe('not_main_frame')
    expect(refuseRpcSender({ ...good, url: 'about:blank' })).toBe('foreign_page')
    expect(refuseRpcSender({ ...good, alreadyConnected: true })).toBe('already_connected')
  })
})

describe('command-line switches', () => {
  it.each([
    '--remote-debugging-port=9222',
    '--remote-debugging-pipe',
    '--inspect',
    '--inspect-brk=0',
    '--no-sandbox',
    '--disable-web-security',
    '--proxy-server=evil:1',
    '--host-rules=MAP * evil',
    '--JS-FLAGS=--expose-gc',
    '--ignore-certificate-errors',
    '--use-fake-ui-for-media-stream',
    '-inspect',
    '--inspect-wait',
    '--remote-allow-origins=*',
    '--browser-subprocess-path=/tmp/evil',
    '--utility-cmd-prefix=/tmp/evil',
    '--ssl-key-log-file=/tmp/keys',
    '--log-net-log=/tmp/log',
    '--disable-site-isolation-trials',
    '--disable-features=SitePerProcess',
    // As Chromium reads them.
    ' --no-sandbox',
    '\t--remote-debugging-port=0',
    '/no-sandbox',
    '/Proxy-Server=evil:1',
  ])('a packaged app refuses %s', (argument) => {
    expect(forbiddenSwitch(['/opt/outpost', argument])).toBe(argument)
  })

  it('lets ordinary arguments pass', () => {
    const ordinary = [
      '/opt/outpost',
      '--user-data-dir=/tmp/x',
      '--enable-logging',
      '--hidden',
      '--ozone-platform=x11',
    ]
    expect(forbiddenSwitch([...ordinary, '/home/ada/inspect/me', 'inspect'])).toBeUndefined()
  })
})

describe('window options', () => {
  const input = {
    facts: { platform: 'linux', appVersion: '1.0.0', customTitleBar: true, packaged: true },
    preload: '/preload/index.cjs',
    look: { background: '#101014', titleBar: '#101014', titleBarSymbols: '#cccccc' },
    placement: { width: 1280, height: 800 },
  } as const

  it('are exactly these, so that no key slips in unseen', () => {
    expect(windowOptions(input)).toEqual({
      width: 1280,
      height: 800,
      minWidth: 640,
      minHeight: 480,
      show: false,
      title: 'Outpost',
      backgroundColor: '#101014',
      autoHideMenuBar: true,
      titleBarStyle: 'hidden',
      titleBarOverlay: { color: '#101014', symbolColor: '#cccccc', height: 39 },
      webPreferences: {
        preload: '/preload/index.cjs',
        additionalArguments: [
          '--outpost-facts={"platform":"linux","appVersion":"1.0.0","customTitleBar":true,"packaged":true}',
        ],
        contextIsolation: true,
        sandbox: true,
        webSecurity: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webviewTag: false,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        plugins: false,
        navigateOnDragDrop: false,
        enableWebSQL: false,
        spellcheck: false,
        devTools: false,
        safeDialogs: true,
      },
    })
  })

  it('leave the frame to the system when asked', () => {
    const options = windowOptions({ ...input, facts: { ...input.facts, customTitleBar: false } })
    expect(options.titleBarStyle).toBeUndefined()
  })
})
