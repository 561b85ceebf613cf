import { createLocalProvisioner } from '../provisioner/local-provisioner.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'

export interface HeldProvisioner {
  readonly provisioner: Provisioner
  /** Jobs that begin while this is set wait until they are let go or aborted. */
  hold: boolean
  /** What lets each waiting job go on. */
  readonly held: ReadonlySet<() => void>
  /** Lets all of them go on, and those that begin later. */
  letGo(): void
}

/** The one step of every job waits until told, so that a test can act in the middle of it. */
export function createHeldProvisioner(step: 'build' | 'importVersion'): HeldProvisioner {
  const real = createLocalProvisioner()
  const held = new Set<() => void>()
  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const go = (): void => {
        held.delete(go)
        resolve()
      }
      held.add(go)
      signal.addEventListener('abort', () => {
        held.delete(go)
        reject(signal.reason as Error)
      })
    })
  const gate: HeldProvisioner = {
    hold: false,
    held,
    letGo() {
      gate.hold = false
      for (const go of [...held]) go()
    },
    provisioner: {
      ...real,
      async build(request) {
        if (step === 'build' && gate.hold) await turn(request.signal)
        return real.build(request)
      },
      async importVersion(request) {
        if (step === 'importVersion' && gate.hold) await turn(request.signal)
        return real.importVersion(request)
      },
    },
  }
  return gate
}
