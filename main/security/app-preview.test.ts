import { describe, expect, it } from 'vitest'
import { failureOfLoad, failureOfStatus } from './app-preview-failure.ts'
import { previewKey } from './app-preview-keys.ts'
import { previewPreferences } from './app-preview-options.ts'
import { withPreviewSandbox } from './app-preview-sandbox.ts'
import {
  isOfDeployment,
  mayPreviewNavigate,
  mayPreviewRequest,
  previewPath,
  previewScope,
  type PreviewScope,
} from './app-preview.ts'

const here = 'http://127.0.0.1:4000'
const web = `${here}/@ada/dev.main/apps/web/`

function scopeOf(address: string, deployment = here): PreviewScope {
  const scope = previewScope(address, deployment)
  if (scope === undefined) throw new Error(`${address} has no scope`)
  return scope
}
const path = scopeOf(`${web}?outpost_app_ticket=once`)
const host = scopeOf('http://web--dev--ada.localhost:4000/?coder_application_connect_api_key_35e783=once')
const remote = scopeOf('https://web--dev--ada.apps.coder.test/', 'https://coder.test')

describe('the scope of an app', () => {
  it('is its path on the deployment, or a host of its own', () => {
    expect([path.origin, path.prefix]).toEqual([here, '/@ada/dev.main/apps/web/'])
    expect([host.origin, host.prefix]).toEqual(['http://web--dev--ada.localhost:4000', '/'])
  })

  it.each([
    `${here}/`,
    `${here}/api/v2/users/me`,
    `${here}/@ada/dev.main/apps/web`,
    `${here}/x/@ada/dev.main/apps/web/`,
    'https://127.0.0.1:4000/@ada/dev.main/apps/web/',
    'file:///@ada/dev.main/apps/web/',
    'app://outpost/index.html',
    'http://ada:secret@web.localhost:4000/',
    '',
  ])('is none for %s', (address) => {
    expect(previewScope(address, here)).toBeUndefined()
  })
})

describe('the page itself', () => {
  it.each([web, `${web}deep/er?x=1#y`, `${web}?outpost_app_ticket=once`])('may go to %s', (address) => {
    expect(mayPreviewNavigate(path, address, true)).toBe(true)
  })

  it.each([
    here,
    `${here}/@ada/dev.main/apps/web`,
    `${here}/@ada/dev.main/apps/webby/`,
    `${here}/@ada/dev.main/apps/other/`,
    `${web}../other/`,
    `${web}%2e%2e/other/`,
    `${web}..\\other/`,
    `${here}/api/v2/users/me`,
    'http://127.0.0.1:4001/@ada/dev.main/apps/web/',
    'http://localhost:4000/@ada/dev.main/apps/web/',
    'https://127.0.0.1:4000/@ada/dev.main/apps/web/',
    'https://elsewhere.example/',
    'about:blank',
    'data:text/html,x',
    `blob:${here}/1`,
    'javascript:alert(1)',
    'file:///etc/passwd',
    'app://outpost/index.html',
    'vscode://x',
  ])('may not go to %s', (address) => {
    expect(mayPreviewNavigate(path, address, true)).toBe(false)
  })
})

it.each([
  [web, true],
  ['about:blank', true],
  ['about:srcdoc', true],
  ['data:text/html,x', true],
  [`blob:${here}/1`, true],
  ['https://elsewhere.example/', true],
  [`${here}/api/v2/users/me`, false],
  ['about:gpu', false],
  ['blob:app://outpost/1', false],
  ['file:///etc/passwd', false],
  ['app://outpost/index.html', false],
  ['chrome://gpu', false],
  ['vscode://x', false],
  ['mailto:a@b.c', false],
])('a frame inside of it to %s: %s', (address, may) => {
  expect(mayPreviewNavigate(path, address, false)).toBe(may)
})

