/** The authority for HTTPS on this computer: its certificate is saved, its key is in the keychain and nowhere else. */
import type { TunnelCertificate } from '#bridge/contract/tunnels'
import type { Clock } from '#bridge/lib/clock'
import { combineLive } from '../../lib/combine-live.ts'
import { requireSaved } from '../../lib/data-file.ts'
import type { LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { Keychain } from '../keychain/keychain.ts'
import { makeAuthority, makeLeaf } from './certificate.ts'
import type { TunnelsFile } from './tunnels-file.ts'

export interface LocalAuthority {
  /** As PEM; `null` until the user agreed to one. */
  readonly certificate: LiveValue<string | null>
  /** Makes it, unless it is there. @throws {ProcedureError} `keychain_locked`, `keychain_absent`, `not_saved` */
  make(): Promise<void>
  /** A new certificate for a name below `localhost`. @throws {ProcedureError} `no_authority`, `keychain_locked`, `keychain_absent` */
  issue(name: string): Promise<TunnelCertificate>
}

/** The keychain account of the authority's key. */
export const authorityKeyAccount = 'tunnel-authority-key'

export function createLocalAuthority(deps: {
  readonly file: VersionedFile<TunnelsFile>
  readonly keychain: Pick<Keychain, 'get' | 'set'>
  /** This computer's name. */
  readonly hostName: string
  readonly clock: Pick<Clock, 'now'>
}): LocalAuthority {
  const { file, keychain, clock } = deps
  const certificate = combineLive([file.value], () => file.value.get().authority)
  return {
    certificate,
    async make() {
      if (certificate.get() !== null && (await guard(keychain.get(authorityKeyAccount))) !== null) return
      const made = makeAuthority(deps.hostName, clock.now())
      await guard(keychain.set(authorityKeyAccount, made.key))
      await requireSaved(file.update((current) => ({ ...current, authority: made.certificate })))
    },
    async issue(name) {
      const known = certificate.get()
      const key = known === null ? null : await guard(keychain.get(authorityKeyAccount))
      if (known === null || key === null)
        throw new ProcedureError(
          'no_authority',
          'There is no authority for HTTPS on this computer any more. Edit the tunnel and agree to make one.',
        )
      const leaf = makeLeaf({ certificate: known, key }, name, clock.now())
      return { chain: leaf.certificate, key: leaf.key }
    },
  }
}

async function guard<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (thrown) {
    if (!(thrown instanceof SecretsError)) throw thrown
    const [code, message] =
      thrown.code === 'locked'
        ? ['keychain_locked', 'The keychain is locked, and the key for HTTPS is in it. Unlock it.']
        : ['keychain_absent', 'There is no keychain that works, and the key for HTTPS is kept nowhere else.']
    throw new ProcedureError(code, message, { cause: thrown })
  }
}
