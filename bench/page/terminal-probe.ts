/**
 * What benchmarks do inside the app's page. Each exported function is sent there as its own text, so it uses nothing
 * outside of itself but types.
 */
import type { BridgeToWindow, WindowToBridge } from '#bridge/contract/bridge-port'
import type { Settings } from '#ipc/settings'
import type { ScreenPorts, TerminalScreen } from '../../renderer/features/terminal/screen.ts'

export interface ShellAddress {
  readonly deploymentId: string
  readonly agentId: string
}

export interface ProbeConfig {
  readonly address: ShellAddress
  readonly settings: Settings['terminal']
  readonly screenModule: string
}

/** Byte streams and screens of the benchmark's own, in the app's page. */
export interface TerminalProbe {
  /** Draws `bytes` of {@link TerminalProbe.keep} on a screen of the app, as large as the app's own: milliseconds. */
  feedDirectly(marker: string): Promise<number>
  /** Keeps the bytes to be fed. */
  keep(text: string): void
  /** Opens a shell over a byte port of its own; the app's port ends. Answers its number. */
  openShell(): Promise<number>
  type(shell: number, text: string): void
  /** Resolves when nothing came for `quietMs`. */
  settle(shell: number, quietMs: number): Promise<void>
  /** Types a key and answers the milliseconds until its echo is parsed. */
  echo(shell: number, key: string): Promise<number>
  /** Types a key and waits until the first output with `text` in it is parsed. */
  until(shell: number, key: string, text: string): Promise<Ending>
}

export interface Ending {
  readonly ms: number
  /** Of output that came after the key. */
  readonly bytes: number
}

type ProbeHost = typeof globalThis & { terminalProbe: TerminalProbe }
type PageBridge = typeof globalThis & { bridge: { requestBridgePort(nonce: string): void } }