describe('what it asks for', () => {
  it.each([`${web}main.js`, web.replace('http', 'ws'), 'https://cdn.example/x.js', 'http://localhost:9999/'])(
    'may be %s',
    (address) => {
      expect(mayPreviewRequest(path, address)).toBe(true)
    },
  )

  it.each([
    `${here}/api/v2/users/me`,
    `${here}/api/v2/buildinfo`,
    `${here}/@ada/dev.main/apps/other/`,
    `${here}//@ada/dev.main/apps/web/`,
    `${here}/%40ada/dev.main/apps/web/`,
    'ws://127.0.0.1:4000/api/v2/workspaceagents/1/pty',
    ...[
      'localhost',
      'a.localhost',
      'localhost.',
      '127.1',
      '127.8.8.8',
      '0.0.0.0',
      '0x7f.1',
      '2130706433',
    ].map((name) => `http://${name}:4000/api/v2/users/me`),
    'http://[::1]:4000/api/v2/users/me',
    'http://[::]:4000/',
    'http://[::ffff:127.0.0.1]:4000/',
    'https://localhost:4000/',
    'app://outpost/index.html',
    'file:///etc/passwd',
    'ftp://example.com/',
    'chrome://version',
    'nonsense',
  ])('may not be %s', (address) => {
    expect(mayPreviewRequest(path, address)).toBe(false)
  })

  it('is nothing of the deployment for an app with a host of its own either', () => {
    expect(mayPreviewRequest(host, 'http://web--dev--ada.localhost:4000/x')).toBe(true)
    expect(mayPreviewRequest(host, `${here}/api/v2/users/me`)).toBe(false)
    expect(mayPreviewRequest(host, 'http://other--dev--ada.localhost:4000/')).toBe(false)
    expect(mayPreviewRequest(remote, 'wss://web--dev--ada.apps.coder.test/live')).toBe(true)
    expect(mayPreviewRequest(remote, 'https://coder.test/api/v2/users/me')).toBe(false)
    expect(mayPreviewRequest(remote, 'https://coder.test.:443/api/v2/users/me')).toBe(false)
    expect(mayPreviewRequest(remote, 'https://cdn.example/')).toBe(true)
  })
})

it('tells the deployment itself from the app and from others', () => {
  expect(isOfDeployment(path, `${here}/login?redirect=x`)).toBe(true)
  expect(isOfDeployment(path, web)).toBe(false)
  expect(isOfDeployment(path, 'https://elsewhere.example/')).toBe(false)
})

it('shows the path inside of the app, without what a query may hold', () => {
  expect(previewPath(path, `${web}?outpost_app_ticket=once`)).toBe('/')
  expect(previewPath(path, `${web}prices?week=2#top`)).toBe('/prices')
  expect(previewPath(host, 'http://web--dev--ada.localhost:4000/a/b')).toBe('/a/b')
  expect(previewPath(path, 'https://elsewhere.example/secret')).toBe('/')
})

it('reads why a load failed', () => {
  expect([-3, -102, -105, -118, -7, -202, -20].map(failureOfLoad)).toEqual([
    undefined,
    'no_answer',
    'no_answer',
    'timed_out',
    'timed_out',
    'certificate',
    'failed',
  ])
  expect([200, 404, 500, 502, 504].map(failureOfStatus)).toEqual([
    undefined,
    undefined,
    undefined,
    'no_answer',
    'timed_out',
  ])
})

describe('keys in the page', () => {
  const none = { type: 'keyDown', control: false, meta: false, alt: false, shift: false }
  it.each([
    [{ key: 'F6' }, 'leave', 'leave'],
    [{ key: 'F6', control: true }, 'leave', 'page'],
    [{ key: 'F6', meta: true }, 'page', 'leave'],
    [{ key: 'F5' }, 'reload', 'reload'],
    [{ key: 'r', control: true }, 'reload', 'page'],
    [{ key: 'R', meta: true }, 'page', 'reload'],
    [{ key: 'w', control: true }, 'close', 'page'],
    [{ key: 'w', meta: true }, 'page', 'close'],
    [{ key: 'k', control: true }, 'app', 'page'],
    [{ key: 'k', meta: true }, 'page', 'app'],
    [{ key: '`', control: true }, 'app', 'app'],
    [{ key: 'ArrowLeft', alt: true }, 'back', 'page'],
    [{ key: 'ArrowRight', alt: true }, 'forward', 'page'],
    [{ key: '[', meta: true }, 'page', 'back'],
    [{ key: 'c', control: true }, 'page', 'page'],
    [{ key: 'k', control: true, alt: true }, 'page', 'page'],
    [{ key: 'w', control: true, shift: true }, 'page', 'page'],
    [{ key: 'F6', type: 'keyUp' }, 'page', 'page'],
    [{ key: 'a' }, 'page', 'page'],
  ] as const)('%o', (pressed, elsewhere, onMac) => {
    expect(previewKey({ ...none, ...pressed }, false)).toBe(elsewhere)
    expect(previewKey({ ...none, ...pressed }, true)).toBe(onMac)
  })
})

it('puts every document into a sandbox without modal windows, beside the policy it has', () => {
  const sandbox = 'sandbox allow-forms allow-popups allow-same-origin allow-scripts'
  expect(withPreviewSandbox({ 'content-type': ['text/html'] })).toEqual({
    'content-type': ['text/html'],
    'Content-Security-Policy': [sandbox],
  })
  expect(withPreviewSandbox({ 'content-security-POLICY': ["default-src 'self'"], x: ['1'] })).toEqual({
    x: ['1'],
    'Content-Security-Policy': ["default-src 'self'", sandbox],
  })
})

it('runs with exactly these options, and keeps nothing on disk', () => {
  expect(previewPreferences('app-preview-1')).toEqual({
    partition: 'app-preview-1',
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
    disableDialogs: true,
    safeDialogs: true,
    autoplayPolicy: 'document-user-activation-required',
  })
})
