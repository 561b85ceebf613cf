/** A connection from the workspace to where a tunnel leads. */
import type { ClientChannel } from 'ssh2'
import type { TunnelEnd } from '../../contract/tunnels.ts'
import { toError } from '../../lib/to-error.ts'
import { socksReplies, type SocksReply } from './socks5.ts'
import { shownName } from './shown-name.ts'
import type { OpenLink } from './workspace-link.ts'

/** The workspace did not connect. */
export class ChannelRefusedError extends Error {
  override readonly name = 'ChannelRefusedError'
  readonly reply: SocksReply
  constructor(message: string, reply: SocksReply) {
    super(message)
    this.reply = reply
  }
}

/** Who connected, as the workspace is told: never another address than this computer's own. */
const origin = { host: '127.0.0.1', port: 0 }

/** @throws {ChannelRefusedError} */
export function openChannel({ ssh }: OpenLink, target: TunnelEnd): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, channel: ClientChannel): void => {
      if (error === undefined) resolve(channel)
      else reject(explain(error, target))
    }
    try {
      if (target.kind === 'tcp') ssh.forwardOut(origin.host, origin.port, target.host, target.port, done)
      else ssh.openssh_forwardOutStreamLocal(target.path, done)
    } catch (thrown) {
      // The library throws once its stream has ended; that it is broken is told on its own.
      reject(explain(toError(thrown), target))
    }
  })
}

/** Of RFC 4254, 5.1. */
const prohibited = 1
const connectFailed = 2

function explain(error: Error, target: TunnelEnd): ChannelRefusedError {
  const reason = 'reason' in error ? error.reason : undefined
  const where =
    target.kind === 'tcp' ? `${shownName(target.host)}:${String(target.port)}` : shownName(target.path)
  if (reason === prohibited)
    return new ChannelRefusedError(
      `The workspace does not allow tunnels to ${where}. Ask the template's administrator.`,
      socksReplies.notAllowed,
    )
  if (reason === connectFailed)
    return new ChannelRefusedError(
      `Nothing answers at ${where} in the workspace. Start the program that listens there.`,
      socksReplies.refused,
    )
  return new ChannelRefusedError(`The workspace did not connect to ${where}.`, socksReplies.failed)
}
