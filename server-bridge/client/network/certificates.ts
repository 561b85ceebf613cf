import type { NetworkOptions } from '../../contract/deployment-network.ts'
import { ConnectionError } from '../errors.ts'
import { CommandFailure, runCommand, type CommandSurroundings } from './run-command.ts'
import { createTlsFileReader, type TlsFiles } from './tls-files.ts'
import { expiredClientWords } from './tls-words.ts'

export interface Certificates {
  /**
   * What is to be used now; an expired client certificate was renewed before, where a command does that.
   *
   * @throws {ConnectionError} `tls` or `command`, with a sentence.
   */
  read(): Promise<TlsFiles>
  /** The server refused the client's certificate: renews it. False when there is no way, or it was just tried. */
  renew(): Promise<boolean>
  /** Of the certificate that was read last. */
  clientExpiresAt(): number | undefined
}

/** A command that was just run and did not help is not run again by every request that fails. */
const renewEveryMs = 60_000

/** The certificates of one deployment, with the command that renews them. */
export function createCertificates(
  options: Pick<NetworkOptions, 'caFile' | 'certFile' | 'keyFile' | 'refreshCommand'>,
  surroundings: CommandSurroundings,
  host: string,
): Certificates {
  const { certFile, refreshCommand } = options
  const { clock } = surroundings
  const files = createTlsFileReader(options, host)
  let lastRead: TlsFiles | undefined
  let running: Promise<boolean> | undefined
  let ranAt: number | undefined

  const run = async (): Promise<boolean> => {
    try {
      await runCommand(refreshCommand, surroundings)
      return true
    } catch (thrown) {
      if (!(thrown instanceof CommandFailure)) throw thrown
      const message = `The command that renews the client certificate ${thrown.message}`
      throw new ConnectionError({ code: 'command', host, message, cause: thrown })
    } finally {
      running = undefined
    }
  }
  const renew = async (): Promise<boolean> => {
    if (certFile === '' || refreshCommand === '') return false
    if (running !== undefined) return running
    const now = clock.now()
    if (ranAt !== undefined && now >= ranAt && now - ranAt < renewEveryMs) return false
    ranAt = now
    running = run()
    return running
  }
  const hasExpired = ({ clientExpiresAt }: TlsFiles): boolean =>
    clientExpiresAt !== undefined && clientExpiresAt <= clock.now()

  return {
    async read() {
      lastRead = await files.read()
      if (!hasExpired(lastRead)) return lastRead
      if (await renew()) lastRead = await files.read()
      if (!hasExpired(lastRead)) return lastRead
      const { clientExpiresAt } = lastRead
      const message = expiredClientWords({ certFile, clientExpiresAt, now: clock.now() })
      throw new ConnectionError({ code: 'tls', host, message })
    },
    renew,
    clientExpiresAt: () => lastRead?.clientExpiresAt,
  }
}
