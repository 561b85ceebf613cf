/** Headers by a command, in the format of Coder's clients: a line `name=value` for each. */
import type { Clock } from '../../lib/clock.ts'
import { ConnectionError } from '../errors.ts'
import { CommandFailure, runCommand, type CommandSurroundings } from './run-command.ts'

export type HeaderFields = Readonly<Record<string, string>>

export interface HeaderCommand {
  /** What the command printed, for some minutes. @throws {ConnectionError} `command`, saying why. */
  headers(): Promise<HeaderFields>
  /** Somebody on the way did not accept these: the next question runs the command again. */
  refused(headers: HeaderFields): void
}

/** Commands commonly print tokens of an hour or less; asking a little early costs nothing. */
const keptForMs = 5 * 60_000

/** What carries the connection itself is not the command's to say. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Makes the source of headers of one deployment; without a command there are none. */
export function createHeaderCommand(
  command: string,
  surroundings: CommandSurroundings,
  host: string,
): HeaderCommand {
  const { clock } = surroundings
  let known: { readonly at: number; readonly fields: Promise<HeaderFields>; done?: HeaderFields } | undefined
  const run = (): Promise<HeaderFields> => {
    const started = { at: clock.now(), fields: ask(command, surroundings, host) }
    known = started
    started.fields.then(
      (done) => {
        if (known === started) known = { ...started, done }
      },
      () => {
        // A failure is not kept: the user mends the command and tries again.
        if (known === started) known = undefined
      },
    )
    return started.fields
  }
  return {
    headers() {
      if (command === '') return Promise.resolve({})
      return known === undefined || isOld(known.at, clock) ? run() : known.fields
    },
    refused(headers) {
      if (known?.done === headers) known = undefined
    },
  }
}

function isOld(at: number, clock: Clock): boolean {
  const age = clock.now() - at
  return age < 0 || age >= keptForMs
}

async function ask(command: string, surroundings: CommandSurroundings, host: string): Promise<HeaderFields> {
  try {
    return parseHeaderLines(await runCommand(command, surroundings))
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown
    throw new ConnectionError({
      code: 'command',
      host,
      message:
        `The header command ${thrown.message} Change it in the network settings of the deployment.`.replace(
          /([^.…!?]) Change/,
          '$1. Change',
        ),
      cause: thrown,
    })
  }
}

/**
 * The lines of a header command. Only the number of a bad line is told: what stands in it may be a secret.
 *
 * @throws {CommandFailure}
 */
export function parseHeaderLines(output: string): HeaderFields {
  const fields: Record<string, string> = {}
  const text = output.replace(/(?:\r?\n)+$/, '')
  if (text === '') return fields
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const at = line.indexOf('=')
    const name = line.slice(0, Math.max(at, 0))
    const value = line.slice(at + 1)
    const where = `printed something else than name=value in line ${String(index + 1)}.`
    if (at < 1 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new CommandFailure(where)
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw new CommandFailure(`printed a value in line ${String(index + 1)} that no header can carry.`)
    const lower = name.toLowerCase()
    if (ownHeaders.has(lower) || lower.startsWith('sec-websocket-'))
      throw new CommandFailure(`printed ${name}, which is not its to set.`)
    fields[name] = value
  }
  return fields
}