/** Puts the probe on the page's global object. */
export async function installProbe({ address, settings, screenModule }: ProbeConfig): Promise<void> {
  const { createXtermScreen } = (await import(screenModule)) as {
    createXtermScreen: (settings: Settings['terminal'], ports: ScreenPorts) => TerminalScreen
  }
  const ports: ScreenPorts = {
    openLink: () => undefined,
    copy: () => undefined,
    readClipboard: () => Promise.resolve(''),
    mac: false,
  }
  const ackBytes = 32 * 1024
  const feedBytes = 64 * 1024
  interface Shell {
    readonly host: HTMLElement
    readonly terminalId: string
    lastOutput: number
    onParsed: () => void
    onBytes: (bytes: Uint8Array) => void
  }
  const shells: Shell[] = []
  const quiet = { onParsed: () => undefined, onBytes: () => undefined }
  let bytes = new Uint8Array()
  let port: Promise<MessagePort> | undefined

  /** Over the app's own terminal, so that it has as many columns and rows. */
  const addHost = (): HTMLElement => {
    const own = document.querySelector('.xterm')?.getBoundingClientRect()
    const host = document.createElement('div')
    const { left, top, width, height } = own ?? new DOMRect(0, 0, 800, 400)
    host.style.cssText = `position:fixed;z-index:9999;left:${String(left)}px;top:${String(top)}px;width:${String(width)}px;height:${String(height)}px`
    document.body.append(host)
    return host
  }
  const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
  const openPort = (): Promise<MessagePort> =>
    new Promise((resolve) => {
      const nonce = crypto.randomUUID()
      addEventListener('message', (event: MessageEvent<{ nonce?: unknown }>) => {
        const [given] = event.ports
        if (event.data.nonce === nonce && given !== undefined) resolve(given)
      })
      ;(globalThis as PageBridge).bridge.requestBridgePort(nonce)
    })
  const shellOf = (index: number): Shell => {
    const shell = shells[index]
    if (shell === undefined) throw new Error('There is no such shell.')
    return shell
  }
  const insert = (host: HTMLElement, text: string): void => {
    host
      .querySelector('textarea')
      ?.dispatchEvent(new InputEvent('input', { data: text, inputType: 'insertText', bubbles: true }))
  }

  ;(globalThis as ProbeHost).terminalProbe = {
    keep: (text) => {
      bytes = new TextEncoder().encode(text)
    },
    feedDirectly: async (marker) => {
      const host = addHost()
      const screen = createXtermScreen(settings, ports)
      screen.attach(host)
      await frame()
      const end = new TextEncoder().encode(marker)
      const started = performance.now()
      const inFlight: Promise<void>[] = []
      for (let at = 0; at < bytes.length; at += feedBytes) {
        inFlight.push(
          new Promise((resolve) => {
            screen.write(bytes.subarray(at, at + feedBytes), resolve)
          }),
        )
        // As much ahead as the app lets be in flight.
        if (inFlight.length >= 16) await inFlight.shift()
      }
      screen.write(end, () => undefined)
      while (!(host.querySelector('.xterm-rows')?.textContent ?? '').includes(marker)) await frame()
      const elapsed = performance.now() - started
      screen.dispose()
      host.remove()
      return elapsed
    },
    openShell: async () => {
      const bridge = await (port ??= openPort())
      const post = (message: WindowToBridge): void => bridge.postMessage(message)
      const host = addHost()
      const screen = createXtermScreen(settings, ports)
      screen.attach(host)
      const shell: Shell = { host, terminalId: crypto.randomUUID(), lastOutput: 0, ...quiet }
      const { terminalId } = shell
      let owed = 0
      screen.onInput((data) => {
        post({ type: 'input', terminalId, data })
      })
      bridge.addEventListener('message', ({ data: message }: MessageEvent<BridgeToWindow>) => {
        if (message.type !== 'data' || message.terminalId !== terminalId) return
        const { byteLength } = message.bytes
        shell.onBytes(message.bytes)
        screen.write(message.bytes, () => {
          owed += byteLength
          if (owed >= ackBytes) {
            post({ type: 'ack', terminalId, bytes: owed })
            owed = 0
          }
          shell.lastOutput = performance.now()
          shell.onParsed()
        })
      })
      bridge.start()
      post({ type: 'open', terminalId, ...address, command: '', ...screen.size() })
      return shells.push(shell) - 1
    },
    type: (index, text) => {
      insert(shellOf(index).host, text)
    },
    settle: async (index, quietMs) => {
      const shell = shellOf(index)
      while (shell.lastOutput === 0 || performance.now() - shell.lastOutput < quietMs) await frame()
    },
    echo: (index, key) =>
      new Promise((resolve) => {
        const shell = shellOf(index)
        const started = performance.now()
        shell.onParsed = () => {
          shell.onParsed = () => undefined
          resolve(performance.now() - started)
        }
        insert(shell.host, key)
      }),
    until: (index, key, text) =>
      new Promise((resolve) => {
        const shell = shellOf(index)
        const decoder = new TextDecoder()
        const started = performance.now()
        // Output comes in pieces, which need not end where the text does.
        let tail = ''
        let bytes = 0
        shell.onBytes = (piece) => {
          bytes += piece.byteLength
          tail += decoder.decode(piece, { stream: true })
          if (tail.includes(text)) {
            Object.assign(shell, quiet)
            shell.onParsed = () => {
              Object.assign(shell, quiet)
              resolve({ ms: performance.now() - started, bytes })
            }
          } else tail = tail.slice(-text.length)
        }
        insert(shell.host, key)
      }),
  }
}

/** Milliseconds from the next Enter key to the frame in which the app's terminal shows `marker`. */
export async function timeFromEnterTo(marker: string): Promise<number> {
  const started = await new Promise<number>((resolve) => {
    const take = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter') return
      removeEventListener('keydown', take, { capture: true })
      resolve(event.timeStamp)
    }
    addEventListener('keydown', take, { capture: true })
  })
  for (;;) {
    const shown = await new Promise<boolean>((resolve) => {
      requestAnimationFrame(() => {
        resolve(
          [...document.querySelectorAll('.xterm-rows')].some((rows) => rows.textContent.includes(marker)),
        )
      })
    })
    if (shown) return performance.now() - started
  }
}

/** Calls the probe that is installed in the page. */
export interface ProbePage {
  readonly terminalProbe: TerminalProbe
}
