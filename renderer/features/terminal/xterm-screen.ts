import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon, type ISearchOptions } from '@xterm/addon-search'
import { WebglAddon } from '@xterm/addon-webgl'
import { Terminal, type IBuffer, type ITerminalOptions } from '@xterm/xterm'
import { ignoreEndlessCounts } from '#bridge/contract/endless-counts'
import type { Settings } from '#ipc/settings'
import { cleanTitle } from './clean-title.ts'
import { createLinkProvider } from './link-provider.ts'
import { createLigatures } from './ligatures.ts'
import type { PathLink } from './path-links.ts'
import { createProgramRequests } from './program-requests.ts'
import { chooseRenderer, readGlRenderer } from './renderer-choice.ts'
import { newShellSequence } from './new-shell.ts'
import type { FindResult, ScreenPorts, TerminalScreen } from './screen.ts'
import { terminalKey } from './terminal-keys.ts'
import { readTerminalTheme } from './terminal-theme.ts'

const fontFamily = '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace'

type TerminalSettings = Settings['terminal']

/** A screen drawn by xterm. It lives in an element of its own that moves in and out of the page. */
export function createXtermScreen(settings: TerminalSettings, ports: ScreenPorts): TerminalScreen {
  const host = document.createElement('div')
  host.className = 'size-full'
  const terminal = new Terminal({
    // Decorations of the search are behind this switch.
    allowProposedApi: true,
    // It writes to the console what it cannot read, and a program may print anything.
    logLevel: 'off',
    ...optionsOf(settings),
    macOptionIsMeta: true,
    theme: readTerminalTheme(document.documentElement),
    linkHandler: {
      activate: (event, url) => openLink(event, url),
      hover: (_event, url) => hoverLink(url),
      leave: () => hoverLink(undefined),
      allowNonHttpProtocols: false,
    },
  })
  const fit = new FitAddon()
  const search = new SearchAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  ignoreEndlessCounts(terminal)

  const linkListeners = new Set<(url: string | undefined) => void>()
  const pasteListeners = new Set<(text: string) => void>()
  const findListeners = new Set<() => void>()
  const hoverLink = (url: string | undefined): void => {
    for (const listener of linkListeners) listener(url)
  }
  const openLink = (event: MouseEvent, url: string): void => {
    if (ports.mac ? event.metaKey : event.ctrlKey) ports.openLink(url)
  }
  const askFind = (): void => {
    for (const listener of findListeners) listener()
  }
  const offerPaste = (text: string): void => {
    for (const listener of pasteListeners) listener(text)
  }
  const pathListeners = new Set<(link: PathLink) => void>()
  const activatePath = (event: MouseEvent, link: PathLink): void => {
    if (!(ports.mac ? event.metaKey : event.ctrlKey)) return
    for (const listener of pathListeners) listener(link)
  }
  terminal.registerLinkProvider(
    createLinkProvider(terminal, { activate: openLink, activatePath, hover: hoverLink }),
  )
  terminal.attachCustomKeyEventHandler((event) => {
    const action = terminalKey(event, ports.mac, terminal.hasSelection())
    if (action === undefined) return true
    if (action === 'app') return false
    event.preventDefault()
    if (event.type !== 'keydown') return false
    if (action === 'copy') ports.copy(terminal.getSelection())
    else if (action === 'paste') void ports.readClipboard().then(offerPaste)
    else askFind()
    return false
  })
  // Also the middle click of X11 and the menu's paste arrive here.
  host.addEventListener(
    'paste',
    (event) => {
      event.preventDefault()
      event.stopPropagation()
      const text = event.clipboardData?.getData('text/plain') ?? ''
      // The middle click of X11 may find nothing to paste; the clipboard is not meant then.
      if (text !== '' || hasPicture(event.clipboardData)) offerPaste(text)
    },
    true,
  )

  const requests = createProgramRequests(terminal)
  const ligatures = createLigatures(terminal)
  ligatures.set(settings.ligatures)
  let current = settings
  let opened = false
  const drawing = createDrawing(terminal, () => current.renderer)

  const fitNow = (): void => {
    const size = fit.proposeDimensions()
    if (size && size.cols > 1 && size.rows > 0) terminal.resize(size.cols, size.rows)
  }
  const configure = (next: TerminalSettings): void => {
    current = next
    terminal.options = optionsOf(next)
    ligatures.set(next.ligatures)
    if (opened && host.isConnected) {
      fitNow()
      drawing.refresh()
    }
  }
  const themeWatch = new MutationObserver(() => {
    terminal.options.theme = readTerminalTheme(document.documentElement)
  })
  themeWatch.observe(document.documentElement, { attributeFilter: ['data-theme'] })

  const find = (text: string, direction: 'next' | 'previous'): FindResult | undefined => {
    if (text === '') {
      search.clearDecorations()
      return undefined
    }
    let result: FindResult | undefined
    const listening = search.onDidChangeResults(({ resultIndex, resultCount }) => {
      result = { index: resultIndex, count: resultCount }
    })
    const options = searchOptions(terminal)
    if (direction === 'next') search.findNext(text, options)
    else search.findPrevious(text, options)
    listening.dispose()
    return result
  }

  return {
    ...requests,
    write: (bytes, parsed) => terminal.write(bytes, parsed),
    // As a sequence and not by `terminal.reset()`, so that it waits for its turn behind what is being drawn.
    reset: () => terminal.write('\u001bc'),
    // Once all that came before is drawn: only then is it known which screen the dead shell left.
    startNewShell: () =>
      terminal.write('', () => terminal.write(newShellSequence(terminal.buffer.active.type))),
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    onInput: (listener) => disposer(terminal.onData(listener)),
    // xterm's event has more in it than its types say, and the bridge takes nothing it does not know.
    onResize: (listener) => disposer(terminal.onResize(({ cols, rows }) => listener({ cols, rows }))),
    onTitle: (listener) => disposer(terminal.onTitleChange((title) => listener(cleanTitle(title)))),
    onLinkHover: (listener) => added(linkListeners, listener),
    onPathOpen: (listener) => added(pathListeners, listener),
    onPaste: (listener) => added(pasteListeners, listener),
    onFind: (listener) => added(findListeners, listener),
    askFind,
    onSelect: (listener) => {
      // By the pointer: a search selects too, and must not change what was copied.
      const tell = (): void => {
        if (terminal.hasSelection()) listener(terminal.getSelection())
      }
      host.addEventListener('mouseup', tell)
      return () => host.removeEventListener('mouseup', tell)
    },
    paste: (text) => terminal.paste(text),
    wantsBracketedPaste: () => terminal.modes.bracketedPasteMode,
    selection: () => terminal.getSelection(),
    text: () => bufferText(terminal.buffer.active),
    selectAll: () => terminal.selectAll(),
    clearScrollback: () => terminal.clear(),
    find,
    endFind: () => {
      search.clearDecorations()
      terminal.focus()
    },
    focus: () => terminal.focus(),
    attach: (parent) => {
      parent.append(host)
      if (opened) terminal.refresh(0, terminal.rows - 1)
      else terminal.open(host)
      opened = true
      drawing.start()
      fitNow()
      let frame = 0
      const watch = new ResizeObserver(() => {
        cancelAnimationFrame(frame)
        frame = requestAnimationFrame(fitNow)
      })
      watch.observe(parent)
      return () => {
        watch.disconnect()
        cancelAnimationFrame(frame)
        // Another view may have taken the screen over already: the drawer comes before the page goes.
        if (host.parentElement !== parent) return
        drawing.stop()
        host.remove()
      }
    },
    configure,
    dispose: () => {
      themeWatch.disconnect()
      drawing.stop()
      terminal.dispose()
      host.remove()
    },
  }
}

