/** The command lines of all deployments: what the user set for each, and how it is with it. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CliPlace, CliSignaturePolicy, CliState } from '#bridge/contract/coder-cli'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { combineLive } from '../../lib/combine-live.ts'
import { requireSaved } from '../../lib/data-file.ts'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { SavedCli } from './coder-cli-file.ts'

export interface CliView {
  readonly chosen: string | null
  readonly signature: CliSignaturePolicy
  readonly state: CliState | null
}

export interface CoderClis {
  place(deploymentId: string): CliPlace
  of(deploymentId: string): LiveValue<CliView>
  onState(deploymentId: string, state: CliState): void
  /** False when the user left the dialog. @throws {ProcedureError} `not_saved` */
  choose(deploymentId: string): Promise<boolean>
  /** @throws {ProcedureError} `not_saved` */
  forget(deploymentId: string): Promise<void>
  /** False when the user said no. @throws {ProcedureError} `not_saved` */
  setSignature(deploymentId: string, signature: CliSignaturePolicy): Promise<boolean>
  /** For when a deployment leaves the app: settings and programs go. @throws {ProcedureError} `not_saved` */
  removeDeployment(deploymentId: string): Promise<void>
}

export interface CoderClisDeps {
  readonly file: VersionedFile<readonly SavedCli[]>
  /** Where the programs of all deployments lie, each in a folder of its own. */
  readonly folder: string
  readonly desktop: Pick<Desktop, 'ask' | 'chooseOpenPath'>
  /** The bridge has to know at once. */
  readonly onChanged: (deploymentId: string) => void
  readonly logger: Logger
}

const usual = { chosen: null, signature: 'deployment' } as const

export function createCoderClis({ file, folder, desktop, onChanged, logger }: CoderClisDeps): CoderClis {
  const states = createLiveValue<ReadonlyMap<string, CliState>>(new Map())
  const savedOf = (deploymentId: string): Omit<SavedCli, 'deploymentId'> =>
    file.value.get().find((saved) => saved.deploymentId === deploymentId) ?? usual

  const setState = (deploymentId: string, state: CliState | undefined): void => {
    const next = new Map(states.get())
    if (state === undefined) next.delete(deploymentId)
    else next.set(deploymentId, state)
    states.set(next)
  }
  const change = async (deploymentId: string, next: Partial<SavedCli> | undefined): Promise<void> => {
    await requireSaved(
      file.update((all) => [
        ...all.filter((saved) => saved.deploymentId !== deploymentId),
        ...(next === undefined ? [] : [{ ...savedOf(deploymentId), ...next, deploymentId }]),
      ]),
    )
    // What was said of the one before says nothing of the next.
    setState(deploymentId, undefined)
    onChanged(deploymentId)
  }

  return {
    place(deploymentId) {
      const { chosen, signature } = savedOf(deploymentId)
      return { folder: join(folder, deploymentId), signature, ...(chosen === null ? {} : { chosen }) }
    },
    of: (deploymentId) =>
      combineLive([file.value, states], () => {
        const { chosen, signature } = savedOf(deploymentId)
        return { chosen, signature, state: states.get().get(deploymentId) ?? null }
      }),
    onState: setState,
    async choose(deploymentId) {
      const path = await desktop.chooseOpenPath("Choose Coder's command line")
      if (path === null) return false
      await change(deploymentId, { chosen: path })
      return true
    },
    forget: (deploymentId) => change(deploymentId, { chosen: null }),
    async setSignature(deploymentId, signature) {
      if (signature === 'none' && !(await mayTrustUnchecked(desktop))) return false
      await change(deploymentId, { signature })
      return true
    },
    async removeDeployment(deploymentId) {
      await change(deploymentId, undefined)
      try {
        await rm(join(folder, deploymentId), { recursive: true, force: true })
      } catch (thrown) {
        // A program that still ends may hold it open; the deployment leaves all the same.
        logger.warn('The command line of a deployment could not be removed', { err: toError(thrown) })
      }
    },
  }
}

async function mayTrustUnchecked(desktop: Pick<Desktop, 'ask'>): Promise<boolean> {
  const answer = await desktop.ask({
    message: 'Run programs of this deployment unchecked?',
    detail:
      "Outpost then runs whatever the deployment gives as its command line, with your rights on this computer, without asking whether Coder made it. Do it only where you would run a program from the deployment's administrators.",
    buttons: ['Run them unchecked', 'Cancel'],
    cancel: 1,
  })
  return answer === 0
}
