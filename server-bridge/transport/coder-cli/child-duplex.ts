import type { ChildProcessByStdio } from 'node:child_process'
import { Duplex, type Readable, type Writable } from 'node:stream'
import { sendGathered } from '../../lib/gather-memory.ts'

/** A program that speaks over its standard streams. */
export type StdioChild = ChildProcessByStdio<Writable, Readable, Readable>

/** A program that does not end by itself when its input is closed is asked, and then made to. */
const askMs = 2_000
const forceMs = 5_000

/**
 * The standard input and output of a program as one stream, with back-pressure both ways. Destroying it ends the program.
 *
 * @param explainEnd why the program ended, for an end that nobody asked for.
 */
export function createChildDuplex(child: StdioChild, explainEnd: (code: number | null) => Error): Duplex {
  let hasExited = false
  const duplex = new Duplex({
    read() {
      child.stdout.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      child.stdin.write(chunk, done)
    },
    writev(chunks, done) {
      sendGathered(
        chunks.map(({ chunk }) => chunk as Buffer),
        (bytes, sent) => {
          child.stdin.write(bytes, sent)
        },
        done,
      )
    },
    final(done) {
      child.stdin.end(done)
    },
    destroy(error, done) {
      if (!hasExited) end(child)
      done(error)
    },
  })
  child.stdout.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) child.stdout.pause()
  })
  // The exit says more than a broken pipe.
  child.stdin.on('error', () => undefined)
  child.stdout.on('error', () => undefined)
  // `close` and not `exit`: all output has been read by then.
  child.once('close', (code) => {
    hasExited = true
    if (code !== 0) {
      duplex.destroy(explainEnd(code))
      return
    }
    // What it said is read to its end; nobody listens to what is still to be written.
    duplex.once('end', () => duplex.destroy())
    duplex.push(null)
  })
  child.once('error', (error) => {
    hasExited = true
    duplex.destroy(error)
  })
  return duplex
}

function end(child: StdioChild): void {
  child.stdin.end()
  child.stdout.resume()
  const timers = [
    setTimeout(() => child.kill('SIGTERM'), askMs),
    setTimeout(() => child.kill('SIGKILL'), forceMs),
  ]
  child.once('close', () => {
    for (const timer of timers) clearTimeout(timer)
  })
}
