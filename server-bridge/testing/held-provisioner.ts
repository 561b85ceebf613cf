import { createLocalProvisioner } from '../provisioner/local-provisioner.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'

export interface HeldProvisioner {
  readonly provisioner: Provisioner
  /** Builds that begin while this is set wait until they are let go or aborted. */
  hold: boolean
  /** What lets each waiting build go on. */
  readonly held: Set<() => void>
}

/** Builds wait until told, so that a test can act in the middle of one. */
export function createHeldProvisioner(): HeldProvisioner {
  const real = createLocalProvisioner()
  const gate: HeldProvisioner = {
    hold: false,
    held: new Set<() => void>(),
    provisioner: {
      ...real,
      async build(request) {
        if (gate.hold) {
          await new Promise<void>((resolve, reject) => {
            const go = (): void => {
              gate.held.delete(go)
              resolve()
            }
            gate.held.add(go)
            request.signal.addEventListener('abort', () => {
              gate.held.delete(go)
              reject(request.signal.reason as Error)
            })
          })
        }
        return real.build(request)
      },
    },
  }
  return gate
}
