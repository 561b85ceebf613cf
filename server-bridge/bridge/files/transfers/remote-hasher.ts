/** SHA-256 of files on the workspace, computed there: one shell that answers line by line. */
import type { Client } from 'ssh2'
import { FilesFailure } from '../files-failure.ts'
import { createSplitter, startScript, type RunningScript } from '../run-script.ts'
import { bytesOfName } from '../sftp/remote-names.ts'

/** Each line of input is a count of bytes (`-`: all) and a path in octal; each line of output a hash, or nothing. */
const script = [
  'if command -v sha256sum >/dev/null 2>&1; then s() { sha256sum; }; elif command -v shasum >/dev/null 2>&1; then s() { shasum -a 256; }; else exit 9; fi',
  'echo ready',
  `while read -r n p; do f=$(printf '%b.' "$p"); f=\${f%.}; { if [ "$n" = - ]; then s < "$f"; else head -c "$n" < "$f" | s; fi; } 2>/dev/null | cut -c1-64; echo; done`,
].join('; ')

export interface RemoteHasher {
  /** Of the first `bytes`, or all. @returns `null` where it cannot be told. */
  hash(path: string, bytes?: number): Promise<string | null>
  close(): void
}

/** @returns `null` where the workspace has no program for it, or no shell. */
export async function openRemoteHasher(ssh: Client, signal: AbortSignal): Promise<RemoteHasher | null> {
  let running: RunningScript
  const lines: string[] = []
  let wake: (() => void) | undefined
  let isOver = false
  try {
    running = await startScript(ssh, script, signal)
  } catch (thrown) {
    if (thrown instanceof FilesFailure && thrown.code === 'not_available') return null
    throw thrown
  }
  const read = async (): Promise<void> => {
    const splitter = createSplitter([0x0a], 1024)
    try {
      for await (const chunk of running.output) {
        lines.push(...splitter.push(chunk).map(String))
        wake?.()
      }
    } catch (thrown) {
      // Its end is told to whoever waits; the copy itself notices a lost connection.
      if (!(thrown instanceof FilesFailure)) throw thrown
    } finally {
      isOver = true
      wake?.()
    }
  }
  void read()
  const next = async (): Promise<string | null> => {
    for (;;) {
      const line = lines.shift()
      if (line !== undefined) return line
      if (isOver) return null
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  if ((await next()) !== 'ready') {
    running.stop()
    return null
  }
  let turn: Promise<unknown> = Promise.resolve()
  const ask = async (path: string, bytes: number | undefined): Promise<string | null> => {
    if (isOver) return null
    const octal = [...bytesOfName(path)].map((byte) => String.raw`\0${byte.toString(8).padStart(3, '0')}`)
    running.write(`${bytes === undefined ? '-' : String(bytes)} ${octal.join('')}\n`)
    let hash: string | null = null
    // The hash, where there is one, and the empty line behind it.
    for (let line = await next(); line !== null && line !== ''; line = await next()) hash = line
    return hash !== null && /^[0-9a-f]{64}$/.test(hash) ? hash : null
  }
  return {
    hash(path, bytes) {
      const answer = turn.then(() => ask(path, bytes))
      turn = answer
      return answer
    },
    close: () => {
      running.stop()
    },
  }
}
