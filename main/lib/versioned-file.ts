/**
 * One small JSON file with a version: `{ "version": n, "data": … }`. Never trusted and never lost: a corrupt file is
 * set aside, a newer one is left alone, and both are said. Writes are atomic and one after another.
 */
import { readFile, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { createLiveValue, type LiveValue } from './live-value.ts'
import { writeFileAtomically } from './write-file-atomically.ts'

export interface VersionedFileOptions<T> {
  readonly path: string
  /** What the file holds, in words for a notice: "settings", "list of deployments". */
  readonly holds: string
  readonly version: number
  readonly schema: z.ZodType<T>
  readonly defaults: T
  /** For each older version the function that makes the next one of it. */
  readonly migrations: Readonly<Record<number, (data: unknown) => unknown>>
  /** What a change becomes that could not be written: kept until the app ends, or taken back. */
  readonly whenNotWritten: 'keep' | 'revert'
  /** Hears a sentence when the file could not be used as it was. */
  readonly onNotice: (message: string) => void
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Logger
}

export interface VersionedFile<T> {
  readonly value: LiveValue<T>
  /** Changes the value and writes it. Changes are applied in the order of the calls. @throws {FileNotWrittenError} */
  update(change: (current: T) => T): Promise<T>
  /** Resolves when all changes so far are on the disk or failed. */
  settled(): Promise<void>
}

/** The value could not be written. `message` is a sentence for the user. */
export class FileNotWrittenError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'FileNotWrittenError'
  }
}

const fileSchema = z.object({ version: z.int().min(1), data: z.unknown() })

type Loaded<T> =
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'missing' }
  /** Neither readable nor ours to replace. */
  | { readonly kind: 'untouchable'; readonly reason: string }
  | { readonly kind: 'corrupt' }

/** Opens the file; a missing one gives the defaults and is written with the first change. */
export async function openVersionedFile<T>(options: VersionedFileOptions<T>): Promise<VersionedFile<T>> {
  const loaded = await load(options)
  let readOnlyReason: string | undefined
  if (loaded.kind === 'corrupt') readOnlyReason = await setAside(options)
  if (loaded.kind === 'untouchable') {
    readOnlyReason = loaded.reason
    options.onNotice(`${loaded.reason} Until then changes last only until Outpost is closed.`)
  }
  const value = createLiveValue(loaded.kind === 'loaded' ? loaded.value : options.defaults)
  let queue: Promise<unknown> = Promise.resolve()

  const change = async (apply: (current: T) => T): Promise<T> => {
    const before = value.get()
    const next = apply(before)
    if (Object.is(next, before)) return next
    if (options.whenNotWritten === 'keep') value.set(next)
    await write(options, next, readOnlyReason)
    value.set(next)
    return next
  }
  return {
    value,
    update(apply) {
      const done = queue.then(() => change(apply))
      // The caller gets the failure; the next change goes on from what holds.
      queue = done.catch(() => undefined)
      return done
    },
    async settled() {
      await queue
    },
  }
}

async function load<T>(options: VersionedFileOptions<T>): Promise<Loaded<T>> {
  let text: string
  try {
    text = await readFile(options.path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'missing' }
    options.logger.error('A stored file cannot be read', { path: options.path, err: toError(error) })
    return {
      kind: 'untouchable',
      reason: `Outpost may not read its ${options.holds} in ${options.path}. Give your user the right to read and write that file.`,
    }
  }
  const file = fileSchema.safeParse(parseJson(text))
  if (!file.success) return { kind: 'corrupt' }
  if (file.data.version > options.version) {
    return {
      kind: 'untouchable',
      reason: `The ${options.holds} in ${options.path} were written by a newer Outpost. Update Outpost to use them.`,
    }
  }
  return migrate(options, file.data)
}

function migrate<T>(options: VersionedFileOptions<T>, file: z.output<typeof fileSchema>): Loaded<T> {
  try {
    let data = file.data
    for (let version = file.version; version < options.version; version++) {
      const step = options.migrations[version]
      if (step === undefined) return { kind: 'corrupt' }
      data = step(data)
    }
    const parsed = options.schema.safeParse(data)
    return parsed.success ? { kind: 'loaded', value: parsed.data } : { kind: 'corrupt' }
  } catch (error) {
    options.logger.warn('A stored file could not be migrated', { path: options.path, err: toError(error) })
    return { kind: 'corrupt' }
  }
}

/** Moves a file away that cannot be understood. Answers the reason why nothing may be written, if it did not move. */
async function setAside<T>(options: VersionedFileOptions<T>): Promise<string | undefined> {
  const time = new Date(options.clock.now()).toISOString().replaceAll(/[:.]/g, '-')
  const kept = join(dirname(options.path), `${basename(options.path, '.json')}.corrupt-${time}.json`)
  try {
    await rename(options.path, kept)
  } catch (error) {
    options.logger.error('A damaged file could not be set aside', { path: options.path, err: toError(error) })
    const reason = `The ${options.holds} in ${options.path} are damaged and the file cannot be moved. Move it away and start Outpost again.`
    options.onNotice(reason)
    return reason
  }
  options.logger.warn('A damaged file was set aside', { path: options.path, kept })
  options.onNotice(
    `The ${options.holds} could not be read, so Outpost started with fresh ones. The old file is kept as ${kept}.`,
  )
  return undefined
}

async function write<T>(
  options: VersionedFileOptions<T>,
  data: T,
  readOnlyReason: string | undefined,
): Promise<void> {
  if (readOnlyReason !== undefined) throw new FileNotWrittenError(readOnlyReason)
  try {
    await writeFileAtomically(
      options.path,
      `${JSON.stringify({ version: options.version, data }, null, 2)}\n`,
    )
  } catch (error) {
    options.logger.error('A stored file could not be written', { path: options.path, err: toError(error) })
    throw new FileNotWrittenError(
      `Outpost could not write its ${options.holds} to ${options.path}: ${describeWriteFailure(error)}`,
      { cause: error },
    )
  }
}

function describeWriteFailure(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full. Make room and try again.'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'the folder does not allow it. Give your user the right to write there.'
    case 'ENOENT':
      return 'the folder is gone. Start Outpost again.'
    default:
      return 'the system refused. The log has the details.'
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
