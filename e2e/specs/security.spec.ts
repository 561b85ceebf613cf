import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readLogs } from '../fixtures/running-outpost.ts'
import { expect, test } from '../fixtures/test.ts'
import { frame } from '../screens/frame.ts'

/** What the page tried, and how it ended. Runs in the page, so it uses nothing from outside. */
async function tryEverything(foreign: string): Promise<Record<string, string>> {
  const attempt = async (work: () => unknown): Promise<string> => {
    try {
      const result: unknown = await work()
      return result === null || result === undefined ? 'nothing' : 'got through'
    } catch (error) {
      return error instanceof Error ? error.name : String(error)
    }
  }
  const loaded = async (element: HTMLImageElement | HTMLScriptElement): Promise<unknown> =>
    new Promise((resolve, reject) => {
      element.addEventListener('load', () => {
        resolve('loaded')
      })
      element.addEventListener('error', () => {
        reject(new Error('refused'))
      })
      document.body.append(element)
    })
  return {
    fetch: await attempt(async () => fetch(foreign)),
    image: await attempt(async () => loaded(Object.assign(new Image(), { src: `${foreign}/a.png` }))),
    film: await attempt(
      async () =>
        new Promise((resolve, reject) => {
          const video = Object.assign(document.createElement('video'), { src: `${foreign}/a.webm` })
          video.addEventListener('loadedmetadata', resolve)
          video.addEventListener('error', () => {
            reject(new Error('refused'))
          })
        }),
    ),
    socket: await attempt(
      async () =>
        new Promise((resolve, reject) => {
          const socket = new WebSocket(foreign.replace('http', 'ws'))
          socket.addEventListener('open', resolve)
          socket.addEventListener('error', () => {
            reject(new Error('refused'))
          })
        }),
    ),
    beacon: await attempt(() => (navigator.sendBeacon(foreign, 'x') ? null : null)),
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, outpost/no-code-from-text -- this is what is to be refused
    eval: await attempt(() => Function('return 1')() as unknown),
    markup: await attempt(() => {
      // eslint-disable-next-line outpost/no-code-from-text -- this is what is to be refused
      document.createElement('div').innerHTML = '<b>x</b>'
      return 'set'
    }),
    worker: await attempt(async () => navigator.serviceWorker.register('/service-worker.js')),
    window: await attempt(() => window.open(foreign)),
    popup: await attempt(() => window.open('about:blank')),
    place: await attempt(
      async () =>
        new Promise((resolve, reject) => {
          navigator.geolocation.getCurrentPosition(resolve, () => {
            reject(new Error('refused'))
          })
        }),
    ),
    notification: await attempt(async () =>
      (await Notification.requestPermission()) === 'granted' ? 'granted' : null,
    ),
    clipboard: await attempt(async () => navigator.clipboard.readText()),
    microphone: await attempt(async () => navigator.mediaDevices.getUserMedia({ audio: true })),
    camera: await attempt(async () => navigator.mediaDevices.getUserMedia({ video: true })),
    screen: await attempt(async () => navigator.mediaDevices.getDisplayMedia({ video: true })),
  }
}

test('a page has one frozen way to the app, and nothing of Node', async ({ window }) => {
  const seen = await window.evaluate(() => {
    const { bridge } = globalThis as unknown as { bridge: Record<string, unknown> }
    const global = globalThis as unknown as Record<string, unknown>
    const changed = Reflect.set(bridge, 'send', () => undefined)
    return {
      keys: Object.keys(bridge).sort(),
      changed,
      frozen: Object.isFrozen(bridge) && Object.isFrozen(bridge['facts']),
      node: [
        'require',
        'process',
        'module',
        'Buffer',
        'global',
        '__dirname',
        'electron',
        'ipcRenderer',
      ].filter((name) => global[name] !== undefined),
    }
  })
  expect(seen).toEqual({
    keys: ['dropFiles', 'facts', 'onMessage', 'requestBridgePort', 'send'],
    changed: false,
    frozen: true,
    node: [],
  })
})

test('a page reaches no other place, opens no window and gets no permission', async ({
  outpost,
  problems,
  session,
}) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
    response.end('reached')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const foreign = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Each refusal below is also told on the console and as a violation; these are the ones that are wanted.
  problems.allow(/Content Security Policy|policy violation|blocked by|This document requires|Refused to/i)
  // There are a microphone and a camera to be had.
  const running = await outpost.launch(['--use-fake-device-for-media-stream'])
  const { window, application } = running
  await expect(frame(window).deployment).toHaveAccessibleName(/Connected/)

  expect(await window.evaluate(tryEverything, foreign)).toEqual({
    fetch: 'TypeError',
    image: 'Error',
    film: 'Error',
    socket: 'Error',
    beacon: 'nothing',
    eval: 'EvalError',
    markup: 'TypeError',
    worker: 'TypeError',
    window: 'nothing',
    popup: 'nothing',
    place: 'Error',
    notification: 'nothing',
    clipboard: 'NotAllowedError',
    microphone: 'NotAllowedError',
    camera: 'NotAllowedError',
    screen: 'NotAllowedError',
  })

  await test.step('every permission it could ask for is denied before anybody is asked', async () => {
    const states = await window.evaluate(async () => {
      const names = ['microphone', 'camera', 'geolocation', 'notifications', 'midi', 'clipboard-read']
      const query = async (name: string): Promise<string> =>
        (await navigator.permissions.query({ name: name as PermissionName })).state
      return Promise.all(names.map(query))
    })
    expect(new Set(states)).toEqual(new Set(['denied']))
  })

  await test.step('a frame inside it gets no bridge', async () => {
    const inFrame = await window.evaluate(async () => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      const inner = frame.contentWindow as unknown as Record<string, unknown>
      const found = inner['bridge']
      frame.remove()
      return found === undefined
    })
    expect(inFrame).toBe(true)
  })

  await test.step('it cannot leave for another address either', async () => {
    const urls = async (): Promise<readonly string[]> =>
      application.evaluate(({ webContents }) => webContents.getAllWebContents().map((one) => one.getURL()))
    const before = await urls()
    await window.evaluate((url) => {
      location.href = `${url}/away`
    }, foreign)
    const log = async (): Promise<string> => (await readLogs(session)).map(({ text }) => text).join('\n')
    await expect.poll(log).toContain(`"url":"${foreign}/away"`)
    expect(await urls()).toEqual(before)
  })

  expect(asked).toEqual([])
  expect(await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  await new Promise((resolve) => {
    server.close(resolve)
  })
})

test('every window keeps the sandbox on and Node out', async ({ outpost }) => {
  const { application, window } = await outpost.launch()
  await expect(frame(window).deployment).toBeVisible()
  const preferences = await application.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) =>
        (contents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
      ),
  )
  expect(preferences).toHaveLength(1)
  expect(preferences[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    allowRunningInsecureContent: false,
  })
})
