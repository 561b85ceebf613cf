/**
 * Text of editors that is not saved yet, one file for each file of a workspace, so that neither a crash nor a lost
 * workspace loses it. In the app's data folder, readable by the OS user only.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { errorCode, toError } from '#bridge/lib/to-error'
import { recoverySchema, type Recovery } from '#ipc/files'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { writeFileAtomically } from '../../lib/write-file-atomically.ts'

const storedSchema = recoverySchema.extend({ text: z.string() })

export type RecoveryPlace = Pick<Recovery, 'deploymentId' | 'workspaceId' | 'agentName' | 'location'>

/** One of several pieces of a text, in order. */
export interface RecoveryPiece {
  readonly text: string
  readonly baseSha256: string | null
  readonly part: number
  readonly parts: number
}

export interface Recoveries {
  /** The last piece is what keeps it. */
  /** @throws {ProcedureError} `not_saved` */
  keep(place: RecoveryPlace, piece: RecoveryPiece): Promise<string>
  /** Newest first. What cannot be read is left out, and stays on the disk. */
  list(): Promise<readonly Recovery[]>
  /** @throws {ProcedureError} `not_found` */
  read(recoveryId: string): Promise<string>
  /** @throws {ProcedureError} `not_saved` */
  remove(recoveryId: string): Promise<void>
}

export function createRecoveries({
  userDataDir,
  clock,
  logger,
}: {
  readonly userDataDir: string
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Logger
}): Recoveries {
  const folder = join(userDataDir, 'recovery')
  const fileOf = (recoveryId: string): string => join(folder, `${recoveryId}.json`)
  const pieces = createPieces()
  // One write after another: two of the same file share its draft.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
  const orNotSaved = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await inTurn(work)
    } catch (thrown) {
      logger.error('A recovery copy could not be changed', { err: toError(thrown) })
      const reason = errorCode(thrown) === 'ENOSPC' ? 'The disk is full.' : 'The system did not allow it.'
      throw new ProcedureError('not_saved', `The unsaved text is not kept on this computer. ${reason}`, {
        cause: thrown,
      })
    }
  }
  const readStored = async (recoveryId: string): Promise<z.output<typeof storedSchema> | undefined> => {
    try {
      const parsed = storedSchema.safeParse(JSON.parse(await readFile(fileOf(recoveryId), 'utf8')))
      return parsed.success && parsed.data.recoveryId === recoveryId ? parsed.data : undefined
    } catch (thrown) {
      if (errorCode(thrown) !== 'ENOENT')
        logger.warn('A recovery copy cannot be read', { err: toError(thrown) })
      return undefined
    }
  }

  return {
    async keep(place, { text: piece, baseSha256, part, parts }) {
      const recoveryId = idOf(place)
      const text = pieces.add(recoveryId, piece, { part, parts })
      if (text === null) return recoveryId
      const stored = { recoveryId, ...place, savedAt: clock.now(), baseSha256, chars: text.length, text }
      await orNotSaved(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFileAtomically(fileOf(recoveryId), JSON.stringify(stored))
      })
      return recoveryId
    },
    async list() {
      const names = await readdir(folder).catch((thrown: unknown) => {
        if (errorCode(thrown) === 'ENOENT') return []
        throw thrown
      })
      const ids = names.flatMap((name) => /^([0-9a-f-]{36})\.json$/.exec(name)?.[1] ?? [])
      const stored = await Promise.all(ids.map(readStored))
      return stored
        .flatMap((one) => (one === undefined ? [] : [recoverySchema.parse(one)]))
        .toSorted((a, b) => b.savedAt - a.savedAt)
    },
    async read(recoveryId) {
      const stored = await readStored(recoveryId)
      if (stored === undefined) {
        throw new ProcedureError('not_found', 'There is no unsaved text of that file any more.')
      }
      return stored.text
    },
    remove: (recoveryId) => orNotSaved(() => rm(fileOf(recoveryId), { force: true })),
  }
}

/** Texts that are still coming; a few at a time, since each may be long. */
const maxComing = 4

/** `add` answers the whole text with its last piece, before that `null`. */
function createPieces() {
  const coming = new Map<string, string[]>()
  return {
    add(
      recoveryId: string,
      piece: string,
      { part, parts }: Pick<RecoveryPiece, 'part' | 'parts'>,
    ): string | null {
      const so = part === 0 ? [] : coming.get(recoveryId)
      coming.delete(recoveryId)
      if (so?.length !== part || part >= parts) {
        throw new ProcedureError('not_saved', 'The unsaved text came out of order, so it is not kept yet.')
      }
      so.push(piece)
      if (so.length === parts) return so.join('')
      coming.set(recoveryId, so)
      for (const old of coming.keys()) {
        if (coming.size <= maxComing) break
        coming.delete(old)
      }
      return null
    },
  }
}

/** The same for the same file: what is kept takes the place of what was. */
function idOf({ deploymentId, workspaceId, agentName, location }: RecoveryPlace): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([deploymentId, workspaceId, agentName, location]))
    .digest('hex')
  // Version 8 of RFC 9562: of our own making.
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