function optionsOf(settings: TerminalSettings): ITerminalOptions {
  const { fontSize, scrollback, cursorBlink, cursorStyle, lineHeight } = settings
  const own = settings.fontFamily.trim()
  return {
    fontFamily: own === '' ? fontFamily : `${own}, ${fontFamily}`,
    fontSize,
    lineHeight,
    scrollback,
    cursorBlink,
    cursorStyle,
  }
}

interface Drawing {
  start(): void
  stop(): void
  refresh(): void
}

/** WebGL only while the screen is seen: a window has few contexts. A lost context falls back to elements. */
function createDrawing(terminal: Terminal, setting: () => TerminalSettings['renderer']): Drawing {
  let addon: WebglAddon | undefined
  const stop = (): void => {
    addon?.dispose()
    addon = undefined
  }
  const start = (): void => {
    if (addon || chooseRenderer(setting(), readGlRenderer(document)) === 'dom') return
    try {
      const next = new WebglAddon()
      next.onContextLoss(() => stop())
      terminal.loadAddon(next)
      addon = next
    } catch {
      // No usable WebGL after all: the elements that draw by default stay.
      addon = undefined
    }
  }
  return {
    start,
    stop,
    refresh: () => {
      stop()
      start()
    },
  }
}

function searchOptions(terminal: Terminal): ISearchOptions {
  const { yellow, brightYellow } = terminal.options.theme ?? {}
  // The search takes no transparency.
  const opaque = (colour: string | undefined): string | undefined => colour?.slice(0, 7)
  const border = opaque(yellow)
  const active = opaque(brightYellow)
  if (!border || !active) return {}
  return {
    decorations: {
      matchBorder: border,
      matchOverviewRuler: border,
      activeMatchBorder: active,
      activeMatchColorOverviewRuler: active,
    },
  }
}

/** The lines of a buffer, wrapped ones joined, without the empty ones at the end. */
function bufferText(buffer: IBuffer): string {
  let text = ''
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row)
    const continues = buffer.getLine(row + 1)?.isWrapped === true
    text += (line?.translateToString(!continues) ?? '') + (continues ? '' : '\n')
  }
  return text.replace(/\n+$/, '\n')
}

function disposer(disposable: { dispose(): void }): () => void {
  return () => disposable.dispose()
}

function added<T>(set: Set<T>, listener: T): () => void {
  set.add(listener)
  return () => void set.delete(listener)
}

const hasPicture = (data: DataTransfer | null): boolean =>
  [...(data?.items ?? [])].some(({ kind, type }) => kind === 'file' && type.startsWith('image/'))
